"""The pairs that every comparison paints: photos of several kinds, paintings and prints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps
from skimage import data

from bot.gallery import read_gallery
from engine.images import load

EXAMPLES = Path(__file__).parents[1] / "examples"
# VGG-19 halves a picture four times up to relu5_1; at such sides all programs pool alike.
MULTIPLE = 16  # px
CHOSEN = (
    ("astronaut", "great-wave"),  # portrait, woodblock print
    ("coffee", "composition-viii"),  # still life, abstract painting
    ("chelsea", "cafe-terrace"),  # animal, street in broad strokes
    ("astronaut", "pere-tanguy"),  # portrait, portrait
    ("chelsea", "ejiri"),  # animal, print of fine lines
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A photo and a style, RGB, of one width: no program has a reason to resize either."""

    name: str
    content: Image.Image
    style: Image.Image


def read_pairs(size: int, count: int = len(CHOSEN)) -> list[Pair]:
    """The first `count` pairs, the photo's longest side at `size` px, a multiple of 16.

    The other sides follow, rounded to multiples of 16 px; a narrow strip is cropped for that.
    """
    styles = {painting.slug: painting.path for painting in read_gallery()}
    pairs = []
    for photo, slug in CHOSEN[:count]:
        content = _photo(photo)
        content = _scaled(content, size / max(content.size))
        style = load(styles[slug])
        style = _scaled(style, content.width / style.width)
        pairs.append(Pair(f"{photo}, {slug}", content, style))
    return pairs


def _photo(name: str) -> Image.Image:
    if name == "chelsea":
        return Image.fromarray(data.chelsea())  # type: ignore[no-untyped-call]
    number = {"coffee": 1, "astronaut": 2}[name]
    return load(EXAMPLES / f"{number}-content.jpg")


def _scaled(picture: Image.Image, scale: float) -> Image.Image:
    width, height = (MULTIPLE * max(1, round(side * scale / MULTIPLE)) for side in picture.size)
    return ImageOps.fit(picture, (width, height), Image.Resampling.BICUBIC)
