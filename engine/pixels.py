"""Stored pixels of any mode and profile as 8-bit sRGB; Pillow and NumPy only."""

from __future__ import annotations

import functools
import io
import struct

import numpy as np
from PIL import ExifTags, Image, ImageCms


def split(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Any mode → its colours in 8 bits, and its alpha (L), or None where nothing is transparent."""
    alpha = None
    if image.mode.startswith(("I", "F")):
        color = _to_8_bit(image)
        if "transparency" in image.info:
            opaque = np.asarray(image) != image.info["transparency"]
            alpha = Image.fromarray(np.uint8(255) * opaque)
    elif image.has_transparency_data:
        rgba = image.convert("RGBA")
        color = image.convert("L") if image.mode == "LA" else rgba.convert("RGB")
        alpha = rgba.getchannel("A")
    else:
        color = image
    if alpha is not None and alpha.getextrema() == (255, 255):
        alpha = None
    return color, alpha


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Apply the embedded profile; one that is damaged or for another mode is ignored."""
    if image.mode not in ("L", "RGB", "CMYK", "LAB"):
        image = image.convert("RGB")
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                image, io.BytesIO(profile), io.BytesIO(srgb_profile()), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


@functools.cache
def srgb_profile() -> bytes:
    """The sRGB profile; LittleCMS dates it now, which would make equal pictures differ."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # ICC.1:2010, 7.2.8 date and time
    return bytes(profile)


def is_negative(image: Image.Image) -> bool:
    """True for a grey TIFF of 16 bits whose numbers grow with darkness (TIFF 6.0, section 3).

    Pillow inverts those of 8 bits only.
    """
    tags = getattr(image, "tag_v2", {})
    return image.mode == "I;16" and tags.get(ExifTags.Base.PhotometricInterpretation) == 0


def _to_8_bit(image: Image.Image) -> Image.Image:
    """One channel of 16 or 32 bits, or of floats (0..1), → L; a wider range is scaled to its top.

    Pillow's own conversion clips at 255 instead.
    """
    values = np.nan_to_num(np.asarray(image, dtype=np.float64)).clip(0)
    usual = 1.0 if image.mode == "F" else 65535.0
    top = max(usual, float(values.max()))
    return Image.fromarray((values * (255 / top)).round().astype(np.uint8))
