"""A day's allowance: charged ahead, set right at the end, given back, never overdrawn."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime, timedelta

import pytest

from storage import attempts, jobs, queue, quotas, standings, users
from storage.columns import JobError
from storage.models import Status

ERROR = JobError("crash")
LIMIT = 600.0  # seconds

ORDER_WHILE_THERE_IS_TIME = """
    import asyncio, sys
    from storage import quotas
    from storage.database import Database

    async def main():
        database = Database(sys.argv[1])
        for number in range(20):
            async with database.write() as session:
                await quotas.lock(session, 1)
                spent = await quotas.spent(session, 1)
                await asyncio.sleep(0.002)  # time for the others to come in between
                if spent + 60 <= 600:
                    await quotas.charge(session, f"{sys.argv[2]}-{number}", 1, 60)
                    print("taken")
        await database.close()

    asyncio.run(main())
"""


def start(code, *arguments):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments], text=True, **pipes
    )


@pytest.fixture
def charged(add_job):
    """Add a job that is charged with a minute."""

    async def add(session, user_id=1):
        job = await add_job(session, user_id)
        await quotas.charge(session, job.id, user_id, 60)
        return job

    return add


async def test_three_processes_at_once_take_what_there_is_and_no_more(db, url, add_user):
    async with db.write() as session:
        await add_user(session)
    processes = [start(ORDER_WHILE_THERE_IS_TIME, url, str(number)) for number in range(3)]
    answers = [await asyncio.to_thread(process.communicate) for process in processes]
    assert [errors for _, errors in answers] == [""] * 3
    assert sum(output.count("taken") for output, _ in answers) == 10
    async with db.read() as session:
        assert await quotas.spent(session, 1) == LIMIT


async def test_a_painted_picture_costs_what_it_took(db, charged):
    async with db.write() as session:
        await charged(session)
        job = await queue.claim(session, "me", 30)
        assert await quotas.spent(session, 1) == 60
        await attempts.finish(session, job.id, 1, Status.SUCCEEDED, seconds=72.5)
        assert await quotas.spent(session, 1) == 72.5


async def test_a_late_attempt_changes_no_charge(db, charged):
    async with db.write() as session:
        await charged(session)
        job = await queue.claim(session, "me", 30)
        assert not await attempts.finish(session, job.id, 9, Status.SUCCEEDED, seconds=1)
        assert await quotas.spent(session, 1) == 60


async def test_a_picture_cancelled_while_it_runs_costs_the_time_so_far(db, charged):
    async with db.write() as session:
        await charged(session)
        started = datetime.now(UTC) - timedelta(seconds=20)
        job = await queue.claim(session, "me", 3600, now=started)
        await attempts.finish(session, job.id, 1, Status.CANCELLED)
        assert await quotas.spent(session, 1) == pytest.approx(20, abs=5)


async def test_a_picture_cancelled_before_it_runs_costs_nothing(db, charged):
    async with db.write() as session:
        job = await charged(session)
        await charged(session)
        await jobs.request_stop(session, job.id, keep=False)
        assert await quotas.spent(session, 1) == 60


async def test_a_failed_picture_costs_nothing(db, charged):
    async with db.write() as session:
        for user in (1, 2, 3, 4):
            await charged(session, user)
        await jobs.fail_waiting(session, (await jobs.active_of(session, 4))[0].id, ERROR)
        for _ in range(3):
            job = await queue.claim(session, "me", 30)
            match job.user_id:
                case 1:
                    await attempts.finish(session, job.id, 1, Status.FAILED, error=ERROR)
                case 2:
                    await queue.retry_or_fail(session, job.id, 1, ERROR, max_attempts=1)
        await queue.release_expired(session, datetime.now(UTC) + timedelta(hours=1), 1)
        assert [await quotas.spent(session, user) for user in (1, 2, 3, 4)] == [0] * 4


async def test_a_picture_that_is_tried_again_stays_charged(db, charged):
    async with db.write() as session:
        await charged(session)
        job = await queue.claim(session, "me", 30)
        await queue.retry_or_fail(session, job.id, 1, ERROR)
        job = await queue.claim(session, "me", 30)
        await queue.give_back(session, job.id, 2)
        assert await quotas.spent(session, 1) == 60


async def test_a_new_day_begins_with_nothing_spent(db, charged):
    yesterday = quotas.today() - timedelta(days=1)
    async with db.write() as session:
        await quotas.charge(session, "yesterday's", 1, 60, day=yesterday)
        assert await quotas.spent(session, 1) == 0
        assert await quotas.spent(session, 1, yesterday) == 60
        await charged(session)
        await quotas.prune(session)
        assert await quotas.spent(session, 1, yesterday) == 0
        assert await quotas.spent(session, 1) == 60


async def test_a_person_who_is_forgotten_gets_no_second_allowance(db, charged):
    async with db.write() as session:
        await charged(session)
        await users.forget(session, 1)
        assert await quotas.spent(session, 1) == 60


def test_the_day_ends_at_midnight_in_utc():
    late = datetime(2026, 1, 1, 22, 30, tzinfo=UTC)
    assert quotas.today(late) == date(2026, 1, 1)
    assert quotas.seconds_to_reset(late) == 5400


async def test_the_operator_may_give_a_person_another_number_of_minutes(db):
    async with db.write() as session:
        assert await standings.quota_minutes(session, 1, 20) == 20
        await standings.set_quota(session, 1, 45)
        assert await standings.quota_minutes(session, 1, 20) == 45
        await standings.ban(session, 1, "rude")
        await standings.set_quota(session, 1, None)
        assert await standings.quota_minutes(session, 1, 20) == 20
        assert await standings.is_banned(session, 1)
        assert await standings.unban(session, 1)
        assert await standings.get(session, 1) is None
        assert not await standings.unban(session, 1)
