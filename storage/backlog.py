"""What waits just now, and for how long: pictures, updates, calls to Telegram."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import utc_now
from storage.models import Blob, Inbox, Job, Outbox, Status


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait, and the age of the oldest in seconds, 0 without any."""

    number: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """Jobs that wait, jobs that run, updates not dealt with, calls owed; bytes of pictures kept."""

    jobs: Waiting
    running: int
    inbox: Waiting
    outbox: Waiting
    blob_bytes: int


async def gather(session: AsyncSession, now: datetime | None = None) -> Backlog:
    """The numbers as they are now."""
    now = now or utc_now()
    running = select(func.count()).select_from(Job).where(Job.status == Status.DOING)
    kept = select(func.coalesce(func.sum(Blob.size), 0))
    return Backlog(
        jobs=await _waiting(session, now, Job.created_at, Job.status == Status.TODO),
        running=await session.scalar(running) or 0,
        inbox=await _waiting(session, now, Inbox.received_at, Inbox.done_at.is_(None)),
        outbox=await _waiting(session, now, Outbox.created_at, Outbox.done_at.is_(None)),
        blob_bytes=int(await session.scalar(kept) or 0),
    )


async def _waiting(
    session: AsyncSession, now: datetime, since: Any, waits: ColumnElement[bool]
) -> Waiting:
    oldest = func.min(since, type_=since.type)
    number, moment = (await session.execute(select(func.count(), oldest).where(waits))).one()
    return Waiting(number, max(0.0, (now - moment).total_seconds()) if moment else 0.0)
