"""What waits, and for how long."""

from __future__ import annotations

from datetime import timedelta

from storage import backlog, inbox, outbox, queue
from storage.backlog import Waiting
from storage.columns import utc_now
from storage.models import Blob


async def test_an_empty_database_has_nothing_waiting(db):
    async with db.read() as session:
        found = await backlog.gather(session)
    assert found.jobs == found.inbox == found.outbox == Waiting(0, 0.0)
    assert found.running == found.blob_bytes == 0


async def test_the_oldest_of_each_gives_its_age_and_what_is_done_does_not(db, add_job):
    now = utc_now()
    async with db.write() as session:
        for user, age in ((1, 40), (2, 30), (3, 20)):
            job = await add_job(session, user)
            job.created_at = now - timedelta(seconds=age)
        await session.flush()
        await queue.claim(session, "me", 30)
        for number in (1, 2):
            await inbox.record(session, 7, number, {}, 1)
            await outbox.put(session, number, "send_text", {}, dedupe_key=str(number))
        (row, _) = await inbox.pending(session, 7)
        await inbox.finish(session, [row])
        (call,) = await outbox.claim_due(session, "me", 30, utc_now(), 1)
        await outbox.sent(session, call.id, 5)
        session.add(Blob(sha256="e" * 64, size=99, kind="picture"))
    async with db.read() as session:
        found = await backlog.gather(session, now + timedelta(seconds=60))
    assert found.jobs == Waiting(2, 90.0)
    assert found.running == 1
    assert (found.inbox.number, found.outbox.number) == (1, 1)
    assert 55 < found.inbox.oldest_seconds <= 60
    assert 55 < found.outbox.oldest_seconds <= 60
    assert found.blob_bytes == 100
