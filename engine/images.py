"""Pictures in and out: any file a person has becomes an upright sRGB image, and back.

Pillow and NumPy only, so that whoever checks or shows a picture needs no torch. Nothing personal
leaves: what a file says besides its pixels (EXIF, XMP, comments: place, camera, date) is read for
the orientation and the profile, and never written.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Mapping
from pathlib import Path

from PIL import ExifTags, Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from engine.decoding import DAMAGED, MAX_PIXELS, damaged, decode, open_picture
from engine.files import write_whole
from engine.pixels import is_negative, split, srgb_profile, to_srgb
from engine.settings import Settings

SETTINGS_KEY = "Easel-Settings"
# Where a TIFF and a WebP keep what is a text chunk in a PNG.
EXIF_TAGS = {"Software": ExifTags.Base.Software, SETTINGS_KEY: ExifTags.Base.ImageDescription}
_SOFTWARE = "Easel"
_MOST_TEXT = 1 << 16  # characters; our settings have some 400


def load(source: Path | bytes, *, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Decode a picture: upright, 8-bit RGB in sRGB, the first frame, transparency on white.

    Raises InvalidPicture, before decoding when the header alone says that it is too large or too
    small, and FileNotFoundError when there is no such file.
    """
    return load_with_alpha(source, max_pixels=max_pixels)[0]


def load_with_alpha(
    source: Path | bytes, *, max_pixels: int = MAX_PIXELS
) -> tuple[Image.Image, Image.Image | None]:
    """What `load` gives, and its alpha (L, same size), or None where nothing is transparent.

    Raises as `load` does.
    """
    picture, alpha = load_layers(source, max_pixels=max_pixels)
    if alpha is None:
        return picture, None
    page = Image.new("RGB", picture.size, "white")
    page.paste(picture, mask=alpha)
    return page, alpha


def load_layers(
    source: Path | bytes, *, max_pixels: int = MAX_PIXELS
) -> tuple[Image.Image, Image.Image | None]:
    """What `load_with_alpha` gives, with the colours that are stored where it is transparent."""
    with (
        warnings.catch_warnings(action="ignore"),  # Pillow's, of damage that does no harm
        open_picture(source, max_pixels=max_pixels) as image,
    ):
        decode(image)
        color, alpha = split(_turn(image))
        if is_negative(image):
            color = ImageOps.invert(color)
        picture = to_srgb(color, image.info.get("icc_profile"))
    picture.info = {}  # Pillow's encoders write some of it, such as a comment
    return picture, alpha


def with_alpha(painted: Image.Image, alpha: Image.Image | None) -> Image.Image:
    """RGB image and the alpha of its photo (L, any size) → RGBA; RGB again when there is none."""
    if alpha is None:
        return painted
    if alpha.size != painted.size:
        alpha = alpha.resize(painted.size, Image.Resampling.BICUBIC)
    layered = painted.copy()
    layered.putalpha(alpha)
    return layered


def fit(image: Image.Image, max_edge: int) -> Image.Image:
    """The image with its longest edge at most `max_edge` px; never enlarged."""
    scale = max_edge / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(edge * scale)) for edge in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def encode_jpeg(
    image: Image.Image, quality: int = 95, *, text: Mapping[str, str] | None = None
) -> bytes:
    """RGB image → JPEG bytes, 4:4:4 (strokes are saturated: halved chroma smears them), sRGB.

    An alpha is dropped: the picture is whole below it. `text` becomes a comment segment, a line
    for each key.
    """
    color = image.convert("RGB") if image.mode == "RGBA" else image
    comment = "\n".join(f"{key}: {value}" for key, value in (text or {}).items())
    buffer = io.BytesIO()
    color.save(
        buffer,
        "JPEG",
        quality=quality,
        subsampling=0,
        icc_profile=srgb_profile(),
        comment=comment.encode(),
    )
    return buffer.getvalue()


def encode_png(image: Image.Image, text: Mapping[str, str]) -> bytes:
    """RGB or RGBA image → PNG bytes with the sRGB profile and text chunks."""
    chunks = PngInfo()
    for key, value in text.items():
        chunks.add_itxt(key, value)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", pnginfo=chunks, icc_profile=srgb_profile(), compress_level=4)
    return buffer.getvalue()


def save_png(image: Image.Image, path: Path, *, text: Mapping[str, str]) -> None:
    """Write what `encode_png` gives; a reader never sees half a file."""
    write_whole(path, encode_png(image, text))


def read_text(path: Path) -> dict[str, str]:
    """The text chunks of a PNG, the comment of a JPEG, or our own tags in a TIFF or WebP.

    Raises InvalidPicture, and FileNotFoundError when there is no such file.
    """
    with warnings.catch_warnings(action="ignore"), open_picture(path) as image:
        try:
            # A PNG's chunks may follow the pixels: reading them decodes the whole file.
            chunks = getattr(image, "text", {})
        except DAMAGED:
            raise damaged() from None
        found = {**_exif_text(image), **_comment_text(image), **chunks}
        return {str(key): str(value) for key, value in found.items()}


def settings_text(settings: Settings) -> dict[str, str]:
    """The text that lets a picture be painted again; `read_settings` reads it back."""
    return {"Software": _SOFTWARE, SETTINGS_KEY: json.dumps(settings.as_dict())}


def read_settings(path: Path) -> Settings | None:
    """The settings and seed a picture was painted with, or None when it does not say.

    Raises InvalidPicture, InvalidSetting when the stored values break today's bounds, and
    FileNotFoundError when there is no such file.
    """
    stored = read_text(path).get(SETTINGS_KEY, "")
    if len(stored) > _MOST_TEXT:
        return None
    try:
        values = json.loads(stored, parse_int=_whole_number)
    except (ValueError, RecursionError):
        return None
    return Settings.from_dict(values) if isinstance(values, dict) else None


def _whole_number(digits: str) -> int | float:
    """An integer of JSON; one that no float can hold is infinite and so out of every bound."""
    return int(digits) if len(digits) < 20 else float(digits)


def _exif_text(image: Image.Image) -> dict[str, str]:
    """What our tags say, if the picture is one of ours: other programs describe other things."""
    try:
        exif = image.getexif()
        found = {key: exif[tag] for key, tag in EXIF_TAGS.items() if tag in exif}
    except DAMAGED:
        return {}
    return found if found.get("Software") == _SOFTWARE else {}


def _comment_text(image: Image.Image) -> dict[str, str]:
    """The lines `key: value` of a comment."""
    comment = image.info.get("comment")
    if not isinstance(comment, bytes):
        return {}
    pairs = (line.partition(": ") for line in comment.decode(errors="replace").split("\n"))
    return {key: value for key, colon, value in pairs if colon}


def _turn(image: Image.Image) -> Image.Image:
    """The image as the camera was held; a damaged EXIF block costs the turn, not the picture."""
    try:
        return ImageOps.exif_transpose(image)
    except DAMAGED:
        return image
