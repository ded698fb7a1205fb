"""What is written: in every format it can be painted again, and says nothing of the person."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from pictures import SIZE, difference, encoded, gradient
from PIL import Image, ImageCms, IptcImagePlugin
from PIL.PngImagePlugin import PngInfo

from engine import images
from engine.errors import InvalidInput
from engine.inspection import to_jpeg
from engine.outputs import check_size, save_tiff16, write_picture
from engine.pixels import srgb_profile
from engine.settings import Settings

NAMES = ["x.png", "x.jpg", "x.jpeg", "x.tif", "x.tiff", "x.webp"]
SETTINGS = Settings(style_weight=321.5, seed=7, start="content")


@pytest.mark.parametrize("name", NAMES)
def test_every_format_says_how_to_paint_it_again(tmp_path: Path, name: str) -> None:
    write_picture(gradient(), tmp_path / name, SETTINGS)
    assert images.read_settings(tmp_path / name) == SETTINGS
    assert images.read_text(tmp_path / name)["Software"] == "Easel"
    assert difference(images.load(tmp_path / name), gradient()) < 2
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_every_format_carries_srgb(tmp_path: Path, name: str) -> None:
    write_picture(gradient(), tmp_path / name, SETTINGS)
    with Image.open(tmp_path / name) as image:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    assert ImageCms.getProfileDescription(profile).startswith("sRGB")


@pytest.mark.parametrize("name", NAMES)
def test_every_format_but_jpeg_keeps_the_alpha(tmp_path: Path, name: str) -> None:
    alpha = Image.linear_gradient("L").resize(SIZE)
    write_picture(gradient(), tmp_path / name, SETTINGS, alpha=alpha)
    _, kept = images.load_with_alpha(tmp_path / name)
    assert images.read_settings(tmp_path / name) == SETTINGS
    if name.startswith("x.jp"):
        assert kept is None
        assert difference(images.load(tmp_path / name), gradient()) < 2
    else:
        assert kept is not None
        assert difference(kept.convert("RGB"), alpha) == 0


@pytest.mark.parametrize("name", NAMES)
def test_equal_pictures_are_equal_files_in_every_format(tmp_path: Path, name: str) -> None:
    (tmp_path / "other").mkdir()
    for folder in (tmp_path, tmp_path / "other"):
        write_picture(gradient(), folder / name, SETTINGS)
    assert (tmp_path / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def personal(kind: str) -> bytes:
    """A picture that names Ada and her place wherever its format lets it."""
    exif = Image.Exif()
    exif[0x010E] = "Ada at home"  # ImageDescription
    exif[0x010F] = "Camera of Ada"  # Make
    exif[0x0131] = "Software of Ada"
    exif.get_ifd(0x8825)[1] = "N"  # GPSLatitudeRef
    exif.get_ifd(0x8825)[2] = (51.0, 28.0, 38.0)
    options: dict[str, Any] = {
        "exif": exif,
        "xmp": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Ada</x:xmpmeta>",
    }
    if kind == "JPEG":
        options["comment"] = b"Ada was here"
    if kind == "PNG":
        chunks = PngInfo()
        chunks.add_itxt("Author", "Ada")
        chunks.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Ada</x:xmpmeta>")
        options = {"exif": exif, "pnginfo": chunks}
    return encoded(gradient(), kind, **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.tif", "x.webp"])
def test_nothing_personal_is_written(tmp_path: Path, kind: str, name: str) -> None:
    data = personal(kind)
    assert b"Ada" in data
    path = tmp_path / name
    write_picture(images.load(data), path, SETTINGS)
    written = path.read_bytes()
    for trace in (b"Ada", b"xmpmeta", b"GPS", b"http://ns.adobe.com"):
        assert trace not in written
    with Image.open(path) as image:
        exif = image.getexif()
        assert not exif.get_ifd(0x8825)
        assert exif.get(0x010F) is None
        assert IptcImagePlugin.getiptcinfo(image) is None
    assert images.read_settings(path) == SETTINGS


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_a_loaded_picture_is_pixels_alone(kind: str) -> None:
    image = images.load(personal(kind))
    assert image.info == {}
    assert not image.getexif()


async def test_a_jpeg_for_the_chat_says_nothing_personal(tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(personal("JPEG"))
    data = await to_jpeg(tmp_path / "upload", max_edge=40, max_bytes=1 << 20)
    assert b"Ada" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif()
        assert not {"comment", "exif", "xmp", "photoshop"} & set(image.info)


def test_a_16_bit_tiff_keeps_what_8_bits_would_round_away(tmp_path: Path) -> None:
    values = np.linspace(0, 255, 48 * 32 * 3, dtype=np.float32).reshape(32, 48, 3)
    write_picture(gradient(), tmp_path / "x.tif", SETTINGS, values=values)
    stored = tifffile.imread(tmp_path / "x.tif")
    assert stored.dtype == np.uint16
    assert np.abs(stored / 257 - values).max() <= 0.5 / 257 + 1e-4
    assert (stored.min(), stored.max()) == (0, 65535)


@pytest.mark.parametrize("size", [(48, 32), (32, 3), (3, 32)])
def test_a_16_bit_tiff_is_a_picture_like_any_other(tmp_path: Path, size: tuple[int, int]) -> None:
    image = gradient(size=size)
    save_tiff16(np.asarray(image, np.float64), tmp_path / "x.tif", images.settings_text(SETTINGS))
    with Image.open(tmp_path / "x.tif") as stored:
        assert stored.info["icc_profile"] == srgb_profile()
        assert difference(stored, image) == 0


def test_a_16_bit_tiff_keeps_settings_and_alpha(tmp_path: Path) -> None:
    alpha = Image.linear_gradient("L").resize((96, 64))
    values = np.asarray(gradient(), np.float32)
    write_picture(gradient(), tmp_path / "x.tif", SETTINGS, values=values, alpha=alpha)
    assert images.read_settings(tmp_path / "x.tif") == SETTINGS
    _, kept = images.load_with_alpha(tmp_path / "x.tif")
    assert kept is not None
    assert difference(kept.convert("RGB"), alpha.resize(SIZE, Image.Resampling.BICUBIC)) == 0


def test_a_16_bit_tiff_says_only_what_it_is_told(tmp_path: Path) -> None:
    save_tiff16(np.zeros((32, 48, 3)), tmp_path / "x.tif", {"Software": "Easel"})
    assert images.read_text(tmp_path / "x.tif") == {"Software": "Easel"}


def test_values_out_of_range_are_clipped_in_16_bits(tmp_path: Path) -> None:
    values = np.zeros((32, 48, 3))
    values[0, 0], values[0, 1] = (-1, 255.7, np.nan), (np.inf, -np.inf, 100.5)
    save_tiff16(values, tmp_path / "x.tif", {})
    stored = tifffile.imread(tmp_path / "x.tif")
    assert stored[0, 0].tolist() == [0, 65535, 0]
    assert stored[0, 1].tolist() == [65535, 0, 25828]


@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.webp"])
def test_values_change_no_other_format(tmp_path: Path, name: str) -> None:
    write_picture(gradient(), tmp_path / name, SETTINGS, values=np.zeros((32, 48, 3)))
    assert difference(images.load(tmp_path / name), gradient()) < 2


def test_a_tiff_without_values_has_8_bits(tmp_path: Path) -> None:
    write_picture(gradient(), tmp_path / "x.tif", SETTINGS)
    with tifffile.TiffFile(tmp_path / "x.tif") as stored:
        assert stored.pages.first.bitspersample == 8


@pytest.mark.parametrize(("name", "most"), [("x.jpg", 65500), ("x.webp", 16383)])
def test_the_largest_picture_of_a_format_is_written_and_a_larger_one_refused(
    tmp_path: Path, name: str, most: int
) -> None:
    strip = Image.new("RGB", (most, 16))
    check_size(strip.size, tmp_path / name)
    write_picture(strip, tmp_path / name, SETTINGS)
    for size in ((most + 1, 16), (16, most + 1)):
        check_size(size, Path("x.png"))
        with pytest.raises(InvalidInput, match=f"takes at most {most} a side"):
            check_size(size, tmp_path / name)
