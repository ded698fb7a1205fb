"""How long a picture will take, learned from those already painted on this machine."""

from __future__ import annotations

from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from engine.settings import Settings
from storage import history

RECENT_JOBS = 20


async def seconds_for(session: AsyncSession, settings: Settings) -> float | None:
    """Seconds a job with these settings will run, or None before the first one has finished.

    An iteration's cost grows with the picture's area, so the rate is seconds for a step and pixel.
    """
    rates = [
        job.seconds / (job.steps_done * _area(job.settings))
        for job in await history.latest_successes(session, RECENT_JOBS)
        if job.seconds and job.steps_done
    ]
    return median(rates) * settings.iterations * _area(settings) if rates else None


def _area(settings: Settings) -> int:
    return settings.image_size**2
