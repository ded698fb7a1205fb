"""How much of a day's allowance a person has used, in seconds of a device.

A job is charged with its estimate in the commit that enqueues it, and with what it really took in
the one that ends it; one that failed, or was cancelled before it ran, costs nothing. A day is one
of UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import utc_now
from storage.models import User
from storage.operation import Charge


async def lock(session: AsyncSession, user_id: int) -> None:
    """Let one transaction at a time decide on a person's allowance and places in the queue.

    SQLite lets in one writer at a time anyway.
    """
    await session.execute(select(User.id).where(User.id == user_id).with_for_update())


async def spent(session: AsyncSession, user_id: int, day: date | None = None) -> float:
    """The seconds that a person's jobs of that day took or are expected to take; today's if None.

    Call `lock` before when a charge depends on the answer.
    """
    mine = Charge.user_id == user_id, Charge.day == (day or today())
    return await session.scalar(select(func.sum(Charge.seconds)).where(*mine)) or 0.0


async def charge(
    session: AsyncSession, job_id: str, user_id: int, seconds: float, *, day: date | None = None
) -> None:
    """Take so many seconds of a person's allowance for a job, of today's if `day` is None."""
    session.add(Charge(job_id=job_id, user_id=user_id, day=day or today(), seconds=seconds))
    await session.flush()


async def settle(session: AsyncSession, job_id: str, seconds: float) -> None:
    """Put the truth in place of the estimate; 0 gives everything back."""
    job = update(Charge).where(Charge.job_id == job_id)
    await session.execute(job.values(seconds=max(0.0, seconds)))


async def prune(session: AsyncSession) -> None:
    """Drop what was charged on days that are over."""
    await session.execute(delete(Charge).where(Charge.day < today()))


def today(now: datetime | None = None) -> date:
    """The day to charge."""
    return (now or utc_now()).astimezone(UTC).date()


def seconds_to_reset(now: datetime | None = None) -> float:
    """How long until everybody's allowance is whole again."""
    now = now or utc_now()
    tomorrow = datetime.combine(today(now) + timedelta(days=1), time(), UTC)
    return (tomorrow - now).total_seconds()
