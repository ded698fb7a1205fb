"""Colours of a finished picture, or of a style before the run; never a matter of the run itself.

NumPy and Pillow only. Pictures are looked at a block of pixels at a time, so that the memory for
the work does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Levels = NDArray[np.uint8]  # (pixels, 3): sRGB, 0..255
Colors = NDArray[np.float32]  # (pixels, 3): linear RGB, 0..1, or OKLab
Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Shades = NDArray[np.intp]

BLOCK = 1 << 16  # pixels
SHADES = 1 << 16  # steps of an OKLab axis between 0 and 1, finer than any level of sRGB
HALVINGS = 12  # of the interval that a chroma is looked for in
DIP = 1e-3  # of the largest channel: the ways from some blues to grey go below 0, by less than this
EXCESS = 1e-5  # linear RGB above 1, by which float32 may be wrong
AS_PAINTED = ("style", "match")  # modes that a finished picture already has
RIDGE = 1.0  # grey levels²; with less, the rounding of a nearly grey picture becomes speckles

ENCODED = np.arange(256) / 255
LINEAR = np.where(  # of every level (IEC 61966-2-1)
    ENCODED <= 0.04045, ENCODED / 12.92, ((ENCODED + 0.055) / 1.055) ** 2.4
).astype(np.float32)

# Ottosson, "A perceptual color space for image processing", 2020: linear sRGB → cones → OKLab.
CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
AXES = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
FROM_RGB, TO_OKLAB, FROM_OKLAB, TO_RGB = (
    matrix.T.astype(np.float32)  # pixels are rows
    for matrix in (CONES, AXES, np.linalg.inv(AXES), np.linalg.inv(CONES))
)
OFFSET = np.array([0, 0.5, 0.5], np.float32)  # brings the axes of OKLab into 0..1


def recolored(painted: Image.Image, content: Image.Image, mode: str) -> Image.Image:
    """The painted picture in the colours that a mode asks for; both RGB of one size.

    "style" and "match" (of styles, before the run) leave it as it is, "luma" is `keep_colors`,
    "oklab" `keep_chroma`, and "histogram" `match_histogram`. Raises ValueError for another mode.
    """
    if mode in AS_PAINTED:
        return painted
    match mode:
        case "luma":
            return keep_colors(painted, content)
        case "oklab":
            return keep_chroma(painted, content)
        case "histogram":
            return match_histogram(painted, content)
    raise ValueError(f"There is no way {mode!r} to colour a picture.")


def keep_colors(painted: Image.Image, content: Image.Image) -> Image.Image:
    """The luma of the painted picture with the chroma of the content; both RGB of one size.

    Luma and chroma are those of ITU-R BT.601 (YCbCr, full range, as in JPEG).
    """
    luma = painted.convert("L")
    _, blue, red = content.convert("YCbCr").split()
    return Image.merge("YCbCr", (luma, blue, red)).convert("RGB")


def keep_chroma(painted: Image.Image, content: Image.Image) -> Image.Image:
    """The lightness of the painted picture with the chroma and hue of the content, in OKLab.

    Both RGB of one size; ValueError if they are not. Where sRGB has no such colour, the chroma is
    the largest there is at that lightness and hue.
    """
    if painted.size != content.size:
        raise ValueError(f"The pictures have different sizes: {painted.size} and {content.size}.")
    pairs = zip(_blocks(painted), _blocks(content), strict=True)
    return _picture((_with_chroma(*pair) for pair in pairs), painted.size)


def match_histogram(painted: Image.Image, content: Image.Image) -> Image.Image:
    """The painted picture with the content's distribution along each axis of OKLab; both RGB.

    Histogram specification: a value becomes the content's value of the same rank. Equal values
    stay equal, at the middle of their ranks, and none overtakes another. The sizes may differ.
    Colours that sRGB does not have lose chroma, so there the distributions agree less.
    """
    counts = zip(_histograms(painted), _histograms(content), strict=True)
    tables = [_specification(source, target) for source, target in counts]
    return _picture((_looked_up(tables, block) for block in _blocks(painted)), painted.size)


def match_covariance(picture: Image.Image, reference: Image.Image) -> Image.Image:
    """The picture with the mean and the covariance of the reference's RGB, by `covariance_map`.

    Both RGB of any size. What leaves 0..255 is clipped, so there the two agree less.
    """
    matrix, mean_from, mean_to = covariance_map(picture, reference)
    offset = mean_to - matrix @ mean_from
    moved = (block @ matrix.T + offset for block in _blocks(picture))
    return _picture((np.rint(rgb).clip(0, 255).astype(np.uint8) for rgb in moved), picture.size)


def covariance_map(picture: Image.Image, reference: Image.Image) -> tuple[Array, Array, Array]:
    """(matrix (3, 3), mean_from (3,), mean_to (3,)), in levels 0..255 of sRGB.

    matrix · (rgb - mean_from) + mean_to has the reference's mean and covariance (Gatys et al.,
    "Controlling Perceptual Factors in Neural Style Transfer", 2017, section 5). Of all such
    matrices this one, symmetric and positive, moves the colours least (Pitié and Kokaram, "The
    linear Monge-Kantorovitch linear colour mapping for example-based colour transfer", 2007):
    Σₚ^-½ (Σₚ^½ Σᵣ Σₚ^½)^½ Σₚ^-½. Both Σ have a ridge, so that grey and flat pictures have a map
    too; the covariance reached is Σᵣ + ridge · (1 - matrix²).
    """
    mean_from, source = _moments(picture)
    mean_to, target = _moments(reference)
    ridge = RIDGE * np.eye(3)
    root = _power(source + ridge, 0.5)
    back = _power(source + ridge, -0.5)
    return back @ _power(root @ (target + ridge) @ root, 0.5) @ back, mean_from, mean_to


def to_oklab(levels: Levels) -> Colors:
    """Levels 0..255 of sRGB as OKLab; both (pixels, 3). Lightness is 0..1, greys have a = b = 0."""
    lab: Colors = np.cbrt(LINEAR[levels] @ FROM_RGB) @ TO_OKLAB
    return lab


def _with_chroma(painted: Levels, content: Levels) -> Levels:
    lab = to_oklab(content)
    lab[:, 0] = to_oklab(painted)[:, 0]
    return _to_levels(lab)


def _histograms(image: Image.Image) -> list[Counts]:
    """How many pixels have each shade, for each axis of OKLab."""
    counts = [np.zeros(SHADES + 1, np.int64) for _ in OFFSET]
    for block in _blocks(image):
        for count, shades in zip(counts, _shades(block), strict=True):
            count += np.bincount(shades, minlength=SHADES + 1)
    return counts


def _specification(source: Counts, target: Counts) -> Shades:
    """For every shade of the source the shade of the target with the same rank.

    The ranks are whole numbers, out of 2 · source pixels · target pixels: nothing is rounded.
    """
    middle = 2 * np.cumsum(source) - source
    ends = 2 * np.cumsum(target)
    shades: Shades = np.searchsorted(source.sum() * ends, target.sum() * middle)
    return shades


def _looked_up(tables: list[Shades], block: Levels) -> Levels:
    shades = [table[axis] for table, axis in zip(tables, _shades(block), strict=True)]
    return _to_levels(np.stack(shades, -1).astype(np.float32) * np.float32(1 / SHADES) - OFFSET)


def _shades(block: Levels) -> Shades:
    """The axes of OKLab in whole steps, (3, pixels), 0..SHADES."""
    shades: Shades = np.rint((to_oklab(block) + OFFSET) * SHADES).astype(np.intp).T
    return shades


def _moments(image: Image.Image) -> tuple[Array, Array]:
    """Mean (3,) and covariance (3, 3); the sums are whole numbers that float64 holds exactly."""
    total, products = np.zeros(3), np.zeros((3, 3))
    for block in _blocks(image):
        rgb = block.astype(np.float64)
        total += rgb.sum(0)
        products += rgb.T @ rgb
    pixels = image.width * image.height
    mean = total / pixels
    return mean, products / pixels - np.outer(mean, mean)


def _power(matrix: Array, exponent: float) -> Array:
    """The power of a symmetric positive matrix."""
    values, vectors = np.linalg.eigh(matrix)
    power: Array = (vectors * values**exponent) @ vectors.T
    return power


def _to_linear(lab: Colors) -> Colors:
    cones = lab @ FROM_OKLAB
    linear: Colors = (cones * cones * cones) @ TO_RGB
    return linear


def _to_levels(lab: Colors) -> Levels:
    """OKLab → sRGB; a colour that sRGB does not have loses chroma until it has it."""
    linear = _to_linear(lab)
    outside = np.flatnonzero(~_in_gamut(linear))
    linear[outside] = _to_linear(_reduced(lab[outside]))
    linear = linear.clip(0, 1)
    value = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    levels: Levels = np.rint(255 * value).astype(np.uint8)
    return levels


def _reduced(lab: Colors) -> Colors:
    """The colours with the largest chroma in sRGB at their lightness and hue, by bisection."""
    low, high = np.zeros_like(lab[:, :1]), np.ones_like(lab[:, :1])
    for _ in range(HALVINGS):
        middle = np.float32(0.5) * (low + high)
        fits = _in_gamut(_to_linear(_scaled(lab, middle)))[:, None]
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return _scaled(lab, low)


def _scaled(lab: Colors, chroma: Colors) -> Colors:
    return np.concatenate([lab[:, :1], lab[:, 1:] * chroma], -1)


def _in_gamut(linear: Colors) -> NDArray[np.bool_]:
    red, green, blue = linear.T
    least = np.minimum(np.minimum(red, green), blue)
    largest = np.maximum(np.maximum(red, green), blue)
    inside: NDArray[np.bool_] = (least >= -DIP * largest) & (largest <= 1 + EXCESS)
    return inside


def _blocks(image: Image.Image) -> Iterator[Levels]:
    """The pixels in order, BLOCK of them at most at a time."""
    pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    yield from np.array_split(pixels, -(-len(pixels) // BLOCK))


def _picture(blocks: Iterable[Levels], size: tuple[int, int]) -> Image.Image:
    """The picture of (width, height) whose pixels are these."""
    width, height = size
    return Image.fromarray(np.concatenate(list(blocks)).reshape(height, width, 3))
