"""The settings that a picture carries, and the texts of others that it may carry instead."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from pictures import encoded, gradient
from PIL import Image

from engine import images
from engine.errors import InvalidInput, InvalidPicture, InvalidSetting
from engine.outputs import save_tiff16, write_picture
from engine.settings import Settings

NAMES = ["x.png", "x.jpg", "x.jpeg", "x.tif", "x.tiff", "x.webp"]
SETTINGS = Settings(style_weight=321.5, seed=7, start="content")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "HEIF", "AVIF", "BMP"])
def test_a_foreign_picture_tells_no_settings(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "foreign"
    path.write_bytes(encoded(gradient(), kind))
    assert images.read_settings(path) is None


@pytest.mark.parametrize("kind", ["WEBP", "TIFF"])
def test_a_description_by_another_program_is_no_settings(tmp_path: Path, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0131], exif[0x010E] = "Another", json.dumps(SETTINGS.as_dict())
    path = tmp_path / "foreign"
    path.write_bytes(encoded(gradient(), kind, exif=exif))
    assert images.read_settings(path) is None


NESTED = "[" * 30_000
FOREIGN_TEXTS = ["", "{", "7", "null", "[1]", "\0", "не JSON", NESTED, '{"seed": ' + NESTED]


def with_text(folder: Path, name: str, stored: str) -> Path:
    """A picture of ours whose settings are replaced by any text."""
    path, text = folder / name, {"Software": "Easel", images.SETTINGS_KEY: stored}
    match path.suffix:
        case ".png":
            images.save_png(gradient(), path, text=text)
        case ".jpg":
            path.write_bytes(images.encode_jpeg(gradient(), text=text))
        case ".tif":
            save_tiff16(np.asarray(gradient(), float), path, text)
        case ".webp":
            exif = Image.Exif()
            exif[0x0131], exif[0x010E] = "Easel", stored
            path.write_bytes(encoded(gradient(), "WEBP", exif=exif))
    return path


@pytest.mark.parametrize("stored", FOREIGN_TEXTS)
@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.webp"])
def test_a_broken_text_tells_no_settings(tmp_path: Path, name: str, stored: str) -> None:
    assert images.read_settings(with_text(tmp_path, name, stored)) is None


@pytest.mark.parametrize("name", ["x.png", "x.tif", "x.webp"])
def test_a_huge_text_tells_no_settings(tmp_path: Path, name: str) -> None:
    stored = json.dumps({**SETTINGS.as_dict(), "note": "x" * 200_000})
    assert images.read_settings(with_text(tmp_path, name, stored)) is None


@pytest.mark.parametrize(
    "value",
    ["-1", "1e999", "NaN", "-Infinity", "9" * 400, "9" * 5000, "true", '"7"', "[]", "{}", "0.5"],
)
@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.tif", "x.webp"])
def test_a_stored_value_out_of_bounds_is_refused(tmp_path: Path, name: str, value: str) -> None:
    path = with_text(tmp_path, name, f'{{"iterations": {value}}}')
    with pytest.raises(InvalidSetting):
        images.read_settings(path)


def test_a_png_cut_short_tells_no_settings(tmp_path: Path) -> None:
    write_picture(gradient(), tmp_path / "x.png", SETTINGS)
    whole = (tmp_path / "x.png").read_bytes()
    (tmp_path / "x.png").write_bytes(whole[:-40])
    with pytest.raises(InvalidPicture) as caught:
        images.read_settings(tmp_path / "x.png")
    assert caught.value.code == "truncated"


def test_a_file_that_is_no_picture_tells_no_settings(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"Dear bot")
    with pytest.raises(InvalidPicture):
        images.read_settings(tmp_path / "x.png")


@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.tif", "x.webp"])
def test_random_damage_tells_settings_or_a_refusal(tmp_path: Path, name: str) -> None:
    write_picture(gradient(), tmp_path / name, SETTINGS)
    random, damaged = np.random.default_rng(5), tmp_path / "damaged"
    whole = np.frombuffer((tmp_path / name).read_bytes(), np.uint8)
    for _ in range(100):
        data = whole.copy()
        data[random.integers(0, len(data), 6)] = random.integers(0, 256, 6)
        damaged.write_bytes(data.tobytes())
        with contextlib.suppress(InvalidInput):
            found = images.read_settings(damaged)
            assert found is None or isinstance(found, Settings)


def test_settings_are_read_from_a_picture_by_any_name(tmp_path: Path) -> None:
    write_picture(gradient(), tmp_path / "x.webp", SETTINGS)
    shutil.copy(tmp_path / "x.webp", tmp_path / "upload")
    assert images.read_settings(tmp_path / "upload") == SETTINGS
