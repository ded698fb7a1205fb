"""What an attempt at a job writes while it holds it.

An attempt holds a job while the job is DOING with that attempt's number. Every write asks for both,
so that an attempt that lost its job meanwhile writes nothing (fencing token: Kleppmann, Designing
Data-Intensive Applications, 2017, chapter 8).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import quotas
from storage.columns import JobError, utc_now
from storage.errors import Fenced
from storage.models import EventKind, Job, JobEvent, Status, StopRequest


def held(job_id: str, attempt: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which that attempt still holds the job."""
    return Job.id == job_id, Job.attempt == attempt, Job.status == Status.DOING


async def renew(
    session: AsyncSession,
    job_id: str,
    attempt: int,
    lease_seconds: float,
    *,
    now: datetime | None = None,
) -> StopRequest | None:
    """Hold the job for longer; the answer is how it is to stop, or None to go on.

    Raises Fenced when the attempt has lost the job, which may also have been erased.
    """
    until = (now or utc_now()) + timedelta(seconds=lease_seconds)
    longer = update(Job).where(*held(job_id, attempt)).values(lease_until=until)
    row = (await session.execute(longer.returning(Job.stop_requested))).one_or_none()
    if row is None:
        raise Fenced(f"Attempt {attempt} does not hold job {job_id} any more.")
    request: StopRequest | None = row.stop_requested
    return request


async def add_event(
    session: AsyncSession,
    job_id: str,
    attempt: int,
    kind: EventKind,
    *,
    step: int,
    steps: int,
    losses: dict[str, float] | None = None,
    preview: str | None = None,
    seconds_left: float | None = None,
) -> bool:
    """Write down what the attempt reports, in the next number; False when it is fenced."""
    if not await _write(session, job_id, attempt, steps_done=step):
        return False
    last = select(func.coalesce(func.max(JobEvent.seq), 0)).where(JobEvent.job_id == job_id)
    values = {
        "job_id": job_id,
        "seq": last.scalar_subquery() + literal(1),
        "kind": kind,
        "step": step,
        "steps": steps,
        "losses": losses,
        "preview": preview,
        "seconds_left": seconds_left,
    }
    await session.execute(insert(JobEvent).values(**values))
    return True


async def save_state(
    session: AsyncSession, job_id: str, attempt: int, *, path: str, step: int
) -> bool:
    """Note the state that the next attempt resumes from; False when the attempt is fenced."""
    values = {"state_path": path, "steps_done": step, "losses_in_a_row": 0}
    return await _write(session, job_id, attempt, **values)


async def finish(
    session: AsyncSession,
    job_id: str,
    attempt: int,
    status: Status,
    *,
    result_blob: str | None = None,
    painted_blob: str | None = None,
    error: JobError | None = None,
    seconds: float | None = None,
    steps_done: int | None = None,
) -> bool:
    """End the job as SUCCEEDED, FAILED or CANCELLED; False when the attempt is fenced.

    `painted_blob` is the result before it got the photo's colours, if it did.
    """
    if status in (Status.TODO, Status.DOING):
        raise ValueError(f"a job cannot finish as {status}")
    values: dict[str, Any] = {"status": status, "result_blob": result_blob, "error": error}
    values |= {"other_blob": painted_blob, "keeps_colors": painted_blob is not None}
    if steps_done is not None:
        values["steps_done"] = steps_done
    ended = {"seconds": seconds, "finished_at": utc_now(), "lease_owner": None, "lease_until": None}
    if not await _write(session, job_id, attempt, **values, **ended):
        return False
    await _settle(session, job_id, status, seconds)
    return True


async def _settle(
    session: AsyncSession, job_id: str, status: Status, seconds: float | None
) -> None:
    """Charge what the job took: nothing when it failed, its time so far when it was cancelled."""
    if status is Status.FAILED:
        seconds = 0.0
    elif status is Status.CANCELLED and seconds is None:
        row = await session.execute(select(Job.started_at).where(Job.id == job_id))
        started = row.scalar_one()
        seconds = (utc_now() - started).total_seconds() if started else 0.0
    if seconds is not None:
        await quotas.settle(session, job_id, seconds)


async def _write(session: AsyncSession, job_id: str, attempt: int, **values: Any) -> bool:
    write = update(Job).where(*held(job_id, attempt)).values(**values)
    return await session.scalar(write.returning(Job.id)) is not None
