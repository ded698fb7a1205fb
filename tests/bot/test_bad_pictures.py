"""Whatever is sent: it works, or gets one plain sentence, and everybody else goes on."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from person import BORIS, Person, words
from PIL import Image
from served import Picture

DONE = " px, "


def png(width: int, height: int) -> bytes:
    """A PNG whose header promises that size; its pixels are all zero and compress to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


BAD = {
    "not an image": (b"hello " * 100, "cannot read this as a picture"),
    "truncated": (encoded(Image.effect_noise((300, 300), 90), "JPEG")[:4000], "damaged or cut off"),
    "1x1": (encoded(Image.new("RGB", (1, 1)), "PNG"), "1×1 px"),
    "a decompression bomb": (png(60_000, 60_000), "megapixels"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_picture_gets_one_sentence_and_others_go_on(
    ada: Person, picture: Picture, name: str
) -> None:
    data, sentence = BAD[name]
    await ada.send_file(data, "picture.png", mime="image/png")
    await ada.wait_for_text("Now the style")
    await ada.send_photo(picture("red"))
    boris = ada.also(user=BORIS, chat=BORIS)
    await boris.say("/set iterations 5")
    await boris.send_album([picture("red"), picture("blue")])
    failed = await ada.wait_for_text(sentence, 20)
    assert "Traceback" not in words(failed)
    await boris.wait_for_text("пикс., шагов", 30)


async def test_an_empty_or_foreign_file_is_refused_at_once(ada: Person) -> None:
    await ada.send_file(b"%PDF-1.4", "paper.pdf", mime="application/pdf")
    await ada.wait_for_text("That is not a picture")


async def test_a_file_too_big_to_fetch_is_refused_at_once(ada: Person) -> None:
    await ada.send_file(bytes(20_100_000), "big.png", mime="image/png")
    await ada.wait_for_text("over 20 MB", 30)


def gradient(mode: str) -> Image.Image:
    image = Image.linear_gradient("L").resize((120, 80))
    return image if mode == "L" else image.convert("RGB").convert(mode)


def sixteen_bit() -> Image.Image:
    return Image.frombytes("I;16", (120, 80), bytes(range(240)) * 80)


ODD = {
    "CMYK": (encoded(gradient("CMYK"), "JPEG"), "jpg"),
    "palette": (encoded(gradient("P"), "PNG"), "png"),
    "alpha": (encoded(gradient("RGBA"), "PNG"), "png"),
    "grey and alpha": (encoded(gradient("L").convert("LA"), "PNG"), "png"),
    "16 bit": (encoded(sixteen_bit(), "PNG"), "png"),
}


@pytest.mark.parametrize("name", ODD)
async def test_an_odd_picture_is_painted(ada: Person, picture: Picture, name: str) -> None:
    data, ending = ODD[name]
    mime = "image/jpeg" if ending == "jpg" else "image/png"
    await ada.send_file(data, f"picture.{ending}", mime=mime)
    await ada.wait_for_text("Now the style")
    await ada.send_photo(picture("blue"))
    await ada.wait_for_text(DONE, 30)


async def test_a_rotated_photo_is_painted_upright(ada: Person, picture: Picture) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    data = encoded(gradient("RGB"), "JPEG", exif=exif.tobytes())
    await ada.send_file(data, "photo.jpg", mime="image/jpeg")
    await ada.wait_for_text("Now the style")
    await ada.send_photo(picture("blue"))
    done = await ada.wait_for_text(DONE, 30)
    width, height = Image.open(io.BytesIO(await ada.download(done["photo"]))).size
    assert width < height


async def test_a_very_long_strip_is_painted_too(ada: Person, picture: Picture) -> None:
    await ada.send_file(encoded(gradient("RGB").resize((1000, 20)), "PNG"), mime="image/png")
    await ada.wait_for_text("Now the style")
    await ada.send_photo(picture("blue"))
    await ada.wait_for_text(DONE, 30)
