"""Several processes on one PostgreSQL: who claims what, and nobody in another's way."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text, update

from storage import attempts, broadcasts, jobs, outbox, queue
from storage.blobs import Blobs
from storage.columns import utc_now
from storage.models import Blob, Job, Picture, Status


@pytest.fixture
def kind() -> str:
    """SQLite has one writer, so none of this."""
    return "postgresql"


async def test_a_claim_passes_over_what_another_one_has_locked(db, other, add_job):
    async with db.write() as session:
        for user_id in (1, 2):
            await add_job(session, user_id)
    async with db.write() as one, other.write() as two:
        first = await queue.claim(one, "one", 30)
        second = await queue.claim(two, "two", 30)
        assert {first.user_id, second.user_id} == {1, 2}
        assert first.id != second.id


async def test_an_order_under_way_hides_no_other_job_of_the_person(db, other, add_job):
    async with db.write() as session:
        await add_job(session, 1)
    async with other.write() as session:
        session.add(
            Job(
                user_id=1,
                chat_id=1,
                reply_to=1,
                **{
                    name: getattr(
                        await jobs.get(session, (await jobs.waiting(session))[0].id), name
                    )
                    for name in ("settings", "preferences")
                },
            )
        )
        await session.flush()  # its reference holds a lock on the person
        async with db.write() as claiming:
            assert await queue.claim(claiming, "me", 30) is not None


async def test_a_chat_s_calls_are_claimed_by_one(db, other):
    async with db.write() as session:
        for number in range(3):
            await outbox.put(session, 1, "send_text", {}, dedupe_key=f"{number}")
    async with db.write() as one, other.write() as two:
        now = utc_now()
        first = await outbox.claim_due(one, "one", 30, now, 10)
        second = await outbox.claim_due(two, "two", 30, now, 10)
    assert [row.dedupe_key for row in first] == ["0"]
    assert second == []


async def test_a_lease_is_ended_for_the_holder_that_vanished_only(db, other, add_job):
    async with db.write() as session:
        await add_job(session)
        lost = await queue.claim(session, "gone", 30)
    async with other.write() as session:
        await queue.expire(session, lost, utc_now())
        await queue.release_expired(session, utc_now())
        again = await queue.claim(session, "healthy", 30)
    async with db.write() as session:
        await queue.expire(session, lost, utc_now())
        assert await queue.release_expired(session, utc_now()) == []
        assert await attempts.renew(session, again.id, again.attempt, 30) is None


async def test_a_broadcast_is_in_the_hands_of_one(db, other, add_user):
    async with db.write() as session:
        await add_user(session, 1)
        await broadcasts.begin(session, 1, "hello")
    async with db.read() as session:
        assert await broadcasts.waiting(session)
    async with db.write() as one, other.write() as two:
        assert await broadcasts.current(one) is not None
        assert await broadcasts.current(two) is None


async def test_what_is_put_while_others_remove_it_is_there_in_the_end(db, other, add_job, tmp_path):
    blobs = Blobs(tmp_path)

    async def put_and_use(database, user_id):
        async with database.write() as session:
            blob = await blobs.put(session, b"a picture", "picture")
            await asyncio.sleep(0)
            await add_job(session, user_id, content=Picture(blob=blob))

    async def remove():
        async with other.write() as session:
            await blobs.remove_unused(session, [DIGEST])
        async with other.write() as session:
            await blobs.sweep(session, utc_now())

    async with db.write() as session:
        DIGEST = await blobs.put(session, b"a picture", "picture")  # noqa: N806
    for user_id in range(10):
        await asyncio.gather(put_and_use(db, user_id), remove(), remove())
        async with db.write() as session:
            assert await session.get(Blob, DIGEST) is not None
            assert blobs.path(DIGEST).exists()
            await session.execute(update(Job).values(status=Status.CANCELLED))
            await session.execute(text("DELETE FROM job"))
