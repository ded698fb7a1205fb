"""Files as the bot meets them: photo ladders, documents, stickers, downloads."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import aiohttp
import pytest
from clients import Paint, refusal
from person import ADA, Person
from PIL import Image
from telegram import Bot, Message
from telegram.error import BadRequest, InvalidToken

from bot.playground import Playground


async def received(bot: Bot) -> Message:
    (update,) = await bot.get_updates()
    assert update.message
    return update.message


@pytest.mark.parametrize(
    ("size", "longest_edges"),
    [
        ((60, 40), [60]),
        ((90, 40), [90]),
        ((100, 320), [90, 320]),
        ((1300, 200), [90, 320, 800, 1280, 1300]),
        ((200, 3000), [90, 320, 800, 1280, 2560]),
    ],
)
async def test_a_photo_has_a_ladder_of_sizes_and_is_never_enlarged(
    bot: Bot, ada: Person, paint: Paint, size: tuple[int, int], longest_edges: list[int]
) -> None:
    await ada.send_photo(paint(*size, mode="L"))
    sizes = (await received(bot)).photo
    assert [max(one.width, one.height) for one in sizes] == longest_edges
    assert len({one.file_id for one in sizes}) == len({one.file_unique_id for one in sizes})
    for one in (sizes[0], sizes[-1]):
        data = bytes(await (await one.get_file()).download_as_bytearray())
        assert len(data) == one.file_size
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.size) == ("JPEG", (one.width, one.height))


async def test_a_photo_comes_back_re_encoded_and_turned_upright(
    bot: Bot, ada: Person, paint: Paint
) -> None:
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    with Image.open(io.BytesIO(paint(60, 40))) as image:
        image.save(buffer, "JPEG", exif=exif, quality=100)
    await ada.send_photo(buffer.getvalue())
    (size,) = (await received(bot)).photo
    assert (size.width, size.height) == (40, 60)
    assert (size.file_size or 0) < len(buffer.getvalue())


async def test_transparency_turns_white(ada: Person) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(buffer, "PNG")
    sent = await ada.send_photo(buffer.getvalue())
    with Image.open(io.BytesIO(await ada.download(sent["photo"]))) as image:
        assert image.getpixel((10, 10)) == (255, 255, 255)


async def test_the_same_bytes_keep_their_unique_id(bot: Bot, ada: Person, paint: Paint) -> None:
    data = paint(30, 30)
    await ada.send_photo(data)
    await ada.send_photo(data)
    first, second = (update.message for update in await bot.get_updates())
    assert first
    assert second
    assert first.photo[0].file_unique_id == second.photo[0].file_unique_id
    assert first.photo[0].file_id != second.photo[0].file_id


async def test_a_document_is_downloaded_byte_for_byte(
    bot: Bot, ada: Person, paint: Paint, tmp_path: Path
) -> None:
    data = paint(500, 400, "TIFF")
    await ada.send_file(data, "scan.tiff", caption="style 200")
    message = await received(bot)
    document = message.document
    assert document
    assert (document.mime_type, document.file_size) == ("image/tiff", len(data))
    assert message.caption == "style 200"
    assert document.thumbnail
    assert (document.thumbnail.width, document.thumbnail.height) == (320, 256)
    file = await document.get_file()
    assert (await file.download_to_drive(tmp_path / "x")).read_bytes() == data
    assert (await bot.get_file(document.thumbnail.file_id)).file_path


async def test_a_large_file_is_handed_out_whole(bot: Bot, ada: Person) -> None:
    data = bytes(range(256)) * 10_000
    sent = await ada.send_file(data, "data.bin")
    file = await bot.get_file((await received(bot)).document)
    assert bytes(await file.download_as_bytearray()) == data
    assert await ada.download(sent["document"]) == data


async def test_what_is_no_picture_has_no_thumbnail(bot: Bot, ada: Person) -> None:
    await ada.send_file(b"just words", "notes.txt")
    document = (await received(bot)).document
    assert document
    assert (document.mime_type, document.thumbnail) == ("text/plain", None)


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
async def test_a_sticker_is_a_webp_of_at_most_512_px(
    bot: Bot, ada: Person, paint: Paint, form: str
) -> None:
    data = paint(300, 200, form)
    await ada.send_sticker(data)
    sticker = (await received(bot)).sticker
    assert sticker
    assert (sticker.width, sticker.height, sticker.is_animated) == (300, 200, False)
    got = bytes(await (await sticker.get_file()).download_as_bytearray())
    assert (got == data) == (form == "WEBP")
    with Image.open(io.BytesIO(got)) as image:
        assert image.format == "WEBP"


async def test_a_large_sticker_is_made_smaller(bot: Bot, ada: Person, paint: Paint) -> None:
    await ada.send_sticker(paint(600, 1200, "WEBP"))
    sticker = (await received(bot)).sticker
    assert sticker
    assert (sticker.width, sticker.height) == (256, 512)


async def test_a_file_above_20_mb_cannot_be_downloaded(bot: Bot, ada: Person) -> None:
    await ada.send_file(bytes((20 << 20) + 1), "big.bin")
    document = (await received(bot)).document
    assert document
    with pytest.raises(BadRequest, match="File is too big"):
        await document.get_file()


async def test_unknown_files_are_refused(bot: Bot, playground: Playground) -> None:
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("BQACnonsense")
    assert await refusal(playground, "getFile") == "file_id not specified"


async def test_a_path_is_only_for_the_bot_and_only_for_what_is_there(
    bot: Bot, ada: Person, playground: Playground, paint: Paint
) -> None:
    await ada.send_photo(paint())
    path = (await (await received(bot)).photo[0].get_file()).file_path or ""
    statuses = {}
    async with aiohttp.ClientSession() as session:
        for url in (path, path.replace("photos/", "secrets/"), path.replace("PLAY", "PL")):
            async with session.get(url) as answer:
                statuses[url] = answer.status
    assert list(statuses.values()) == [200, 404, 401]
    with pytest.raises(InvalidToken):
        await bot.request.retrieve(f"{playground.base_file_url}nonsense/x")


async def test_the_transcript_names_the_bytes_the_bot_sent(bot: Bot, ada: Person) -> None:
    sent = await bot.send_document(ADA, b"words", filename="words.txt")
    (version,) = await ada.history({"id": sent.message_id})
    assert version["document"]["sha256"] == hashlib.sha256(b"words").hexdigest()
    assert sent.document
    assert version["document"]["file_id"] == sent.document.file_id
