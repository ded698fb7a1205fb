"""Where the two databases differ by themselves, and must not differ for us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from storage import broadcasts, flags, history, inbox, outbox, queue, quotas, styles, users
from storage.models import Inbox, Job, User
from storage.operation import Broadcast

FAR = 2**52  # Telegram's ids have at most 52 bits


async def test_ids_of_52_bits_are_kept(db, add_job):
    async with db.write() as session:
        job = await add_job(session, FAR, chat_id=-FAR)
        assert await inbox.record(session, FAR, FAR, {}, -FAR)
        assert await session.scalar(select(Job.chat_id)) == -FAR
        assert (await users.get(session, FAR)).id == job.user_id


@pytest.mark.parametrize("words", ["\ud83d", "a\x00b", "🎨", "\u2028", '"\\'])
async def test_whatever_stands_in_an_update_comes_back(db, words):
    async with db.write() as session:
        await inbox.record(session, 1, 1, {"text": words}, 1)
    async with db.read() as session:
        assert (await session.scalars(select(Inbox))).one().payload == {"text": words}


async def test_capitals_make_another_name(db, add_user):
    async with db.write() as session:
        await add_user(session, 1)
        for name in ("monet", "Monet", "ÉTÉ", "été"):
            assert await styles.save(session, 1, name, chat_id=1, file_id="f") is not None
        assert await styles.save(session, 1, "monet", chat_id=1, file_id="f") is None


async def test_capitals_are_no_part_of_a_broadcast_s_count(db, add_user):
    async with db.write() as session:
        await add_user(session, 1)
        await broadcasts.begin(session, 1, "hello")
        row = await broadcasts.current(session)
        await broadcasts.put_some(session, row, 10)
        await outbox.put(session, 2, "send_text", {}, dedupe_key=f"broadcast:{row.id}0:1")
        assert (await broadcasts.counts(session, row)).open == 1
        assert isinstance(row, Broadcast)


async def test_a_truth_is_one_and_selects(db, add_user):
    async with db.write() as session:
        (await add_user(session, 1)).blocked = True
        await add_user(session, 2)
    async with db.read() as session:
        assert list(await session.scalars(select(User.id).where(User.blocked))) == [1]
        assert list(await session.scalars(select(User.id).where(~User.blocked))) == [2]
        assert (await users.get(session, 1)).blocked is True


async def test_times_keep_their_microseconds_and_their_order(db, add_job):
    moment = datetime(2026, 3, 29, 1, 59, 59, 999_999, tzinfo=UTC)
    async with db.write() as session:
        for step in range(3):
            await add_job(session, step + 1, not_before=moment + timedelta(microseconds=step))
        later = select(Job.user_id).where(Job.not_before > moment).order_by(Job.not_before)
        assert list(await session.scalars(later)) == [2, 3]
        found = list(await session.scalars(select(Job.not_before).order_by(Job.not_before)))
    assert found == [moment + timedelta(microseconds=step) for step in range(3)]


async def test_the_zone_of_a_session_changes_no_time(db, add_job):
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
    async with db.write() as session:
        if session.get_bind().dialect.name == "postgresql":
            await session.execute(text("SET LOCAL TimeZone = 'Asia/Tokyo'"))
        job = await add_job(session, not_before=moment)
        await session.refresh(job)
        assert job.not_before == moment
        assert job.not_before.tzinfo is UTC


async def test_a_day_is_one_of_utc(db, add_user):
    day = datetime(2026, 1, 1, tzinfo=UTC).date()
    async with db.write() as session:
        await add_user(session, 1)
        await quotas.charge(session, "a", 1, 1.25, day=day)
        await quotas.charge(session, "b", 1, 2.5, day=day + timedelta(days=1))
        assert await quotas.spent(session, 1, day) == 1.25
        assert await quotas.spent(session, 2, day) == 0.0


async def test_a_recipe_is_found_inside_its_snapshot(db, add_job):
    async with db.write() as session:
        job = await add_job(session)
        await session.execute(
            text(
                "UPDATE job SET status = 'SUCCEEDED', seconds = 1, attempt = 1, finished_at = :at"
            ),
            {"at": "2026-01-01 00:00:00.000000+00:00"[: 26 if is_sqlite(session) else 32]},
        )
        assert [one.id for one in await history.latest_successes(session, "gatys", 9)] == (
            [job.id] if job.settings.recipe == "gatys" else []
        )
        found = await history.latest_successes(session, job.settings.recipe, 9)
        assert [one.id for one in found] == [job.id]


def is_sqlite(session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


async def test_a_switch_is_turned_once(db):
    async with db.write() as session:
        assert await flags.put(session, "draining", on=True)
        assert not await flags.put(session, "draining", on=True)
        assert await flags.put(session, "draining", on=False)
        assert not await flags.is_on(session, "draining")


async def test_people_who_were_never_served_come_first(db, add_job):
    async with db.write() as session:
        for user_id in (1, 2, 1):
            await add_job(session, user_id)
        first = await queue.claim(session, "me", 30)
        second = await queue.claim(session, "me", 30)
    assert (first.user_id, second.user_id) == (1, 2)
