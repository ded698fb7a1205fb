"""Pictures with structure for the engine to paint, and a run in one call."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from engine.networks import Vgg19
from engine.settings import Settings
from engine.stylize import Inputs, Step, StylePicture, stylize


def scene(size: tuple[int, int], seed: int) -> Image.Image:
    """Waves of colour, different for every seed."""
    random = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    waves = [
        np.sin(x * random.uniform(0.1, 0.6) + y * random.uniform(-0.5, 0.5) + random.uniform(0, 6))
        for _ in range(3)
    ]
    grain = random.normal(0, 6, (size[1], size[0], 3))
    return Image.fromarray((127 + 90 * np.stack(waves, -1) + grain).clip(0, 255).astype(np.uint8))


def inputs(size: tuple[int, int] = (32, 24), **more: Any) -> Inputs:
    """A content and one style."""
    return Inputs(scene(size, 1), (StylePicture(scene((40, 30), 2)),), **more)


def run(given: Inputs, network: Vgg19, settings: Settings, **more: Any) -> list[Step]:
    """Every step of a run."""
    return list(stylize(given, settings, network, **more))
