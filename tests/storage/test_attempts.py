"""What a running attempt writes, and that one which lost its job writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import attempts, jobs, queue
from storage.columns import JobError
from storage.errors import Fenced
from storage.models import EventKind, Status, StopRequest

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def held(db, add_job):
    """A job that its first attempt holds."""
    async with db.write() as session:
        await add_job(session)
        return await queue.claim(session, "me", 30, now=NOW)


@pytest.fixture
async def lost(db, held):
    """The same job, now held by its second attempt."""
    async with db.write() as session:
        await queue.release_expired(session, NOW + timedelta(hours=1))
        await queue.claim(session, "other", 30)
    return held


async def test_renewing_moves_the_lease(db, held):
    async with db.write() as session:
        assert await attempts.renew(session, held.id, 1, 60, now=NOW) is None
    async with db.read() as session:
        job = await jobs.get(session, held.id)
    assert job.lease_until == NOW + timedelta(seconds=60)


@pytest.mark.parametrize("keep", [True, False])
async def test_renewing_tells_how_to_stop(db, held, keep):
    async with db.write() as session:
        await jobs.request_stop(session, held.id, keep)
        request = await attempts.renew(session, held.id, 1, 60)
    assert request is (StopRequest.KEEP if keep else StopRequest.DISCARD)


async def test_renewing_a_lost_job_is_refused(db, lost):
    with pytest.raises(Fenced, match="does not hold"):
        async with db.write() as session:
            await attempts.renew(session, lost.id, 1, 60)


WRITES = {
    "add_event": lambda s, job: attempts.add_event(
        s, job, 1, EventKind.PROGRESS, step=99, steps=100
    ),
    "save_state": lambda s, job: attempts.save_state(s, job, 1, path="late", step=99),
    "finish": lambda s, job: attempts.finish(s, job, 1, Status.SUCCEEDED),
    "give_back": lambda s, job: queue.give_back(s, job, 1),
    "retry_or_fail": lambda s, job: queue.retry_or_fail(s, job, 1, JobError("late")),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_an_attempt_that_lost_its_job_writes_nothing(db, lost, write):
    async with db.write() as session:
        assert not await write(session, lost.id)
    async with db.read() as session:
        job = await jobs.get(session, lost.id)
        assert await jobs.latest_event(session, lost.id) is None
    assert (job.status, job.attempt, job.lease_owner) == (Status.DOING, 2, "other")
    assert (job.state_path, job.steps_done, job.error) == (None, 0, queue.LEASE_EXPIRED)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_finished_job_stays_as_it_is(db, held, write):
    async with db.write() as session:
        await attempts.finish(session, held.id, 1, Status.CANCELLED, steps_done=7)
        assert not await write(session, held.id)
        job = await jobs.get(session, held.id)
    assert (job.status, job.steps_done, job.state_path) == (Status.CANCELLED, 7, None)


async def test_events_are_numbered_and_the_latest_is_found(db, held):
    losses = {"content": 1.5, "style": 2.25, "tv": 0.0}
    async with db.write() as session:
        for step in (10, 20):
            assert await attempts.add_event(
                session, held.id, 1, EventKind.PREVIEW, step=step, steps=100, losses=losses
            )
        event = await jobs.latest_event(session, held.id)
        job = await jobs.get(session, held.id)
    assert (event.seq, event.step, event.losses, event.kind) == (2, 20, losses, EventKind.PREVIEW)
    assert job.steps_done == 20


async def test_finishing_keeps_result_and_time_and_frees_the_user(db, held, add_job):
    async with db.write() as session:
        ended = await attempts.finish(
            session, held.id, 1, Status.SUCCEEDED, result_blob="f" * 64, seconds=12.5, steps_done=9
        )
        job = await jobs.get(session, held.id)
        await add_job(session)
        assert await queue.claim(session, "me", 30) is not None
    assert ended
    assert (job.status, job.result_blob, job.seconds) == (Status.SUCCEEDED, "f" * 64, 12.5)
    assert job.lease_owner is None
    assert job.finished_at is not None


@pytest.mark.parametrize("status", [Status.TODO, Status.DOING])
async def test_a_job_cannot_finish_unfinished(db, held, status):
    async with db.write() as session:
        with pytest.raises(ValueError, match="cannot finish"):
            await attempts.finish(session, held.id, 1, status)
