"""How long a picture will take: what it computes, how fast the device is, and how that came out.

The speed is measured by whoever paints; the pictures painted before correct it, each recipe's its
own. Without a measured speed those pictures alone tell.
"""

from __future__ import annotations

from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from engine.forecast import BOUNDS, DeviceSpeed, work_of_photo
from storage import history
from storage.models import Job, Picture

RECENT_JOBS = 20
USUAL = 4000, 3000  # px; a photo of which nothing is known yet


async def seconds_for(
    session: AsyncSession, job: Job, speed: DeviceSpeed | None = None
) -> float | None:
    """Seconds that a job will run; None without a speed before the recipe's first picture."""
    recent = await history.latest_successes(session, job.settings.recipe, RECENT_JOBS)
    ratios = [
        before.seconds / _measure(before, before.steps_done, speed)
        for before in recent
        if before.seconds and before.steps_done
    ]
    if speed is not None:  # what is far off was disturbed, or painted on another device
        low, high = BOUNDS
        ratios = [ratio for ratio in ratios if low <= ratio <= high] or [1.0]
    return median(ratios) * _measure(job, job.settings.iterations, speed) if ratios else None


def _measure(job: Job, steps: int, speed: DeviceSpeed | None) -> float:
    """What so many steps of a job take: seconds at that speed, else pixels that are looked at."""
    settings = job.settings.replace(iterations=steps)
    photo, *styles = job.pictures
    size = _size(photo)
    work = work_of_photo(settings, size, [(_size(style, size), style.scale) for style in styles])
    return work.pixels() if speed is None else speed.of(settings).seconds(work)


def _size(picture: Picture, otherwise: tuple[int, int] = USUAL) -> tuple[int, int]:
    if picture.width is None or picture.height is None:
        return otherwise
    return picture.width, picture.height
