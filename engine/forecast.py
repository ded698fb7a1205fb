"""How long a picture will take, said by who need not load torch: what is computed, and how fast.

Speeds are measured by `engine.speed`, in the process that has the device.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.cost import Work, work_for
from engine.recipes import RECIPES
from engine.settings import Settings
from engine.sizes import fitted, style_size

LEARNING = 0.5  # of the way from what was believed to what was seen
BOUNDS = (0.25, 4.0)  # a run that took more or less than that was disturbed


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds for a step and for a pixel that is looked at forth and back."""

    step: float
    pixel: float

    def seconds(self, work: Work) -> float:
        """How long a run will take from its first step to its last."""
        return self.step * work.steps + self.pixel * work.pixels()

    def corrected(self, work: Work, seconds: float) -> Speed:
        """What to believe after a run took so long."""
        low, high = BOUNDS
        factor = min(max(seconds / self.seconds(work), low), high) ** LEARNING
        return Speed(self.step * factor, self.pixel * factor)


@dataclass(frozen=True, slots=True)
class DeviceSpeed:
    """How fast a device paints: `exact` in float32, `fast` in the precision that pays there."""

    exact: Speed
    fast: Speed

    def of(self, settings: Settings) -> Speed:
        """That of the recipe's precision."""
        return self.exact if RECIPES[settings.recipe].exact else self.fast


def work_of_photo(
    settings: Settings, photo: tuple[int, int], styles: Iterable[tuple[tuple[int, int], float]]
) -> Work:
    """What painting a photo of that (width, height) computes; each style is its size and scale."""
    size = fitted(photo, settings.image_size)
    stages = RECIPES[settings.recipe].stages(max(size), settings.iterations)
    scaled = tuple(
        style_size(style, scale * settings.style_scale, size[0]) for style, scale in styles
    )
    return work_for(settings, size, scaled, stages)
