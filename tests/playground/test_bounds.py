"""What is kept of a playground used for months: the latest messages, and files of so many bytes."""

from __future__ import annotations

import io
from pathlib import Path

import aiohttp
import pytest
from clients import Paint, new_bot
from lasting import running, said, stored
from person import ADA, BORIS
from telegram import InputMediaPhoto
from telegram.error import BadRequest

from bot.playground.depot import MemoryDepot
from bot.playground.files import Files
from bot.playground.media import Upload


async def test_only_the_latest_messages_of_a_chat_are_kept_with_their_files(
    folder: Path, paint: Paint
) -> None:
    async with running(folder, most_messages=3) as (_, ada):
        await ada.send_photo(paint(), caption="old")
        shown = await ada.send_photo(paint(), caption="newer")
        kept = stored(folder)
        await ada.say("a")
        await ada.also(user=BORIS).say("elsewhere")
        await ada.say("b")
        assert len(await ada.transcript()) == len(await ada.messages()) == 3
        assert len(stored(folder)) == len(kept) - 1 == 1
    async with running(folder) as (_, ada):
        assert await said(ada) == ["", "a", "b"]
        assert await said(ada.also(user=BORIS)) == ["elsewhere"]
        assert await ada.download(shown["photo"])


@pytest.mark.parametrize("lasting", [False, True])
async def test_the_oldest_messages_go_when_their_files_are_too_large(
    folder: Path, lasting: bool
) -> None:
    async with running(folder if lasting else None, most_bytes=2500) as (playground, ada):
        first = await ada.send_file(bytes(1000), "first")
        await ada.also(user=BORIS).send_file(b"1" * 1000, "second")
        await ada.say("third")
        await ada.send_file(b"2" * 1000, "fourth")
        assert await said(ada) == ["third", ""]
        assert len(await ada.also(user=BORIS).messages()) == 1
        with pytest.raises(aiohttp.ClientResponseError, match="404"):
            await ada.download(first["document"])
        async with new_bot(playground) as bot:
            update, *_ = await bot.get_updates()
            assert update.message
            assert update.message.document
            with pytest.raises(BadRequest, match="Invalid file_id"):
                await update.message.document.get_file()


async def test_files_that_another_message_shows_stay(folder: Path, paint: Paint) -> None:
    picture, other = paint(), paint()
    async with running(folder, most_messages=2) as (playground, ada):
        async with new_bot(playground) as bot:
            sent = await bot.send_photo(ADA, picture, caption="first")
            await bot.edit_message_media(InputMediaPhoto(other), ADA, sent.message_id)
            again = await bot.send_photo(BORIS, sent.photo[-1].file_id)
            await bot.send_photo(BORIS, picture)
        await ada.say("a")
        await ada.say("b")
        assert len(stored(folder)) == 1
        await ada.also(user=BORIS).say("c")
        assert len(stored(folder)) == 1
        (shown, _) = await ada.also(user=BORIS).messages()
        assert shown["id"] != again.message_id
        assert await ada.download(shown["photo"])


async def test_an_answer_to_a_message_that_went_looks_the_same_later(folder: Path) -> None:
    async with running(folder, most_messages=2) as (_, ada):
        first = await ada.say("first")
        await ada.say("answer", reply_to=first)
        await ada.say("more")
        before = await ada.messages()
        assert before[0]["reply_to"] == {
            "id": first["id"],
            "name": "Ada",
            "text": "Deleted message",
        }
    async with running(folder) as (_, ada):
        assert await ada.messages() == before


async def test_an_edit_that_needs_room_spares_its_own_message(folder: Path) -> None:
    async with running(folder, most_bytes=1500) as (playground, ada), new_bot(playground) as bot:
        sent = await bot.send_message(ADA, "Step 0")
        await ada.also(user=BORIS).say("later")
        for _ in range(3):
            await bot.send_document(BORIS, io.BytesIO(bytes(400)), filename="x")
        assert [one["id"] for one in await ada.messages()] == [sent.message_id]


async def test_media_released_while_a_call_is_carried_out_are_found_again(paint: Paint) -> None:
    files = Files(MemoryDepot())
    media = await files.add("photo", Upload(paint(), "", "image/jpeg"))
    files.hold(media)
    files.release(media)
    assert files.media(media.file.id) is None
    files.hold(media)
    files.sweep()
    assert files.media(media.file.id) is media
    assert await files.read(media.file)
    files.release(media)
    files.sweep()
    assert files.held_bytes == 0
    assert await files.read(media.file) is None
