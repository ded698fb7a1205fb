"""Jobs as people see them: given in, looked up, stopped.

How they are handed out is in `storage.queue`, what runs of them write in `storage.attempts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from engine.settings import Settings
from storage import quotas
from storage.columns import JobError, utc_now
from storage.errors import NoSuchJob
from storage.models import Job, JobEvent, Picture, Status, StopRequest, User
from storage.preferences import Preferences


async def enqueue(
    session: AsyncSession,
    *,
    user_id: int,
    chat_id: int,
    reply_to: int,
    content: Picture,
    styles: Sequence[Picture],
    settings: Settings,
    preferences: Preferences,
    title: str | None = None,
    message_id: int | None = None,
    parent_id: str | None = None,
    initial_blob: str | None = None,
    priority: int = 0,
    state_path: str | None = None,
    not_before: datetime | None = None,
) -> Job:
    """A new job that waits; its user must exist, and each picture has a file id, a blob or both.

    The pictures' positions are set here. `state_path` is a state of the parent to go on from.
    """
    for position, picture in enumerate((content, *styles)):
        picture.position = position
    job = Job(
        user_id=user_id,
        chat_id=chat_id,
        reply_to=reply_to,
        pictures=[content, *styles],
        settings=settings,
        preferences=preferences,
        title=title,
        message_id=message_id,
        parent_id=parent_id,
        initial_blob=initial_blob,
        priority=priority,
        state_path=state_path,
        not_before=not_before,
    )
    session.add(job)
    await session.flush()
    return job


async def get(session: AsyncSession, job_id: str) -> Job | None:
    """The job with its pictures, or None."""
    return await session.get(Job, job_id, populate_existing=True)


async def waiting(session: AsyncSession) -> list[Job]:
    """The jobs that wait, in the order in which one device would take them as things stand."""
    return list(await session.scalars(_in_order(select(Job))))


async def waiting_messages(session: AsyncSession) -> list[tuple[str, int]]:
    """Id and chat of the waiting jobs that have a message, in the same order."""
    columns: tuple[Any, ...] = (Job.id, Job.chat_id)
    shown = _in_order(select(*columns)).where(Job.message_id.is_not(None))
    return [(row.id, row.chat_id) for row in await session.execute(shown)]


def _in_order(query: Select[Any]) -> Select[Any]:
    # Users take turns: everybody's first job comes before anybody's second one.
    mine = Job.user_id, Job.priority
    turn = func.row_number().over(partition_by=mine, order_by=(Job.created_at, Job.id))
    came = func.min(Job.created_at).over(partition_by=mine)
    served = User.last_served_at.asc().nulls_first()
    waits = query.join(User, User.id == Job.user_id).where(Job.status == Status.TODO)
    return waits.order_by(Job.priority.desc(), turn, served, came, Job.created_at, Job.id)


async def running(session: AsyncSession) -> list[Job]:
    """The jobs that are being painted, longest first."""
    query = select(Job).where(Job.status == Status.DOING)
    return list(await session.scalars(query.order_by(Job.started_at, Job.id)))


async def place(session: AsyncSession, job_id: str) -> int:
    """How many jobs come before this one, those being painted included; 0 unless it waits."""
    before = list(await session.scalars(_in_order(select(Job.id))))
    if job_id not in before:
        return 0
    doing = select(func.count()).select_from(Job).where(Job.status == Status.DOING)
    return before.index(job_id) + (await session.scalar(doing) or 0)


async def active_of(session: AsyncSession, user_id: int) -> list[Job]:
    """The user's jobs that wait or run, oldest first."""
    return list(await session.scalars(_active().where(Job.user_id == user_id)))


async def active_in(session: AsyncSession, chat_id: int) -> list[Job]:
    """The chat's jobs that wait or run, oldest first."""
    return list(await session.scalars(_active().where(Job.chat_id == chat_id)))


def _active() -> Select[Any]:
    query = select(Job).where(Job.status.in_((Status.TODO, Status.DOING)))
    return query.order_by(Job.created_at, Job.id)


async def counts(session: AsyncSession) -> dict[Status, int]:
    """How many jobs have each status; those that none has are 0."""
    numbers = dict.fromkeys(Status, 0)
    found = await session.execute(select(Job.status, func.count()).group_by(Job.status))
    for status, number in found:
        numbers[status] = number
    return numbers


async def latest_event(session: AsyncSession, job_id: str) -> JobEvent | None:
    """What the job reported last, or None."""
    query = select(JobEvent).where(JobEvent.job_id == job_id)
    event: JobEvent | None = await session.scalar(query.order_by(JobEvent.seq.desc()).limit(1))
    return event


async def request_stop(session: AsyncSession, job_id: str, keep: bool) -> Job:
    """End a job early; a second request may turn keeping into discarding, never back.

    A job that waits is cancelled at once, unless it is to keep what an earlier attempt has painted:
    then the next attempt ends with that. A job that has ended stays as it is. Raises NoSuchJob.
    """
    query = select(Job).where(Job.id == job_id).with_for_update()
    job: Job | None = await session.scalar(query, execution_options={"populate_existing": True})
    if job is None:
        raise NoSuchJob("That job is not known any more.")
    if job.status is Status.TODO and not (keep and keepable(job)):
        job.status, job.finished_at = Status.CANCELLED, utc_now()
        await quotas.settle(session, job.id, 0)
    elif job.status in (Status.TODO, Status.DOING) and job.stop_requested is None:
        job.stop_requested = StopRequest.KEEP if keep else StopRequest.DISCARD
    elif job.status is Status.DOING and not keep:
        job.stop_requested = StopRequest.DISCARD
    await session.flush()
    return job


def keepable(job: Job) -> bool:
    """Whether an earlier attempt has left a picture that the next one could end with."""
    return job.state_path is not None and job.steps_done > 0


async def pictures_to_fetch(session: AsyncSession) -> list[Picture]:
    """The pictures of waiting jobs whose bytes are still at Telegram, the oldest job's first."""
    query = (
        select(Picture)
        .join(Job, Job.id == Picture.job_id)
        .where(Job.status == Status.TODO, Picture.blob.is_(None))
        .order_by(Job.created_at, Job.id, Picture.position)
    )
    return list(await session.scalars(query))


async def set_blob(
    session: AsyncSession,
    job_id: str,
    position: int,
    sha256: str,
    *,
    file_id: str | None = None,
    width: int | None = None,
    height: int | None = None,
) -> bool:
    """Say where a picture's bytes are, and its size in px.

    False when the picture is gone, or by now has another `file_id`.
    """
    chosen = update(Picture).where(Picture.job_id == job_id, Picture.position == position)
    if file_id is not None:
        chosen = chosen.where(Picture.file_id == file_id)
    values = {"blob": sha256, "width": width, "height": height}
    changed = await session.scalar(chosen.values(**values).returning(Picture.job_id))
    return changed is not None


async def fail_waiting(session: AsyncSession, job_id: str, error: JobError) -> Job | None:
    """Fail a job before it runs, for a bad picture; None when it does not wait any more."""
    chosen = update(Job).where(Job.id == job_id, Job.status == Status.TODO)
    values = {"status": Status.FAILED, "error": error, "finished_at": utc_now()}
    failed = await session.scalar(chosen.values(**values).returning(Job.id))
    if failed is None:
        return None
    await quotas.settle(session, job_id, 0)
    return await get(session, job_id)


async def shown_in(session: AsyncSession, chat_id: int, message_id: int) -> Job | None:
    """The job whose living message that is, or None."""
    query = select(Job).where(Job.chat_id == chat_id, Job.message_id == message_id)
    job: Job | None = await session.scalar(query.order_by(Job.created_at.desc()).limit(1))
    return job


async def show_in(session: AsyncSession, job_id: str, message_id: int) -> None:
    """Make that message the job's living one."""
    await session.execute(update(Job).where(Job.id == job_id).values(message_id=message_id))
