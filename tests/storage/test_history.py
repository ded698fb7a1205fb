"""What jobs have shown on their way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import attempts, history, jobs, queue
from storage.columns import utc_now
from storage.models import EventKind, Status

SHA256 = "f" * 64


@pytest.fixture
async def painted(db, add_job):
    """A job that has shown one preview and then some progress."""
    async with db.write() as session:
        await add_job(session)
        job = await queue.claim(session, "me", 30)
        for kind, preview in ((EventKind.PREVIEW, SHA256), (EventKind.PROGRESS, None)):
            await attempts.add_event(session, job.id, 1, kind, step=1, steps=2, preview=preview)
        return job


async def test_the_latest_preview_is_found_behind_later_progress(db, painted, add_job):
    async with db.write() as session:
        other = await add_job(session)
        assert await history.latest_preview(session, painted.id) == SHA256
        assert await history.latest_preview(session, other.id) is None


async def test_successes_come_newest_first_and_only_with_their_time(db, add_job):
    seconds = {1: 10.0, 2: None, 3: 30.0, 4: 40.0}
    async with db.write() as session:
        for user, took in seconds.items():
            await add_job(session, user)
            job = await queue.claim(session, "me", 30)
            status = Status.FAILED if user == 4 else Status.SUCCEEDED
            await attempts.finish(session, job.id, 1, status, seconds=took)
        found = await history.latest_successes(session, "gatys", 9)
        assert [job.seconds for job in found] == [30.0, 10.0]
        assert len(await history.latest_successes(session, "gatys", 1)) == 1
        assert await history.latest_successes(session, "fine", 9) == []


async def test_the_time_of_a_later_attempt_is_not_that_of_the_whole_picture(db, add_job):
    async with db.write() as session:
        await add_job(session)
        job = await queue.claim(session, "me", 30)
        await queue.give_back(session, job.id, 1)
        await queue.claim(session, "me", 30)
        assert await attempts.finish(session, job.id, 2, Status.SUCCEEDED, seconds=1.0)
        assert await history.latest_successes(session, "gatys", 9) == []


async def test_pruning_drops_events_of_ended_jobs_only(db, painted):
    async with db.write() as session:
        await history.prune(session, utc_now() + timedelta(days=1))
        assert await jobs.latest_event(session, painted.id) is not None
        await attempts.finish(session, painted.id, 1, Status.SUCCEEDED)
        await history.prune(session, datetime(2020, 1, 1, tzinfo=UTC))
        assert await jobs.latest_event(session, painted.id) is not None
        await history.prune(session, utc_now() + timedelta(days=1))
        assert await jobs.latest_event(session, painted.id) is None
        assert await jobs.get(session, painted.id) is not None


async def test_old_jobs_are_forgotten_and_those_not_ended_never(db, painted, add_job):
    async with db.write() as session:
        waiting = await add_job(session, 2)
        ended = await add_job(session, 3)
        await jobs.request_stop(session, ended.id, keep=False)
        long_after = utc_now() + timedelta(days=1)
        assert await history.drop_jobs(session, long_after - timedelta(days=2)) == []
        assert await history.drop_jobs(session, long_after) == [ended.id]
        assert await history.unknown_jobs(session, {ended.id, painted.id, waiting.id}) == {ended.id}
