"""The Bot API's methods that send pictures, called by python-telegram-bot over HTTP."""

from __future__ import annotations

import pytest
from clients import Paint, refusal
from person import ADA, PAINTERS, Person
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    ReplyParameters,
)
from telegram.error import BadRequest, NetworkError

from bot.playground import Playground


async def test_a_photo_comes_with_caption_and_buttons(bot: Bot, ada: Person, paint: Paint) -> None:
    again = InlineKeyboardButton("Again", callback_data="a")
    sent = await bot.send_photo(
        ADA,
        paint(400, 200),
        caption="<b>Done</b>",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup.from_button(again),
    )
    assert [(size.width, size.height) for size in sent.photo] == [(90, 45), (320, 160), (400, 200)]
    assert sent.caption_html == "<b>Done</b>"
    seen = await ada.message(sent.message_id)
    assert (seen["photo"]["width"], seen["html"]) == (400, "<b>Done</b>")


async def test_a_photo_can_be_sent_again_by_any_of_its_ids(bot: Bot, paint: Paint) -> None:
    first = await bot.send_photo(ADA, paint(400, 200))
    again = await bot.send_photo(PAINTERS, first.photo[0].file_id)
    assert again.photo == first.photo


@pytest.mark.parametrize(
    ("width", "height", "error"),
    [
        (9_000, 1_001, "Photo_invalid_dimensions"),
        (2_100, 100, "Photo_invalid_dimensions"),
    ],
)
async def test_photos_of_odd_dimensions_are_refused(
    bot: Bot, paint: Paint, width: int, height: int, error: str
) -> None:
    with pytest.raises(BadRequest, match=error):
        await bot.send_photo(ADA, paint(width, height, mode="L"))


async def test_a_photo_must_be_there(playground: Playground) -> None:
    assert await refusal(playground, "sendPhoto", chat_id=ADA) == "there is no photo in the request"


async def test_what_is_no_photo_is_refused(bot: Bot, paint: Paint) -> None:
    document = (await bot.send_document(ADA, paint())).document
    assert document
    cases = (
        (b"no picture at all", "Image_process_failed"),
        (paint(300, 300)[:5000], "Image_process_failed"),
        (b"", "File must be non-empty"),
        (paint() + bytes(10 << 20), "is too big for a photo; the maximum size is 10485760 bytes"),
        ("AgACnonsense", "Wrong file identifier/http url specified"),
        ("https://example.org/cat.jpg", "Failed to get http url content"),
        (document.file_id, "Can't use file of type document as photo"),
    )
    for photo, error in cases:
        with pytest.raises(BadRequest, match=f"(?i){error}"):
            await bot.send_photo(ADA, photo)


async def test_a_caption_has_its_limit(bot: Bot, paint: Paint) -> None:
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(ADA, paint(), caption="x" * 1025)
    await bot.send_photo(ADA, paint(), caption="x" * 1024)


async def test_a_document_is_kept_byte_for_byte(bot: Bot, ada: Person, paint: Paint) -> None:
    data = paint(600, 300, "PNG")
    sent = await bot.send_document(ADA, data, filename="original.png", caption="Full quality")
    document = sent.document
    assert document
    assert (document.file_name, document.mime_type) == ("original.png", "image/png")
    assert document.thumbnail
    assert (document.thumbnail.width, document.thumbnail.height) == (320, 160)
    seen = await ada.message(sent.message_id)
    assert await ada.download(seen["document"]) == data
    assert seen["document"]["size"] == len(data)


async def test_a_document_above_50_mb_is_too_large(bot: Bot) -> None:
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(ADA, bytes((50 << 20) + 1))


async def test_a_sticker_can_be_sent(bot: Bot, paint: Paint) -> None:
    sent = await bot.send_sticker(ADA, paint(700, 350, "PNG"))
    assert sent.sticker
    assert (sent.sticker.width, sent.sticker.height) == (512, 256)


async def test_an_album_shares_one_group(bot: Bot, ada: Person, paint: Paint) -> None:
    before = await bot.send_photo(ADA, paint(80, 60))
    sent = await bot.send_media_group(
        ADA,
        [
            InputMediaPhoto(paint(), caption="<i>one</i>", parse_mode="HTML"),
            InputMediaPhoto(before.photo[-1].file_id),
        ],
        reply_parameters=ReplyParameters(before.message_id),
    )
    assert len({message.media_group_id for message in sent}) == 1
    assert sent[0].caption_html == "<i>one</i>"
    assert sent[1].photo == before.photo
    seen = (await ada.messages())[-2:]
    assert seen[0]["media_group"] == seen[1]["media_group"]
    assert seen[1]["reply_to"]["text"] == "Photo"


async def test_impossible_albums_are_refused(bot: Bot, paint: Paint) -> None:
    photo, document = InputMediaPhoto(paint()), InputMediaDocument(paint())
    cases = (
        ([photo], "Too few messages"),
        ([photo] * 11, "Too many messages"),
        ([photo, document], "Can't mix"),
        ([InputMediaVideo(b"x"), InputMediaVideo(b"y")], "takes photos and documents"),
    )
    for media, error in cases:
        with pytest.raises(BadRequest, match=error):
            await bot.send_media_group(ADA, media)


async def test_broken_albums_are_refused(playground: Playground) -> None:
    for media, error in (
        ("{}", "expected an Array of InputMedia"),
        ([1, 1], "can't parse InputMedia: expected an Object"),
        ([{"type": "photo"}] * 2, "can't parse InputMedia: media not found"),
        ("[", "can't parse media JSON object"),
    ):
        assert await refusal(playground, "sendMediaGroup", chat_id=ADA, media=media) == error
