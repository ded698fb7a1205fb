"""What people send: every mode, format and kind of damage becomes an RGB image or one sentence."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from pictures import SIZE, difference, encoded, gradient
from PIL import Image, ImageCms

from engine import images
from engine.settings import Settings


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP"])
def test_every_format_is_read_as_rgb(kind: str) -> None:
    image = images.load(encoded(gradient(), kind))
    assert image.mode == "RGB"
    assert difference(image, gradient()) < 12


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "LA", "CMYK", "P"])
def test_every_mode_is_read_as_rgb(mode: str) -> None:
    picture = gradient().quantize() if mode == "P" else gradient(mode)
    image = images.load(encoded(picture, "TIFF" if mode == "CMYK" else "PNG"))
    assert image.mode == "RGB"
    assert difference(image, picture) < 1


@pytest.mark.parametrize(("kind", "top"), [(np.uint16, 65535), (np.int32, 65535), (np.float32, 1)])
def test_deep_grey_keeps_its_range(kind: type[np.generic], top: float) -> None:
    grey = gradient("L")
    deep = Image.fromarray((np.asarray(grey, np.float64) * top / 255).astype(kind))
    assert difference(images.load(encoded(deep, "TIFF")), grey) < 1


def test_16_bit_grey_png_keeps_its_range() -> None:
    values = np.linspace(0, 65535, 48 * 32).reshape(32, 48).astype(np.uint16)
    image = images.load(encoded(Image.fromarray(values), "PNG"))
    assert np.abs(np.asarray(image)[..., 0] - values / 257).max() <= 0.5


def test_16_bit_colour_png_is_read() -> None:
    image = images.load(png_of_16_bit_rgb(40, 20, (65535, 32896, 0)))
    assert image.getpixel((5, 5)) == (255, 128, 0)


def png_of_16_bit_rgb(width: int, height: int, color: tuple[int, int, int]) -> bytes:
    """Pillow cannot write one: signature, IHDR, IDAT, IEND by hand (PNG specification, 5)."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    rows = (b"\0" + struct.pack(">3H", *color) * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_not_inverted(kind: str) -> None:
    white = Image.new("CMYK", SIZE, (0, 0, 0, 0))
    pixel = images.load(encoded(white, kind)).getpixel((10, 10))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_orientation_is_applied(orientation: int, kind: str) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # EXIF 2.32, 4.6.4 → Image.Transpose
    upright = gradient()
    stored = upright
    if orientation > 1:
        stored = upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = images.load(encoded(stored, kind, exif=exif))
    assert difference(image, upright) < 6


def test_a_damaged_exif_block_does_not_lose_the_picture() -> None:
    image = images.load(
        encoded(gradient(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\xff\xff" + b"\xff" * 20)
    )
    assert image.size == SIZE


def test_an_embedded_profile_is_converted_to_srgb() -> None:
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = swapped.index(b"rXYZ"), swapped.index(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    pure_red = Image.new("RGB", SIZE, (255, 0, 0))
    pixel = images.load(encoded(pure_red, "PNG", icc_profile=bytes(swapped))).getpixel((3, 3))
    assert isinstance(pixel, tuple)
    assert pixel[1] > 250
    assert pixel[0] < 5


def test_a_damaged_profile_is_ignored() -> None:
    image = images.load(encoded(gradient(), "PNG", icc_profile=b"not a profile"))
    assert difference(image, gradient()) == 0


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_parts_become_white(mode: str) -> None:
    picture = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 24, 32))
    data = encoded(picture.quantize() if mode == "P" else picture.convert(mode), "PNG")
    image = images.load(data)
    assert image.getpixel((5, 5)) == (0, 0, 0)
    assert image.getpixel((40, 5)) == (255, 255, 255)


def test_a_colour_declared_transparent_becomes_white() -> None:
    picture = Image.new("RGB", SIZE, (10, 20, 30))
    image = images.load(encoded(picture, "PNG", transparency=(10, 20, 30)))
    assert image.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_gives_its_first_frame(kind: str) -> None:
    second = Image.new("RGB", SIZE, "black")
    data = encoded(gradient(), kind, save_all=True, append_images=[second], duration=100)
    assert difference(images.load(data), gradient()) < 12


def test_a_jpeg_keeps_its_chroma_and_carries_srgb() -> None:
    data = images.encode_jpeg(gradient(), 90)
    with Image.open(io.BytesIO(data)) as image:
        assert image.getexif() == {}
        assert image.info["icc_profile"]
        assert {layer[1:3] for layer in image.layer} == {(1, 1)}  # type: ignore[attr-defined]


def test_a_saved_png_tells_its_settings_and_nothing_personal(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ada"
    exif.get_ifd(0x8825)[1] = "N"
    image = images.load(encoded(gradient(), "JPEG", exif=exif))
    settings = Settings(style_weight=321.5, seed=7, start="content")
    path = tmp_path / "result.png"
    images.save_png(image, path, text=images.settings_text(settings))
    assert images.read_settings(path) == settings
    assert b"Ada" not in path.read_bytes()
    assert difference(images.load(path), image) == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["result.png"]


def test_equal_pictures_are_equal_files(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        images.save_png(gradient(), tmp_path / name, text={"note": "Ван Гог"})
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    assert images.read_text(tmp_path / "one.png") == {"note": "Ван Гог"}


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "result.png"
    images.save_png(gradient(), path, text={})
    before = path.read_bytes()
    with pytest.raises(OSError, match="cannot write mode"):
        images.save_png(gradient().convert("HSV"), path, text={})
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_foreign_png_tells_no_settings(tmp_path: Path) -> None:
    gradient().save(tmp_path / "foreign.png")
    gradient().save(tmp_path / "foreign.jpg")
    assert images.read_settings(tmp_path / "foreign.png") is None
    assert images.read_settings(tmp_path / "foreign.jpg") is None


@pytest.mark.parametrize(("edge", "expected"), [(24, (24, 16)), (48, SIZE), (500, SIZE)])
def test_fit_bounds_the_longest_edge(edge: int, expected: tuple[int, int]) -> None:
    assert images.fit(gradient(), edge).size == expected
