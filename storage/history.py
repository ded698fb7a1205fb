"""What jobs have shown on their way, and how long those before them took."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Job, JobEvent, Status


async def latest_preview(session: AsyncSession, job_id: str) -> str | None:
    """The blob of the last picture that the job has shown, or None."""
    query = select(JobEvent.preview).where(JobEvent.job_id == job_id, JobEvent.preview.is_not(None))
    preview: str | None = await session.scalar(query.order_by(JobEvent.seq.desc()).limit(1))
    return preview


async def latest_successes(session: AsyncSession, recipe: str | None, limit: int) -> list[Job]:
    """The pictures finished last, newest first, each in one attempt of known time.

    Those of one recipe, or of any when it is None.
    """
    query = select(Job).where(Job.status == Status.SUCCEEDED, Job.seconds.is_not(None))
    query = query.where(Job.attempt == 1)
    if recipe is not None:
        query = query.where(Job.settings["recipe"].as_string() == recipe)
    return list(await session.scalars(query.order_by(Job.finished_at.desc()).limit(limit)))


async def prune(session: AsyncSession, before: datetime) -> None:
    """Drop what jobs showed on their way that ended before that moment; results stay.

    The previews' files go with the next `Blobs.sweep`.
    """
    ended = select(Job.id).where(Job.finished_at < before)
    await session.execute(delete(JobEvent).where(JobEvent.job_id.in_(ended)))


async def drop_jobs(session: AsyncSession, before: datetime) -> list[str]:
    """Forget the jobs that ended before that moment; their ids, for their folders.

    Their pictures go with the next `Blobs.sweep`.
    """
    old = delete(Job).where(Job.finished_at < before).returning(Job.id)
    return list(await session.scalars(old))


async def unknown_jobs(session: AsyncSession, ids: Collection[str]) -> set[str]:
    """Those of the ids that belong to no job any more."""
    known = await session.scalars(select(Job.id).where(Job.id.in_(ids)))
    return set(ids) - set(known)
