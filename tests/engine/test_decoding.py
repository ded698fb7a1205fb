"""Every kind of damage, and every size that is out of bounds, is one sentence."""

from __future__ import annotations

import contextlib
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from pictures import encoded, gradient
from PIL import Image

from engine import images
from engine.errors import InvalidPicture


def refusal(data: bytes, **options: Any) -> InvalidPicture:
    with pytest.raises(InvalidPicture) as caught:
        images.load(data, **options)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return caught.value


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").code == "empty"


def test_a_text_file_is_refused() -> None:
    assert refusal(b"Dear bot, this is no picture at all.").code == "not_an_image"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP"])
@pytest.mark.parametrize("share", [0.1, 0.6, 0.9])
def test_a_picture_cut_short_is_refused(kind: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    whole = encoded(Image.fromarray(noise), kind)
    assert refusal(whole[: int(len(whole) * share)]).code == "truncated"


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 15)])
def test_a_picture_too_small_is_refused_with_its_size(size: tuple[int, int]) -> None:
    error = refusal(encoded(Image.new("RGB", size), "PNG"))
    assert error.code == "too_small"
    assert (error.values["width"], error.values["height"]) == size
    assert f"{size[0]} x {size[1]}" in str(error)


@pytest.mark.parametrize("edge", [7_000, 10_000, 20_000])
def test_too_many_pixels_are_refused_from_the_header(edge: int) -> None:
    header = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    body = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    idat = b"IDAT"
    error = refusal(data + struct.pack(">I", 0) + idat + struct.pack(">I", zlib.crc32(idat)))
    assert error.code == "too_many_pixels"
    assert error.values == {"megapixels": edge * edge // 1_000_000, "limit": 40}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP"])
def test_no_pixel_of_too_many_is_decoded(kind: str) -> None:
    data = bytearray(encoded(gradient(size=(200, 100)), kind))
    middle = slice(len(data) // 2, len(data) * 3 // 4)
    data[middle] = bytes(len(data[middle]))
    assert refusal(bytes(data), max_pixels=19_999).code == "too_many_pixels"


def test_a_few_pixels_over_the_limit_still_give_a_sensible_sentence() -> None:
    error = refusal(encoded(gradient(size=(1001, 1000)), "PNG"), max_pixels=1_000_000)
    assert str(error) == "The picture has 2 megapixels; at most 1 can be read."


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP"])
def test_random_damage_is_a_picture_or_a_refusal(kind: str) -> None:
    random = np.random.default_rng(3)
    whole = np.frombuffer(encoded(gradient(), kind), np.uint8)
    for _ in range(60):
        data = whole.copy()
        data[random.integers(0, len(data), 4)] = random.integers(0, 256, 4)
        with contextlib.suppress(InvalidPicture):
            assert images.load(data.tobytes()).mode == "RGB"
