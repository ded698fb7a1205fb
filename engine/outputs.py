"""Where pictures of the command line go: names, checks before the work, and the writing."""

from __future__ import annotations

import io
import tempfile
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


def picture_path(name: str) -> Path:
    """The path of an output; PNG when it has no extension.

    Raises InvalidInput for an extension that is no picture's, and for a folder that is missing or
    cannot be written to: before the work, not after it.
    """
    path = Path(name)
    if not path.suffix:
        path = path.with_name(f"{path.name}.png")
    if path.suffix.lower() not in _ENCODERS:
        known = ", ".join(suffix[1:] for suffix in _ENCODERS)
        raise InvalidInput(f"{path.name} has to end in one of: {known}.")
    if path.is_dir():
        raise InvalidInput(f"{path} is a folder, not a picture.")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise InvalidInput(
            f"Nothing can be written to the folder {path.parent}: {error.strerror}."
        ) from error
    return path


def checkpoint_name(pattern: str, iteration: int) -> str:
    """A pattern with %s, %d or {} where the iteration goes. Raises InvalidInput without one."""
    try:
        name = pattern.format(iteration) if "{" in pattern else pattern % iteration
    except (TypeError, ValueError, IndexError, KeyError, AttributeError):
        name = pattern
    if name == pattern:
        raise InvalidInput(
            f"The name of checkpoints needs %s where the iteration goes, as in out%s.jpg; "
            f"{pattern} has none."
        )
    return name


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
