"""Sizes, (width, height) in pixels, by the original program's rules."""

from __future__ import annotations

import math

from engine.decoding import MAX_PIXELS
from engine.errors import InvalidInput

MOST_DISTORTION = 0.01  # of what is meant for a picture of other proportions


def scaled(size: tuple[int, int], share: float) -> tuple[int, int]:
    """A (width, height) with both sides brought to a share of them."""
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The (width, height) with the longest edge at most `longest` px; never enlarged."""
    width, height = size
    if max(size) <= longest:
        return size
    if width >= height:
        return of_width(size, longest)
    return max(1, math.floor(width / height * longest)), longest


def of_width(size: tuple[int, int], width: int) -> tuple[int, int]:
    """The (width, height) of a picture brought to a width, as the original program rounds it."""
    if width == size[0]:
        return size  # the rounded quotient may lose a row of the very picture
    return width, max(1, math.floor(size[1] / size[0] * width))


def style_size(size: tuple[int, int], scale: float, content_width: int) -> tuple[int, int]:
    """The (width, height) of a style: int(side · scale · content width / style width)."""
    width, height = (max(1, int(side * scale * content_width / size[0])) for side in size)
    return width, height


def has_proportions(size: tuple[int, int], model: tuple[int, int]) -> bool:
    """Whether a size is the model's times a factor, to a percent or to the rounding of a side."""
    width, height = size
    by_width, by_height = width * model[1] / model[0], height * model[0] / model[1]
    return _agree(height, by_width) or _agree(width, by_height)


def check_pixels(name: str, size: tuple[int, int]) -> None:
    """Raise InvalidInput when what is called so would be larger than a picture can be."""
    width, height = size
    if width * height > MAX_PIXELS:
        raise InvalidInput(
            f"{name} would be {width} x {height} px; at most {MAX_PIXELS // 1_000_000} megapixels "
            "can be painted."
        )


def _agree(side: int, expected: float) -> bool:
    return abs(side - expected) <= max(1, MOST_DISTORTION * expected)
