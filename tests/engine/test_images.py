"""What people send: every mode, format and kind of damage becomes an RGB image or one sentence."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
import tifffile
from pictures import SIZE, difference, encoded, gradient
from PIL import Image, ImageCms

from engine import images


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
    image = images.load(png_of_16_bits(2, (65535, 32896, 0)))
    assert image.getpixel((5, 5)) == (255, 128, 0)


def png_of_16_bits(color_type: int, color: tuple[int, ...], *before_the_pixels: bytes) -> bytes:
    """Pillow cannot write one: signature, IHDR, IDAT, IEND by hand (PNG specification, 5)."""
    width, height = SIZE
    header = struct.pack(">IIBBBBB", width, height, 16, color_type, 0, 0, 0)
    rows = (b"\0" + struct.pack(f">{len(color)}H", *color) * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + b"".join(before_the_pixels)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_16_bit_colour_tiff_is_read(byteorder: str, planes: str, compression: str | None) -> None:
    values = np.asarray(gradient()).astype(np.uint16) * 257
    data = tiff(
        np.moveaxis(values, -1, 0) if planes == "separate" else values,
        photometric="rgb",
        byteorder=byteorder,
        planarconfig=planes,
        compression=compression,
    )
    assert difference(images.load(data), gradient()) == 0


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_tiff_whose_zero_is_white_is_no_negative(kind: type[np.unsignedinteger]) -> None:
    grey = gradient("L")
    top = np.iinfo(kind).max
    values = (top - np.asarray(grey).astype(kind) * (top // 255)).astype(kind)
    assert difference(images.load(tiff(values, photometric="miniswhite")), grey) == 0


def tiff(values: np.ndarray, **options: Any) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, values, metadata=None, **options)
    return buffer.getvalue()


def test_16_bit_colour_heif_is_read() -> None:
    values = np.asarray(gradient()).astype(np.uint16) * 257
    deep = pillow_heif.from_bytes("RGB;16", SIZE, values.tobytes())
    buffer = io.BytesIO()
    deep.save(buffer, quality=-1)
    assert pillow_heif.open_heif(buffer, convert_hdr_to_8bit=False).mode == "RGB;16"
    assert difference(images.load(buffer.getvalue()), gradient()) < 4


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_not_inverted(kind: str) -> None:
    white = Image.new("CMYK", SIZE, (0, 0, 0, 0))
    pixel = images.load(encoded(white, kind)).getpixel((10, 10))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "HEIF", "AVIF"])
def test_orientation_is_applied(orientation: int, kind: str) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # EXIF 2.32, 4.6.4 → Image.Transpose
    upright = gradient()
    stored = upright
    if orientation > 1:
        stored = upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = images.load(encoded(stored, kind, exif=exif.tobytes()))
    assert difference(image, upright) < 8


def test_a_damaged_exif_block_does_not_lose_the_picture() -> None:
    image = images.load(
        encoded(gradient(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\xff\xff" + b"\xff" * 20)
    )
    assert image.size == SIZE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF"])
def test_an_embedded_profile_is_converted_to_srgb(kind: str) -> None:
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = swapped.index(b"rXYZ"), swapped.index(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    pure_red = Image.new("RGB", SIZE, (255, 0, 0))
    image = images.load(encoded(pure_red, kind, icc_profile=bytes(swapped)))
    assert difference(image, Image.new("RGB", SIZE, (0, 255, 0))) < 4


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


def test_a_16_bit_grey_declared_transparent_becomes_white() -> None:
    declared = chunk(b"tRNS", struct.pack(">H", 300))
    assert images.load(png_of_16_bits(0, (300,), declared)).getpixel((0, 0)) == (255, 255, 255)
    assert images.load(png_of_16_bits(0, (301,), declared)).getpixel((0, 0)) == (1, 1, 1)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "HEIF", "AVIF"])
def test_an_animation_gives_its_first_frame(kind: str) -> None:
    second = Image.new("RGB", SIZE, "black")
    data = encoded(gradient(), kind, save_all=True, append_images=[second], duration=100)
    with Image.open(io.BytesIO(data)) as whole:
        assert getattr(whole, "n_frames", 1) == 2
    assert difference(images.load(data), gradient()) < 12


def test_a_jpeg_keeps_its_chroma_and_carries_srgb() -> None:
    data = images.encode_jpeg(gradient(), 90)
    with Image.open(io.BytesIO(data)) as image:
        assert image.getexif() == {}
        assert image.info["icc_profile"]
        assert {layer[1:3] for layer in image.layer} == {(1, 1)}  # type: ignore[attr-defined]


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


@pytest.mark.parametrize(("edge", "expected"), [(24, (24, 16)), (48, SIZE), (500, SIZE)])
def test_fit_bounds_the_longest_edge(edge: int, expected: tuple[int, int]) -> None:
    assert images.fit(gradient(), edge).size == expected
