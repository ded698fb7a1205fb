"""How long a picture will take: what it computes, how fast the device is, and how that came out.

The speed is measured by whoever paints; the pictures painted before correct it, each recipe's its
own. Without a measured speed those pictures alone tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from engine.forecast import BOUNDS, DeviceSpeed, work_of_photo
from engine.settings import Settings
from storage import history
from storage.models import Picture

RECENT_JOBS = 20
USUAL = 4000, 3000  # px; a photo of which nothing is known yet


async def seconds_for(
    session: AsyncSession,
    settings: Settings,
    pictures: Sequence[Picture],
    speed: DeviceSpeed | None = None,
) -> float | None:
    """Seconds that a job of a content and styles, with such settings, will run.

    None without a speed before the recipe's first picture.
    """
    recent = await history.latest_successes(session, settings.recipe, RECENT_JOBS)
    ratios = [
        before.seconds / _measure(before.settings, before.steps_done, before.pictures, speed)
        for before in recent
        if before.seconds and before.steps_done
    ]
    if speed is not None:  # what is far off was disturbed, or painted on another device
        low, high = BOUNDS
        ratios = [ratio for ratio in ratios if low <= ratio <= high] or [1.0]
    if not ratios:
        return None
    return median(ratios) * _measure(settings, settings.iterations, pictures, speed)


def _measure(
    settings: Settings, steps: int, pictures: Sequence[Picture], speed: DeviceSpeed | None
) -> float:
    """What so many steps take: seconds at that speed, else pixels that are looked at."""
    settings = settings.replace(iterations=steps)
    photo, *styles = pictures
    size = _size(photo)
    # A picture that is not stored yet has none of its column's defaults.
    scaled = [(_size(style, size), style.scale or 1.0) for style in styles]
    work = work_of_photo(settings, size, scaled)
    return work.pixels() if speed is None else speed.of(settings).seconds(work)


def _size(picture: Picture, otherwise: tuple[int, int] = USUAL) -> tuple[int, int]:
    if picture.width is None or picture.height is None:
        return otherwise
    return picture.width, picture.height
