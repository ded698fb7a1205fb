"""Every format of a picture, as real bytes through the chat; what moves gets a sentence."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable

import pillow_heif
import pytest
from person import ADA, Person
from PIL import Image
from served import Picture

from bot.rooms import Rooms
from engine.inspection import inspect
from storage import jobs

DONE = " px, "
SIZE = (120, 80)


def gradient(mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize(SIZE).convert("RGB").convert(mode)


def encoded(form: str, mode: str = "RGB", **options: object) -> bytes:
    buffer = io.BytesIO()
    gradient(mode).save(buffer, form, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def heic() -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(gradient()).save(buffer, quality=80)
    return buffer.getvalue()


def moving_gif() -> bytes:
    frames = [Image.new("RGB", SIZE, color) for color in ("blue", "red")]
    return encoded("GIF", save_all=True, append_images=frames, duration=100)


FILES: dict[str, tuple[Callable[[], bytes], str, str, str]] = {
    "PNG": (lambda: encoded("PNG", "RGBA"), "a.png", "image/png", "PNG"),
    "JPEG": (lambda: encoded("JPEG"), "a.jpg", "image/jpeg", "JPEG"),
    "progressive JPEG": (
        lambda: encoded("JPEG", progressive=True),
        "a.jpeg",
        "image/jpeg",
        "JPEG",
    ),
    "WebP": (lambda: encoded("WEBP"), "a.webp", "image/webp", "WEBP"),
    "lossless WebP": (
        lambda: encoded("WEBP", "RGBA", lossless=True),
        "a.webp",
        "image/webp",
        "WEBP",
    ),
    "HEIC": (heic, "IMG_1.HEIC", "image/heic", "HEIF"),
    "HEIC of an app that does not know it": (heic, "a", "application/octet-stream", "HEIF"),
    "TIFF": (lambda: encoded("TIFF"), "a.tif", "image/tiff", "TIFF"),
    "packed TIFF": (
        lambda: encoded("TIFF", compression="tiff_lzw"),
        "a.tiff",
        "image/tiff",
        "TIFF",
    ),
    "first frame of a GIF": (moving_gif, "a.gif", "image/gif", "GIF"),
}


@pytest.mark.parametrize("name", FILES)
async def test_a_file_of_each_format_is_painted_in_its_size(
    ada: Person, picture: Picture, rooms: Rooms, name: str
) -> None:
    make, file_name, mime, form = FILES[name]
    data = make()
    await ada.send_file(data, file_name, mime=mime, caption="size 64, steps 5")
    await ada.wait_for_text("Now the style")
    await ada.send_photo(picture("blue"))
    done = await ada.wait_for_text("5 steps", 30)
    async with rooms.database.read() as session:
        job = await jobs.shown_in(session, ADA, done["id"])
    assert job is not None
    blob = job.pictures[0].blob
    assert blob is not None
    path = rooms.blobs.path(blob)
    assert path.read_bytes() == data  # a file comes without Telegram's compression
    found = await inspect(path)
    assert (found.width, found.height, found.format) == (*SIZE, form)
    assert Image.open(io.BytesIO(await ada.download(done["photo"]))).size == (64, 43)


async def test_a_file_without_a_known_type_that_is_no_picture_is_told(
    ada: Person, picture: Picture
) -> None:
    await ada.send_file(b"\0\1\2\3" * 100, "data.bin", mime="application/octet-stream")
    await ada.wait_for_text("Now the style")
    await ada.send_photo(picture("blue"))
    await ada.wait_for_text("I cannot read this as a picture", 20)


MOVING = {
    "MP4": b"\0\0\0\x18ftypmp42" + bytes(100),
    "animated sticker": gzip.compress(b'{"tgs":1,"v":"5.5.2"}'),
    "video sticker": b"\x1a\x45\xdf\xa3" + bytes(100),
}


@pytest.mark.parametrize("name", MOVING)
async def test_what_moves_gets_a_sentence(ada: Person, name: str) -> None:
    if "sticker" in name:
        await ada.send_sticker(MOVING[name])
    else:
        await ada.send_file(MOVING[name], "clip.mp4", mime="video/mp4")
    await ada.wait_for_text("this one moves. Send a photo or a screenshot of it.")


async def test_a_still_sticker_is_painted(ada: Person, picture: Picture) -> None:
    await ada.send_sticker(encoded("WEBP", "RGBA"))
    await ada.wait_for_text("Now the style")
    await ada.send_photo(picture("blue"))
    await ada.wait_for_text(DONE, 30)
