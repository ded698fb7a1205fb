"""The one durable queue: jobs are claimed, given back, tried again and released.

A claim makes a job DOING, gives the attempt a number and a lease. Whoever lets the lease expire has
lost the job: the next claim counts a new attempt, and the old one is fenced (`storage.attempts`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningUpdate

from storage import quotas
from storage.attempts import held
from storage.columns import JobError, utc_now
from storage.flags import DRAINING
from storage.jobs import get, keepable
from storage.models import RUNNING_USER_INDEX, Job, Picture, Status, StopRequest, User
from storage.operation import Flag

MAX_ATTEMPTS = 3  # failed ones; an attempt that was given back does not count
MAX_LOSSES_IN_A_ROW = 2  # a job that kills two workers in a row would kill the third
LEASE_EXPIRED = JobError("lease_expired")


async def claim(
    session: AsyncSession, owner: str, lease_seconds: float, *, now: datetime | None = None
) -> Job | None:
    """Take the next job for one attempt, or None when none is ready.

    Order: priority, then the user who was served longest ago, then age. Left out are users with a
    running job, jobs with a picture that has not been fetched, and those that are to wait; all of
    them while the bot drains.
    """
    now = now or utc_now()
    job_id = await _take(session, owner, now, now + timedelta(seconds=lease_seconds))
    if job_id is None:
        return None
    job = await get(session, job_id)
    assert job is not None  # this transaction has just updated it
    await session.execute(update(User).where(User.id == job.user_id).values(last_served_at=now))
    return job


async def _take(
    session: AsyncSession, owner: str, now: datetime, lease_until: datetime
) -> str | None:
    statement = (
        update(Job)
        .where(Job.id == _next_job(now))
        .values(
            status=Status.DOING,
            attempt=Job.attempt + 1,
            lease_owner=owner,
            lease_until=lease_until,
            started_at=now,
            not_before=None,
        )
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    while True:
        try:
            return await session.run_sync(_take_or_undo, statement)
        except IntegrityError as error:
            # Only with several writers, as PostgreSQL has: another process has started a job of
            # the same user since our statement began. The next statement sees it.
            if RUNNING_USER_INDEX not in str(error.orig):
                raise


def _take_or_undo(session: Session, statement: ReturningUpdate[str]) -> str | None:
    """Run the statement in a savepoint, so that its failure leaves the session usable."""
    with session.begin_nested():
        return session.scalar(statement)


def _next_job(now: datetime) -> ScalarSelect[str]:
    other = aliased(Job)
    busy = exists().where(other.user_id == Job.user_id, other.status == Status.DOING)
    unfetched = exists().where(Picture.job_id == Job.id, Picture.blob.is_(None))
    return (
        select(Job.id)
        .join(User, User.id == Job.user_id)
        .where(Job.status == Status.TODO, or_(Job.not_before.is_(None), Job.not_before <= now))
        .where(~busy, ~unfetched, ~exists().where(Flag.name == DRAINING))
        .order_by(
            Job.priority.desc(), User.last_served_at.asc().nulls_first(), Job.created_at, Job.id
        )
        .limit(1)
        # Locking the user too keeps most claims that run at once from the same user's jobs; the
        # weaker lock (key_share) lets in those who only refer to the user.
        .with_for_update(of=(Job, User), skip_locked=True, key_share=True)
        .scalar_subquery()
    )


async def give_back(session: AsyncSession, job_id: str, attempt: int) -> bool:
    """Let another attempt go on, as at shutdown; no failure. False when the attempt is fenced."""
    job = await _lock(session, job_id, attempt)
    if job is not None:
        _requeue(job)
        await _save(session, job)
    return job is not None


async def retry_or_fail(
    session: AsyncSession,
    job_id: str,
    attempt: int,
    error: JobError,
    max_attempts: int = MAX_ATTEMPTS,
    *,
    worker_lost: bool = False,
    not_before: datetime | None = None,
) -> Job | None:
    """Count a failed attempt: the job waits for the next one, or has FAILED. None when fenced.

    `error` stays on the job, so that the next attempt can take it into account.
    """
    job = await _lock(session, job_id, attempt)
    if job is not None:
        job.losses_in_a_row = job.losses_in_a_row + 1 if worker_lost else 0
        _count_failure(job, error, max_attempts)
        job.not_before = not_before
        await _save(session, job)
    return job


async def release_expired(
    session: AsyncSession, now: datetime, max_attempts: int = MAX_ATTEMPTS
) -> list[Job]:
    """Take jobs from holders that stopped renewing; what became of each is in its status."""
    expired = select(Job).where(Job.status == Status.DOING, Job.lease_until < now)
    jobs = list(await session.scalars(expired.with_for_update(of=Job, skip_locked=True)))
    for job in jobs:
        _count_failure(job, LEASE_EXPIRED, max_attempts)
        await _save(session, job)
    return jobs


async def expire(session: AsyncSession, job: Job, now: datetime) -> None:
    """End the lease of a holder that is known to be gone, unless another one has the job by now."""
    same = *held(job.id, job.attempt), Job.lease_owner == job.lease_owner
    await session.execute(update(Job).where(*same).values(lease_until=now - timedelta(seconds=1)))


def _count_failure(job: Job, error: JobError, max_attempts: int) -> None:
    job.failures += 1
    job.error = error
    if job.failures >= max_attempts or job.losses_in_a_row >= MAX_LOSSES_IN_A_ROW:
        _leave(job, Status.FAILED)
    else:
        _requeue(job)


def _requeue(job: Job) -> None:
    """Back to the queue, unless a stop was asked for and nothing has been painted to keep."""
    stop = job.stop_requested
    discard = stop is StopRequest.DISCARD or (stop is StopRequest.KEEP and not keepable(job))
    _leave(job, Status.CANCELLED if discard else Status.TODO)


def _leave(job: Job, status: Status) -> None:
    job.status = status
    job.lease_owner = job.lease_until = None
    job.finished_at = None if status is Status.TODO else utc_now()


async def _save(session: AsyncSession, job: Job) -> None:
    """Write what became of a job that lost its holder; one that ended so costs nothing."""
    await session.flush()
    if job.status is not Status.TODO:
        await quotas.settle(session, job.id, 0)


async def _lock(session: AsyncSession, job_id: str, attempt: int) -> Job | None:
    query = select(Job).where(*held(job_id, attempt)).with_for_update(of=Job)
    job: Job | None = await session.scalar(query, execution_options={"populate_existing": True})
    return job
