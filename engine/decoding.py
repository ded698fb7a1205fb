"""From a file to decoded pixels, trusting nothing: the header is judged before a pixel is decoded.

Pillow only, so that a process that checks a picture starts at once.
"""

from __future__ import annotations

import functools
import io
import re
import struct
import warnings
import zlib
from pathlib import Path

import pillow_heif
from PIL import ExifTags, Image, TiffImagePlugin, UnidentifiedImageError

from engine.errors import InvalidPicture

MAX_PIXELS = 40_000_000
MIN_EDGE = 16  # px; the network halves a picture four times, so less leaves nothing to look at
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP")  # MPO comes with JPEG

# How the files of FORMATS begin: tells a damaged picture from something that is none.
_SIGNATURES = re.compile(
    rb"\xff\xd8\xff|\x89PNG|RIFF....WEBP|....ftyp|II\*\0|MM\0\*|GIF8|BM.{8}", re.DOTALL
)
# What Pillow's decoders raise on damaged bytes, beyond OSError.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    RuntimeError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)


def open_picture(source: Path | bytes, *, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Read the header only and check the size; the caller closes what it gets.

    Raises InvalidPicture: empty, not_an_image, truncated, too_small, too_many_pixels.
    """
    head = _head(source)
    if not head:
        raise InvalidPicture("The file is empty.", code="empty")
    try:
        image = _open(source)
    except Image.DecompressionBombError as error:
        raise _too_many(int(re.findall(r"\d+", str(error))[0]), max_pixels) from None
    except UnidentifiedImageError:
        raise damaged() if _SIGNATURES.match(head) else _foreign() from None
    except DAMAGED:
        raise damaged() from None
    try:
        _check_size(image.size, max_pixels)
    except InvalidPicture:
        image.close()
        raise
    return image


def decode(image: Image.Image) -> None:
    """Decode every pixel of the first frame; raises InvalidPicture (truncated)."""
    try:
        image.load()
    except DAMAGED:
        raise damaged() from None


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height in px once the EXIF orientation of a decoded image is applied."""
    try:
        turned = image.getexif().get(ExifTags.Base.Orientation) in (5, 6, 7, 8)
    except DAMAGED:
        turned = False
    return (image.height, image.width) if turned else image.size


def damaged() -> InvalidPicture:
    """The refusal of a picture that starts well and cannot be decoded."""
    return InvalidPicture("The picture is damaged or was cut short.", code="truncated")


def _head(source: Path | bytes) -> bytes:
    """The first bytes, enough for a signature."""
    if isinstance(source, bytes):
        return source[:16]
    with source.open("rb") as file:
        return file.read(16)


def _open(source: Path | bytes) -> Image.Image:
    """Pillow's open without its warnings: the size is judged by us, a bad EXIF block is no harm."""
    _prepare_pillow()
    with warnings.catch_warnings(action="ignore"):
        file = source if isinstance(source, Path) else io.BytesIO(source)
        return Image.open(file, formats=FORMATS)


@functools.cache
def _prepare_pillow() -> None:
    """Teach Pillow HEIC, once; at first use, because nothing runs at import."""
    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    # Pillow's own reader takes separate planes of 16 bits for planes of 8.
    TiffImagePlugin.READ_LIBTIFF = True


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise _too_many(width * height, max_pixels)
    if min(size) < MIN_EDGE:
        raise InvalidPicture(
            f"The picture is {width} x {height} px; each side needs at least {MIN_EDGE}.",
            code="too_small",
            width=width,
            height=height,
            minimum=MIN_EDGE,
        )


def _too_many(pixels: int, limit: int) -> InvalidPicture:
    megapixels, most = -(-pixels // 1_000_000), limit // 1_000_000  # rounded apart, never equal
    return InvalidPicture(
        f"The picture has {megapixels} megapixels; at most {most} can be read.",
        code="too_many_pixels",
        megapixels=megapixels,
        limit=most,
    )


def _foreign() -> InvalidPicture:
    return InvalidPicture("The file is not a picture in a format I know.", code="not_an_image")
