"""Button presses: told to the bot, answered by it, from several people."""

from __future__ import annotations

from asyncio import gather as together

import pytest
from person import ADA, BORIS, PAINTERS, Person
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from telegram.error import BadRequest

STOP = InlineKeyboardMarkup([[InlineKeyboardButton("Stop", callback_data="stop")]])


async def test_a_press_is_told_and_answered(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ADA, "x", reply_markup=STOP)

    async def answer() -> None:
        (update,) = await bot.get_updates(timeout=5)
        query = update.callback_query
        assert query
        assert (query.data, query.from_user.id) == ("stop", ADA)
        assert query.message == sent
        await query.answer("Stopped", show_alert=True)

    told, _ = await together(ada.press({"id": sent.message_id}, "Stop"), answer())
    assert told == {"text": "Stopped", "show_alert": True}


async def test_anyone_in_a_group_can_press(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(PAINTERS, "x", reply_markup=STOP)
    boris = ada.also(user=BORIS, chat=PAINTERS)

    async def answer() -> None:
        (update,) = await bot.get_updates(timeout=5)
        assert update.effective_user
        assert update.effective_user.id == BORIS
        assert update.callback_query
        await update.callback_query.answer()

    told, _ = await together(boris.press({"id": sent.message_id}, "stop"), answer())
    assert told == {"text": "", "show_alert": False}


async def test_a_query_is_answered_once(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ADA, "x", reply_markup=STOP)

    async def answer_twice() -> None:
        (update,) = await bot.get_updates(timeout=5)
        assert update.callback_query
        with pytest.raises(BadRequest, match="Message_too_long"):
            await update.callback_query.answer("x" * 201)
        await update.callback_query.answer()
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
            await update.callback_query.answer()

    await together(ada.press({"id": sent.message_id}, "stop"), answer_twice())


async def test_an_unknown_query_is_too_old(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="or query id is invalid"):
        await bot.answer_callback_query("12345")
