"""A playground killed with SIGKILL and started again: nobody notices but by the pause."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from clients import Paint, new_bot
from mortal import MortalPlayground
from person import ADA, BORIS, CLEO, PAINTERS, Person
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import ChatMigrated

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Stop", callback_data="stop")]])


@pytest.fixture
async def mortal(folder: Path) -> AsyncIterator[MortalPlayground]:
    async with MortalPlayground(folder) as mortal:
        yield mortal


@pytest.fixture
async def bot(mortal: MortalPlayground) -> AsyncIterator[Bot]:
    async with new_bot(mortal.address) as bot:
        yield bot


@pytest.fixture
async def ada(mortal: MortalPlayground) -> AsyncIterator[Person]:
    async with Person(mortal.address.url) as ada:
        yield ada


async def sight(ada: Person) -> dict[str, Any]:
    """Everything that anyone can see."""
    world = await ada.request("GET", "/api/world")
    chats = {chat["id"]: await ada.also(chat=chat["id"]).messages() for chat in world["chats"]}
    return {**world, "messages": chats, "ever": await ada.request("GET", "/api/transcript")}


async def heard_by(bot: Bot) -> list[int]:
    """The messages of all pending updates, which are confirmed thereby."""
    heard: list[int] = []
    offset = 0
    while updates := await bot.get_updates(offset):
        heard += [update.message.message_id for update in updates if update.message]
        offset = updates[-1].update_id + 1
    return heard


async def test_people_see_the_same_messages(
    mortal: MortalPlayground, bot: Bot, ada: Person, paint: Paint
) -> None:
    said = await ada.say("Hello \N{ARTIST PALETTE}, @easel_bot")
    await ada.send_album([paint(), paint(400, 300)], caption="/paint", reply_to=said)
    await ada.send_file(paint(form="PNG"), "Ада.png")
    await ada.send_sticker(paint(mode="RGBA", form="PNG"))
    await bot.set_message_reaction(ADA, said["id"], "\N{EYES}")
    sent = await bot.send_message(ADA, "<b>One</b>", parse_mode="HTML", reply_markup=KEYS)
    await sent.edit_text("<i>Two</i>", parse_mode="HTML", reply_markup=KEYS)
    await bot.edit_message_media(InputMediaPhoto(paint()), ADA, sent.message_id)
    await sent.reply_text("An answer")
    await sent.forward(PAINTERS)
    await ada.delete(await ada.say("Wrong"))
    before = await sight(ada)
    await mortal.restart()
    assert await sight(ada) == before


async def test_people_and_the_bot_stay_as_they_were(
    mortal: MortalPlayground, bot: Bot, ada: Person
) -> None:
    await bot.set_my_commands([("paint", "Paint a picture")], language_code="en")
    await bot.set_my_name("Easel the Second")
    await bot.set_my_description("It paints")
    await ada.also(user=BORIS).block()
    await ada.also(user=CLEO).speak("pt-br")
    dan = await ada.let_in("Dan", "ru")
    await ada.also(user=dan, chat=dan).say("Hello")
    group = ada.also(chat=await ada.also(chat=PAINTERS).upgrade_group())
    await group.put_bot_out()
    await group.say("Gone?")
    before = await sight(ada)
    await mortal.restart()
    assert await sight(ada) == before
    assert (await bot.get_my_description()).description == "It paints"
    assert (await bot.get_chat_member(group.chat, bot.id)).status == "kicked"
    with pytest.raises(ChatMigrated):
        await bot.get_chat(PAINTERS)


async def test_only_unconfirmed_updates_come_again(
    mortal: MortalPlayground, bot: Bot, ada: Person
) -> None:
    for text in ("done", "waits", "waits too"):
        await ada.say(text)
    updates = await bot.get_updates(allowed_updates=["message"])
    await bot.get_updates(offset=updates[1].update_id)
    await mortal.restart()
    assert await bot.get_updates() == updates[1:]
    await ada.block()  # a kind that the bot has not asked for
    await ada.block(False)
    await ada.say("new")
    *_, latest = await bot.get_updates()
    assert latest.message
    assert latest.message.text == "new"
    assert latest.update_id > updates[-1].update_id


async def test_updates_are_confirmed_while_the_poll_still_waits(
    mortal: MortalPlayground, bot: Bot, ada: Person
) -> None:
    await ada.say("done")
    (update,) = await bot.get_updates()
    poll = asyncio.create_task(bot.get_updates(offset=update.update_id + 1, timeout=20))
    await asyncio.sleep(0.2)
    await mortal.restart()
    await asyncio.gather(poll, return_exceptions=True)
    assert await bot.get_updates() == ()


async def test_an_old_message_can_be_edited_answered_and_deleted(
    mortal: MortalPlayground, bot: Bot, ada: Person
) -> None:
    said, sent = await ada.say("Paint"), await bot.send_message(ADA, "Step 1", reply_markup=KEYS)
    await mortal.restart()
    await bot.edit_message_text("Step 2", ADA, sent.message_id, reply_markup=KEYS)
    versions = await ada.history({"id": sent.message_id})
    assert [version["text"] for version in versions] == ["Step 1", "Step 2"]
    answer = await bot.send_message(ADA, "Done", reply_to_message_id=said["id"])
    assert answer.message_id > sent.message_id
    await mortal.restart()
    await bot.delete_message(ADA, sent.message_id)
    assert [one.get("reply_to", {}).get("text") for one in await ada.messages()] == [None, "Paint"]


async def test_files_are_found_by_id_and_path_and_can_be_sent_again(
    mortal: MortalPlayground, bot: Bot, ada: Person, paint: Paint
) -> None:
    shown = await ada.send_photo(paint(400, 300))
    kept = await bot.send_document(ADA, io.BytesIO(b"any bytes"), filename="notes.txt")
    (update,) = await bot.get_updates()
    assert update.message
    assert kept.document
    largest = update.message.photo[-1]
    file = await largest.get_file()
    data = bytes(await file.download_as_bytearray())
    await mortal.restart()
    assert bytes(await file.download_as_bytearray()) == data
    assert (await largest.get_file()).file_path == file.file_path
    assert await ada.download(shown["photo"]) == data
    again = await bot.send_photo(BORIS, largest.file_id)
    assert again.photo == update.message.photo
    resent = await bot.send_document(BORIS, kept.document.file_id)
    assert resent.document == kept.document
    await mortal.restart()
    assert bytes(await (await resent.document.get_file()).download_as_bytearray()) == b"any bytes"


@pytest.mark.parametrize("enough", [1, 6, 15])
async def test_what_was_answered_before_a_kill_is_there_with_its_update(
    mortal: MortalPlayground, bot: Bot, ada: Person, paint: Paint, enough: int
) -> None:
    answered: dict[int, str] = {}
    picture = paint()

    async def chatter(name: str) -> None:
        for number in count():
            text = f"{name} {number}"
            send = ada.say(text) if number % 3 else ada.send_photo(picture, caption=text)
            answered[(await send)["id"]] = text

    chats = [asyncio.create_task(chatter(name)) for name in ("a", "b", "c")]
    while len(answered) < enough:
        await asyncio.sleep(0.01)
    await mortal.kill()
    ends = await asyncio.gather(*chats, return_exceptions=True)
    assert all(isinstance(end, aiohttp.ClientError | OSError) for end in ends)
    await mortal.start()
    messages = await ada.messages()
    found = {one["id"]: one.get("text") or one["caption"] for one in messages}
    assert answered.items() <= found.items()
    assert await heard_by(bot) == list(found)
    for message in messages:
        if "photo" in message:
            assert await ada.download(message["photo"])
