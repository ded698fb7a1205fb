"""Colours of a finished picture; a matter of a moment after the run, never of the run itself."""

from __future__ import annotations

from PIL import Image


def keep_colors(painted: Image.Image, content: Image.Image) -> Image.Image:
    """The luma of the painted picture with the chroma of the content; both RGB of one size.

    Luma and chroma are those of ITU-R BT.601 (YCbCr, full range, as in JPEG).
    """
    luma = painted.convert("L")
    _, blue, red = content.convert("YCbCr").split()
    return Image.merge("YCbCr", (luma, blue, red)).convert("RGB")
