"""Where pictures of the command line go: names, checks before the work, and the writing."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from engine.errors import InvalidInput
from engine.files import write_whole
from engine.images import encode_jpeg, save_png, settings_text
from engine.settings import Settings


def write_picture(image: Image.Image, path: Path, settings: Settings) -> None:
    """Write an RGB image in the format of its extension; a PNG carries the settings and seed."""
    suffix = path.suffix.lower()
    if suffix == ".png":
        save_png(image, path, text=settings_text(settings))
    else:
        write_whole(path, _ENCODERS[suffix](image))


def picture_path(name: str) -> Path:
    """The path of an output; PNG when it has no extension.

    Raises InvalidInput for an extension that is no picture's, and for a folder that is missing or
    cannot be written to: before the work, not after it.
    """
    path = Path(name)
    if not path.suffix:
        path = path.with_name(f"{path.name}.png")
    if path.suffix.lower() not in (".png", *_ENCODERS):
        known = ", ".join(("png", *(suffix[1:] for suffix in _ENCODERS)))
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


def _tiff(image: Image.Image) -> bytes:
    return _encoded(image, "TIFF", compression="tiff_lzw")


def _webp(image: Image.Image) -> bytes:
    return _encoded(image, "WEBP", quality=95)


def _encoded(image: Image.Image, form: str, **parameters: str | int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **parameters)
    return buffer.getvalue()


_ENCODERS: dict[str, Callable[[Image.Image], bytes]] = {
    ".jpg": encode_jpeg,
    ".jpeg": encode_jpeg,
    ".tif": _tiff,
    ".tiff": _tiff,
    ".webp": _webp,
}
