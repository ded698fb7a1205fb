"""What tests of colours measure with, and pictures of few or mild colours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image
from scenes import scene

Recolor = Callable[[Image.Image, Image.Image], Image.Image]


def rgb(image: Image.Image) -> np.ndarray:
    """The pixels in whole levels, (pixels, 3)."""
    return np.asarray(image, int).reshape(-1, 3)


def oklab(image: Image.Image) -> np.ndarray:
    """(pixels, 3), by way of XYZ, which is how Ottosson defines it."""
    value = rgb(image) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = linear @ np.array(
        [
            [0.4124564, 0.2126729, 0.0193339],
            [0.3575761, 0.7151522, 0.1191920],
            [0.1804375, 0.0721750, 0.9503041],
        ]
    )
    cones = xyz @ np.array(
        [
            [0.8189330101, 0.0329845436, 0.0482003018],
            [0.3618667424, 0.9293118715, 0.2643662691],
            [-0.1288597137, 0.0361456387, 0.6338517070],
        ]
    )
    return np.cbrt(cones) @ np.array(
        [
            [0.2104542553, 1.9779984951, 0.0259040371],
            [0.7936177850, -2.4285922050, 0.7827717662],
            [-0.0040720468, 0.4505937099, -0.8086757660],
        ]
    )


def soft(seed: int, size: tuple[int, int] = (32, 24)) -> Image.Image:
    """A picture without extreme colours, which would be clipped."""
    return scene(size, seed).point(lambda value: 90 + value // 4)


def flat(color: tuple[int, int, int], size: tuple[int, int] = (5, 3)) -> Image.Image:
    return Image.new("RGB", size, color)
