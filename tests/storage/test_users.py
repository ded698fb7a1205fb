"""People: met once, changed, undone, forgotten."""

from __future__ import annotations

from sqlalchemy import func, select

from engine.settings import Settings
from storage import (
    attempts,
    broadcasts,
    drafts,
    flags,
    inbox,
    jobs,
    outbox,
    queue,
    quotas,
    standings,
    users,
)
from storage.columns import Table
from storage.models import EventKind, Style
from storage.preferences import Preferences


async def meet(session, **more):
    given = {"language_code": "en", "settings": Settings(), "preferences": Preferences(), **more}
    return await users.get_or_create(session, 1, **given)


async def test_the_first_settings_are_for_a_new_person_only(db):
    async with db.write() as session:
        await meet(session, settings=Settings(image_size=384))
        user = await meet(session, settings=Settings(image_size=1024))
    assert user.settings.image_size == 384


async def test_a_person_who_writes_again_is_not_blocked_and_may_have_a_new_language(db):
    async with db.write() as session:
        (await meet(session)).blocked = True
    async with db.write() as session:
        user = await meet(session, language_code="ru")
    assert (user.blocked, user.language_code) == (False, "ru")


async def test_an_undo_takes_settings_and_preferences_back_and_forth(db):
    async with db.write() as session:
        user = await meet(session)
        assert not users.undo(user)
        users.change(user, settings=Settings(seed=1))
        users.change(user, preferences=Preferences(output="both"))
    async with db.write() as session:
        user = await users.get(session, 1)
        assert users.undo(user)
        assert (user.settings, user.preferences) == (Settings(seed=1), Preferences())
        assert users.undo(user)
        assert user.preferences == Preferences(output="both")


async def test_forgetting_leaves_nothing_of_a_person_and_all_of_others(db, add_job):
    async with db.write() as session:
        for user in (1, 2):
            await add_job(session, user)
            job = await queue.claim(session, "me", 30)
            await attempts.add_event(session, job.id, 1, EventKind.PROGRESS, step=1, steps=2)
            await inbox.record(session, 42, user, {}, user, None)
            await outbox.put(session, user, "sendMessage", {}, dedupe_key=f"{user}", job_id=job.id)
            await outbox.put(session, -9, "sendPhoto", {}, dedupe_key=f"g{user}", job_id=job.id)
            await drafts.put(
                session, -9, user, content_file_id="a", content_unique_id="b", message_id=1
            )
            session.add(Style(user_id=user, name="mine", file_id="a", chat_id=user))
            await broadcasts.begin(session, user, "hello")
            await quotas.charge(session, job.id, user, 60)
            await standings.ban(session, user, None)
        await flags.put(session, flags.DRAINING, on=True)
        (ours,) = await jobs.active_of(session, 1)
    async with db.write() as session:
        assert await users.forget(session, 1) == users.Forgotten([ours.id], {"f" * 64})
        assert await users.get(session, 1) is None
        sizes = {
            table.name: await session.scalar(select(func.count()).select_from(table))
            for table in Table.metadata.sorted_tables
        }
    assert sizes.pop("picture") == 2
    assert sizes.pop("outbox") == 2
    assert sizes.pop("charge") == sizes.pop("standing") == 2
    assert set(sizes.values()) == {1}
