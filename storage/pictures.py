"""What may still change about the pictures of a job while no attempt has begun on it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Job, Picture, Status

SWAPPED = ("file_id", "blob", "message_id")


async def reblend(session: AsyncSession, job_id: str, weights: Sequence[float]) -> bool:
    """Give a job's styles these weights, in their order; False once painting has begun."""
    job = await _untouched(session, job_id)
    if job is None:
        return False
    for style, weight in zip(job.pictures[1:], weights, strict=True):
        style.weight = weight
    await session.flush()
    return True


async def swap(session: AsyncSession, job_id: str) -> bool:
    """Make the content the style and the style the content; False once painting has begun."""
    job = await _untouched(session, job_id)
    if job is None:
        return False
    content, style = job.pictures
    for name in SWAPPED:
        mine, other = getattr(content, name), getattr(style, name)
        setattr(content, name, other)
        setattr(style, name, mine)
    await session.flush()
    return True


def swapped(job: Job) -> tuple[Picture, Picture]:
    """New pictures for a job that paints the style of this one in the style of its content."""
    content, style = job.pictures
    one, other = ({name: getattr(p, name) for name in SWAPPED} for p in (style, content))
    return Picture(**one), Picture(**other)


async def lock(session: AsyncSession, job_id: str) -> Job | None:
    """The job as it is now, which no claim and no attempt changes before the commit."""
    query = select(Job).where(Job.id == job_id).with_for_update(of=Job)
    job: Job | None = await session.scalar(query, execution_options={"populate_existing": True})
    return job


async def _untouched(session: AsyncSession, job_id: str) -> Job | None:
    """The job under a lock, unless it was ever claimed."""
    job = await lock(session, job_id)
    waits = job is not None and job.status is Status.TODO and job.attempt == 0
    return job if waits else None
