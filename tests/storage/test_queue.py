"""Claims, leases and what becomes of a job that its holder lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from storage import attempts, flags, jobs, queue
from storage.columns import JobError
from storage.inserts import insert_new
from storage.models import Blob, Job, Status, StopRequest

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CRASH = JobError("crash", {"step": 3})


async def test_an_empty_queue_gives_nothing(db):
    async with db.write() as session:
        assert await queue.claim(session, "me", 30) is None


async def test_a_claimed_job_is_held_by_the_lease_of_its_first_attempt(db, add_job):
    async with db.write() as session:
        added = await add_job(session)
        job = await queue.claim(session, "me", 30, now=NOW)
    assert job is not None
    assert (job.id, job.status, job.attempt) == (added.id, Status.DOING, 1)
    assert (job.lease_owner, job.lease_until) == ("me", NOW + timedelta(seconds=30))
    assert [picture.blob for picture in job.pictures] == ["f" * 64] * 2


async def test_higher_priority_goes_first(db, add_job):
    async with db.write() as session:
        await add_job(session, 1)
        urgent = await add_job(session, 2, priority=1)
        assert (await queue.claim(session, "me", 30)).id == urgent.id


async def test_users_take_turns(db, add_job):
    async with db.write() as session:
        for user in (1, 1, 1, 2, 3):
            await add_job(session, user)
    order = []
    for second in range(5):
        async with db.write() as session:
            job = await queue.claim(session, "me", 30, now=NOW + timedelta(seconds=second))
            await attempts.finish(session, job.id, job.attempt, Status.SUCCEEDED)
        order.append(job.user_id)
    assert order == [1, 2, 3, 1, 1]


async def test_a_user_has_one_running_job(db, add_job):
    async with db.write() as session:
        await add_job(session)
        await add_job(session)
        assert await queue.claim(session, "me", 30) is not None
        assert await queue.claim(session, "me", 30) is None


async def test_a_job_waits_for_the_bytes_of_all_its_pictures(db, add_job):
    async with db.write() as session:
        job = await add_job(session, fetched=False)
        await insert_new(session, Blob, sha256="f" * 64, size=1, kind="picture")
        for position in (0, 1):
            missing = await jobs.pictures_to_fetch(session)
            assert [p.position for p in missing] == [0, 1][position:]
            assert await queue.claim(session, "me", 30) is None
            await jobs.set_blob(session, job.id, position, "f" * 64)
        assert (await queue.claim(session, "me", 30)).id == job.id


async def test_a_job_waits_for_its_time(db, add_job):
    async with db.write() as session:
        await add_job(session, not_before=LATER)
        assert await queue.claim(session, "me", 30, now=NOW) is None
        assert await queue.claim(session, "me", 30, now=LATER) is not None


async def test_a_job_given_back_goes_on_and_has_not_failed(db, add_job):
    async with db.write() as session:
        await add_job(session)
        for attempt in range(1, 6):
            job = await queue.claim(session, "me", 30)
            assert (job.attempt, job.failures) == (attempt, 0)
            assert await queue.give_back(session, job.id, attempt)


async def test_the_third_failed_attempt_is_the_last(db, add_job):
    async with db.write() as session:
        await add_job(session)
        seen = []
        for _ in range(3):
            job = await queue.claim(session, "me", 30)
            job = await queue.retry_or_fail(session, job.id, job.attempt, CRASH)
            seen.append(job.status)
        assert seen == [Status.TODO, Status.TODO, Status.FAILED]
        assert job.error == CRASH
        assert await queue.claim(session, "me", 30) is None


async def test_a_job_that_kills_two_workers_in_a_row_is_not_tried_again(db, add_job):
    async with db.write() as session:
        await add_job(session)
        for _ in range(2):
            job = await queue.claim(session, "me", 30)
            job = await queue.retry_or_fail(session, job.id, job.attempt, CRASH, worker_lost=True)
    assert job.status is Status.FAILED


async def test_a_state_between_two_losses_earns_another_attempt(db, add_job):
    async with db.write() as session:
        await add_job(session)
        for step in (10, 20):
            job = await queue.claim(session, "me", 30)
            await attempts.save_state(session, job.id, job.attempt, path="state", step=step)
            job = await queue.retry_or_fail(session, job.id, job.attempt, CRASH, worker_lost=True)
    assert job.status is Status.TODO


async def test_a_retry_can_be_put_off(db, add_job):
    async with db.write() as session:
        await add_job(session)
        job = await queue.claim(session, "me", 30)
        await queue.retry_or_fail(session, job.id, job.attempt, CRASH, not_before=LATER)
        assert await queue.claim(session, "me", 30, now=NOW) is None
        assert await queue.claim(session, "me", 30, now=LATER) is not None


async def test_only_expired_leases_are_released(db, add_job):
    async with db.write() as session:
        await add_job(session, 1)
        await add_job(session, 2)
        lost = await queue.claim(session, "me", 30, now=NOW)
        await queue.claim(session, "me", 90, now=NOW)
        released = await queue.release_expired(session, NOW + timedelta(seconds=60))
    assert [(job.id, job.status, job.error) for job in released] == [
        (lost.id, Status.TODO, queue.LEASE_EXPIRED)
    ]


async def test_a_lease_that_expires_for_the_third_time_fails_the_job(db, add_job):
    async with db.write() as session:
        await add_job(session)
        for _ in range(3):
            await queue.claim(session, "me", 30, now=NOW)
            (job,) = await queue.release_expired(session, LATER)
    assert (job.status, job.failures) == (Status.FAILED, 3)
    assert job.finished_at is not None


@pytest.mark.parametrize(
    ("keep", "state", "outcome"),
    [
        (False, "state", Status.CANCELLED),
        (True, None, Status.CANCELLED),
        (True, "state", Status.TODO),
    ],
)
async def test_a_stop_outlives_the_worker_that_was_to_heed_it(db, add_job, keep, state, outcome):
    async with db.write() as session:
        await add_job(session)
        job = await queue.claim(session, "me", 30, now=NOW)
        if state:
            await attempts.save_state(session, job.id, job.attempt, path=state, step=5)
        await jobs.request_stop(session, job.id, keep=keep)
        (job,) = await queue.release_expired(session, LATER)
    assert job.status is outcome
    assert job.stop_requested is (StopRequest.KEEP if keep else StopRequest.DISCARD)


async def test_the_database_itself_refuses_two_running_jobs_of_a_user(db, add_job):
    async with db.write() as session:
        await add_job(session)
        await add_job(session)
        with pytest.raises(IntegrityError, match=r"UNIQUE|uq_job_running_user"):
            await session.execute(update(Job).values(status=Status.DOING))


async def test_a_bot_that_drains_gives_out_no_job(db, add_job):
    async with db.write() as session:
        await add_job(session)
        assert await flags.put(session, flags.DRAINING, on=True)
        assert await queue.claim(session, "me", 30) is None
        assert await flags.put(session, flags.DRAINING, on=False)
        assert await queue.claim(session, "me", 30) is not None
