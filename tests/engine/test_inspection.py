"""The decoding process, for real: it answers, refuses, and takes the blame for what kills it."""

from __future__ import annotations

import asyncio
import io
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from pictures import difference, encoded, gradient
from PIL import Image

from engine.errors import InvalidPicture
from engine.images import load, save_png, with_alpha
from engine.inspection import Picture, inspect, to_jpeg


def written(folder: Path, data: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(data)
    return path


def processes_with(argument: str) -> list[str]:
    """The command lines of living processes that contain the argument."""
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listing.stdout.splitlines() if argument in line]


async def refused(path: Path, **limits: float) -> InvalidPicture:
    with pytest.raises(InvalidPicture) as caught:
        await inspect(path, **limits)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF"])
async def test_a_picture_is_described(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, encoded(gradient(), kind))
    assert await inspect(path) == Picture(48, 32, kind)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "HEIF", "AVIF"])
async def test_the_size_is_upright(tmp_path: Path, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = written(tmp_path, encoded(gradient(), kind, exif=exif.tobytes()))
    assert await inspect(path) == Picture(32, 48, kind)


async def test_a_refusal_keeps_its_code_and_numbers(tmp_path: Path) -> None:
    error = await refused(written(tmp_path, encoded(gradient(size=(8, 9)), "PNG")))
    assert error.code == "too_small"
    assert error.values == {"width": 8, "height": 9, "minimum": 16}
    assert (await refused(written(tmp_path, b"MZ is no picture"))).code == "not_an_image"


async def test_a_picture_whose_end_is_missing_is_found(tmp_path: Path) -> None:
    data = encoded(gradient(size=(300, 300)), "JPEG")
    assert (await refused(written(tmp_path, data[: len(data) // 2]))).code == "truncated"


@pytest.mark.parametrize("kind", ["PNG", "HEIF", "AVIF"])
async def test_a_picture_that_eats_the_memory_is_refused(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, encoded(Image.new("RGB", (5000, 5000)), kind))
    assert await inspect(path) == Picture(5000, 5000, kind)
    assert (await refused(path, memory_bytes=80 << 20)).code == "truncated"


async def test_a_picture_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    started = time.monotonic()
    error = await refused(written(tmp_path, encoded(gradient(), "PNG")), seconds=0.01)
    assert error.code == "truncated"
    assert time.monotonic() - started < 5


async def test_a_cancelled_look_leaves_no_process(tmp_path: Path) -> None:
    path = written(tmp_path, encoded(gradient(), "PNG"))
    task = asyncio.create_task(inspect(path))
    await asyncio.sleep(0.03)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not processes_with(str(path))


async def test_a_result_becomes_a_small_jpeg(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    save_png(Image.fromarray(noise), tmp_path / "result.png", text={"seed": "1"})
    best = await to_jpeg(tmp_path / "result.png", max_edge=4096, max_bytes=1 << 20)
    small = await to_jpeg(tmp_path / "result.png", max_edge=200, max_bytes=30_000)
    assert Image.open(io.BytesIO(best)).size == (400, 300)
    assert Image.open(io.BytesIO(small)).size == (200, 150)
    assert len(small) <= 30_000 < len(best)


async def test_the_jpeg_of_a_transparent_result_is_painted_all_over(tmp_path: Path) -> None:
    clear = with_alpha(gradient(), Image.new("L", gradient().size))
    save_png(clear, tmp_path / "result.png", text={})
    jpeg = await to_jpeg(tmp_path / "result.png", max_edge=4096, max_bytes=1 << 20)
    assert difference(load(jpeg), gradient()) < 2
