"""Pictures as the command line writes them: in the format that their name asks for."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import InvalidInput
from engine.files import write_whole
from engine.images import (
    EXIF_TAGS,
    SETTINGS_KEY,
    encode_jpeg,
    encode_png,
    settings_text,
    with_alpha,
)
from engine.pixels import srgb_profile
from engine.settings import Settings


def write_picture(
    image: Image.Image,
    path: Path,
    settings: Settings,
    *,
    alpha: Image.Image | None = None,
    values: NDArray[np.floating] | None = None,
) -> None:
    """Write an RGB image in the format of its extension, with the settings and seed inside.

    `alpha` is the photo's (L, any size); a JPEG cannot keep it. `values` (H, W, 3), 0..255, are
    the same picture before it was rounded: a TIFF then has 16 bits.
    """
    text, suffix = settings_text(settings), path.suffix.lower()
    if values is not None and suffix.startswith(".tif"):
        save_tiff16(values, path, text, alpha=alpha)
    else:
        write_whole(path, _ENCODERS[suffix](with_alpha(image, alpha), text))


def save_tiff16(
    values: NDArray[np.floating],
    path: Path,
    text: Mapping[str, str],
    *,
    alpha: Image.Image | None = None,
) -> None:
    """Write values (H, W, 3), 0..255, as a TIFF of 16 bits a channel, which Pillow cannot.

    It carries the sRGB profile, the text as Software and ImageDescription, and `alpha` (L, any
    size) as unassociated alpha (TIFF 6.0, section 18). Values out of range are clipped.
    """
    from tifffile import imwrite  # an eighth of a second that no other output needs

    pixels = _to_16_bit(values)
    if alpha is not None:
        height, width, _ = pixels.shape
        layer = with_alpha(Image.new("RGB", (width, height)), alpha).getchannel("A")
        pixels = np.dstack([pixels, _to_16_bit(np.asarray(layer, np.float64))])
    buffer = io.BytesIO()
    imwrite(
        buffer,
        pixels,
        photometric="rgb",
        extrasamples=None if alpha is None else ["unassalpha"],
        compression="zlib",
        predictor=True,
        iccprofile=srgb_profile(),
        software=text.get("Software"),
        description=text.get(SETTINGS_KEY),
        metadata=None,
    )
    write_whole(path, buffer.getvalue())


def check_size(size: tuple[int, int], path: Path) -> None:
    """Raise InvalidInput when the format of a path cannot hold a picture of (width, height) px."""
    most = _MAX_EDGES.get(path.suffix.lower())
    if most is not None and max(size) > most:
        raise InvalidInput(
            f"The picture is {size[0]} x {size[1]} px, and {path.suffix[1:]} takes at most {most} "
            f"a side; png and tif take more."
        )


def _to_16_bit(values: NDArray[np.floating]) -> NDArray[np.uint16]:
    """0..255 → 0..65535, to the nearest."""
    levels: NDArray[np.uint16] = np.rint(np.nan_to_num(values).clip(0, 255) * 257).astype(np.uint16)
    return levels


def _jpeg(image: Image.Image, text: Mapping[str, str]) -> bytes:
    return encode_jpeg(image, text=text)


def _tiff(image: Image.Image, text: Mapping[str, str]) -> bytes:
    return _encoded(image, "TIFF", text, compression="tiff_lzw")


def _webp(image: Image.Image, text: Mapping[str, str]) -> bytes:
    return _encoded(image, "WEBP", text, quality=95)


def _encoded(
    image: Image.Image, form: str, text: Mapping[str, str], **parameters: str | int
) -> bytes:
    """RGB or RGBA image → bytes with the sRGB profile and, as EXIF tags, the text."""
    exif = Image.Exif()
    for key, tag in EXIF_TAGS.items():
        if key in text:
            exif[tag] = text[key]
    buffer = io.BytesIO()
    image.save(buffer, form, exif=exif, icc_profile=srgb_profile(), **parameters)
    return buffer.getvalue()


_ENCODERS: dict[str, Callable[[Image.Image, Mapping[str, str]], bytes]] = {
    ".png": encode_png,
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".tif": _tiff,
    ".tiff": _tiff,
    ".webp": _webp,
}
EXTENSIONS = tuple(_ENCODERS)
# px, of libjpeg and of WebP
_MAX_EDGES = {".jpg": 65500, ".jpeg": 65500, ".webp": 16383}
