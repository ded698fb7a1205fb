"""Numbers of the whole bot, for its operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.history import latest_successes
from storage.models import Job, Status, User
from storage.operation import Standing
from storage.quotas import today

RECENT_JOBS = 100


@dataclass(frozen=True, slots=True)
class Statistics:
    """People, the jobs given in today (UTC), and medians in seconds over the latest successes."""

    people: int
    blocked: int
    banned: int
    today: dict[Status, int]
    wait_seconds: float | None
    run_seconds: float | None


async def gather(session: AsyncSession) -> Statistics:
    """The numbers as they are now."""
    people = select(func.count()).select_from(User)
    banned = select(func.count()).where(Standing.banned_at.is_not(None))
    jobs = await latest_successes(session, None, RECENT_JOBS)
    waits = [(job.started_at - job.created_at).total_seconds() for job in jobs if job.started_at]
    runs = [job.seconds for job in jobs if job.seconds is not None]
    return Statistics(
        people=await session.scalar(people) or 0,
        blocked=await session.scalar(people.where(User.blocked)) or 0,
        banned=await session.scalar(banned) or 0,
        today=await _today(session),
        wait_seconds=median(waits) if waits else None,
        run_seconds=median(runs) if runs else None,
    )


async def _today(session: AsyncSession) -> dict[Status, int]:
    numbers = dict.fromkeys(Status, 0)
    midnight = datetime.combine(today(), time(), UTC)
    given_in = select(Job.status, func.count()).where(Job.created_at >= midnight)
    for status, number in await session.execute(given_in.group_by(Job.status)):
        numbers[status] = number
    return numbers
