"""What Telegram makes of a picture: a ladder of JPEGs, a thumbnail, a sticker.

All functions take and give bytes, block, and run in a thread.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from bot.playground.errors import PictureError

# Longest edges of the sizes a photo is kept in: s, m, x, y, w of core.telegram.org/api/files.
LADDER_PX = (90, 320, 800, 1280, 2560)
THUMBNAIL_PX = 320
STICKER_PX = 512
TGS, WEBM = "application/x-tgsticker", "video/webm"
MOVING_STICKERS = {b"\x1f\x8b": TGS, b"\x1a\x45\xdf\xa3": WEBM}
MAX_EDGES_SUM_PX = 10_000
MAX_RATIO = 20
JPEG_QUALITY = 87


@dataclass(frozen=True, slots=True)
class Picture:
    """Encoded bytes with their width and height in px."""

    data: bytes = field(repr=False)
    width: int
    height: int


def photo_ladder(data: bytes) -> list[Picture]:
    """A photo's sizes, smallest first, each re-encoded as JPEG and none enlarged.

    Raises PictureError: IMAGE_PROCESS_FAILED or PHOTO_INVALID_DIMENSIONS.
    """
    image = _open(data)
    longest, shortest = max(image.size), min(image.size)
    if sum(image.size) > MAX_EDGES_SUM_PX or longest > MAX_RATIO * shortest:
        raise PictureError(
            "PHOTO_INVALID_DIMENSIONS",
            f"A picture of {image.width} x {image.height} px can only be sent as a file.",
        )
    image = _upright(image)
    edges = [edge for edge in LADDER_PX if edge < longest]
    if longest <= LADDER_PX[-1]:
        edges.append(longest)
    rungs = []
    for edge in reversed(edges):
        image = _shrunk(image, edge)  # each from the one above, which is much quicker
        rungs.append(_encode(image, "JPEG"))
    return rungs[::-1]


def thumbnail(data: bytes) -> Picture | None:
    """A small JPEG of a file, or None when it is no picture."""
    try:
        image = _open(data)
        if sum(image.size) > MAX_EDGES_SUM_PX:
            return None
        return _encode(_shrunk(_upright(image), THUMBNAIL_PX), "JPEG")
    except PictureError:
        return None


def moving_sticker(data: bytes) -> str | None:
    """The MIME type of an animated (TGS) or video (WebM) sticker by its first bytes, or None."""
    kinds = (mime for start, mime in MOVING_STICKERS.items() if data.startswith(start))
    return next(kinds, None)


def sticker(data: bytes) -> Picture:
    """A WebP within 512 x 512 px; one that already is such is kept byte for byte.

    Raises PictureError.
    """
    image = _open(data)
    if image.format == "WEBP" and max(image.size) <= STICKER_PX:
        return Picture(data, image.width, image.height)
    if sum(image.size) > MAX_EDGES_SUM_PX:
        raise PictureError("STICKER_PNG_DIMENSIONS", "That picture is too large for a sticker.")
    return _encode(_shrunk(_load(image).convert("RGBA"), STICKER_PX), "WEBP")


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data))
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _unreadable() from None


def _load(image: Image.Image) -> Image.Image:
    try:
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError):
        raise _unreadable() from None
    return image


def _upright(image: Image.Image) -> Image.Image:
    """The first frame, turned as EXIF says, on white, in RGB: all that a JPEG can hold."""
    image = ImageOps.exif_transpose(_load(image))
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _shrunk(image: Image.Image, edge: int) -> Image.Image:
    smaller = image.copy()
    smaller.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    return smaller


def _encode(image: Image.Image, form: str) -> Picture:
    buffer = io.BytesIO()
    image.save(buffer, form, quality=JPEG_QUALITY)
    return Picture(buffer.getvalue(), image.width, image.height)


def _unreadable() -> PictureError:
    return PictureError("IMAGE_PROCESS_FAILED", "That file is not a picture that can be read.")
