"""Pictures in and out: any file a person has becomes an upright sRGB image, and back.

Pillow and NumPy only, so that whoever checks or shows a picture needs no torch. Nothing personal
leaves: EXIF (place, camera, date) and XMP are read for the orientation and never written.
"""

from __future__ import annotations

import functools
import io
import json
import struct
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from engine.decoding import DAMAGED, MAX_PIXELS, decode, open_picture
from engine.files import write_whole
from engine.settings import Settings

SETTINGS_KEY = "Easel-Settings"


def load(source: Path | bytes, *, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Decode a picture: upright, 8-bit RGB in sRGB, the first frame, transparency on white.

    Raises InvalidPicture, before decoding when the header alone says that it is too large or too
    small, and FileNotFoundError when there is no such file.
    """
    with (
        warnings.catch_warnings(action="ignore"),  # Pillow's, of damage that does no harm
        open_picture(source, max_pixels=max_pixels) as image,
    ):
        decode(image)
        return _flatten(_turn(image))


def fit(image: Image.Image, max_edge: int) -> Image.Image:
    """The image with its longest edge at most `max_edge` px; never enlarged."""
    scale = max_edge / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(edge * scale)) for edge in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def encode_jpeg(image: Image.Image, quality: int = 95) -> bytes:
    """RGB image → JPEG bytes, 4:4:4 (strokes are saturated: halved chroma smears them), sRGB."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=0, icc_profile=_srgb())
    return buffer.getvalue()


def save_png(image: Image.Image, path: Path, *, text: Mapping[str, str]) -> None:
    """Write an RGB image with its sRGB profile and text chunks; a reader never sees half a file."""
    chunks = PngInfo()
    for key, value in text.items():
        chunks.add_itxt(key, value)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", pnginfo=chunks, icc_profile=_srgb(), compress_level=4)
    write_whole(path, buffer.getvalue())


def read_text(path: Path) -> dict[str, str]:
    """The text chunks of a PNG; empty for any other picture. Raises InvalidPicture."""
    with open_picture(path) as image:
        found = getattr(image, "text", {})  # a PNG's chunks; reading them decodes the whole file
        return {str(key): str(value) for key, value in found.items()}


def settings_text(settings: Settings) -> dict[str, str]:
    """The text chunks that let a picture be painted again; `read_settings` reads them back."""
    return {"Software": "Easel", SETTINGS_KEY: json.dumps(settings.as_dict())}


def read_settings(path: Path) -> Settings | None:
    """The settings and seed a PNG was painted with, or None when it does not say.

    Raises InvalidPicture, and InvalidSetting when the stored values break today's bounds.
    """
    stored = read_text(path).get(SETTINGS_KEY)
    try:
        values = json.loads(stored) if stored else None
    except ValueError:
        return None
    return Settings.from_dict(values) if isinstance(values, dict) else None


@functools.cache
def _srgb() -> bytes:
    """The sRGB profile; LittleCMS dates it now, which would make equal pictures differ."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # ICC.1:2010, 7.2.8 date and time
    return bytes(profile)


def _turn(image: Image.Image) -> Image.Image:
    """The image as the camera was held; a damaged EXIF block costs the turn, not the picture."""
    try:
        return ImageOps.exif_transpose(image)
    except DAMAGED:
        return image


def _flatten(image: Image.Image) -> Image.Image:
    """Any mode → 8-bit RGB in sRGB, on white where it is transparent."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):
        return _to_srgb(_to_8_bit(image), profile)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        color = image.convert("L") if image.mode == "LA" else rgba.convert("RGB")
        page = Image.new("RGB", image.size, "white")
        page.paste(_to_srgb(color, profile), mask=rgba.getchannel("A"))
        return page
    return _to_srgb(image, profile)


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Apply the embedded profile; one that is damaged or for another mode is ignored."""
    if image.mode not in ("L", "RGB", "CMYK", "LAB"):
        image = image.convert("RGB")
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                image, io.BytesIO(profile), io.BytesIO(_srgb()), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _to_8_bit(image: Image.Image) -> Image.Image:
    """One channel of 16 or 32 bits, or of floats (0..1), → L; a wider range is scaled to its top.

    Pillow's own conversion clips at 255 instead.
    """
    values = np.nan_to_num(np.asarray(image, dtype=np.float64)).clip(0)
    usual = 1.0 if image.mode == "F" else 65535.0
    top = max(usual, float(values.max()))
    return Image.fromarray((values * (255 / top)).round().astype(np.uint8))
