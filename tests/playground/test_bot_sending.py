"""The Bot API's methods that make new messages, called by python-telegram-bot over HTTP."""

from __future__ import annotations

import pytest
from clients import Paint, refusal
from person import ADA, PAINTERS, Person
from telegram import (
    Bot,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden

from bot.playground import Playground

NOWHERE = 77


def keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([buttons])


async def test_a_message_arrives_with_its_formatting(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ADA, " 🎨 <b>Bold</b> &amp; <i>italic</i> ", parse_mode="HTML")
    assert sent.text == "🎨 Bold & italic"
    assert sent.parse_entities() == {sent.entities[0]: "Bold", sent.entities[1]: "italic"}
    seen = await ada.message(sent.message_id)
    assert seen["html"] == "🎨 <b>Bold</b> &amp; <i>italic</i>"
    assert seen["from"] == {"id": 4242, "name": "Easel", "bot": True}


async def test_explicit_entities_are_kept(bot: Bot) -> None:
    bold = MessageEntity("bold", 0, 4)
    assert (await bot.send_message(ADA, "Bold", entities=[bold])).entities == (bold,)


async def test_broken_entities_are_refused(playground: Playground) -> None:
    for entities in (1, [1], [{"type": "bold"}], "[{"):
        error = await refusal(playground, "sendMessage", chat_id=ADA, text="x", entities=entities)
        assert error.startswith("can't parse MessageEntity")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Message text is empty"),
        ("  \n ", "Message text is empty"),
        ("x" * 4097, "Message is too long"),
        ("🎨" * 2049, "Message is too long"),
        ("<b>x", "end tag corresponding to start tag"),
    ],
)
async def test_impossible_texts_are_refused(bot: Bot, text: str, error: str) -> None:
    with pytest.raises(BadRequest, match=error):
        await bot.send_message(ADA, text, parse_mode="HTML")


async def test_only_html_is_read(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Unsupported parse_mode"):
        await bot.send_message(ADA, "*x*", parse_mode="MarkdownV2")


async def test_unknown_chats_are_refused(bot: Bot, playground: Playground) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(NOWHERE, "x")
    assert await refusal(playground, "sendMessage", text="x") == "chat_id is empty"


async def test_a_blocked_bot_may_not_send(bot: Bot, ada: Person) -> None:
    await ada.block()
    for call in (bot.send_message(ADA, "x"), bot.send_chat_action(ADA, "typing")):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await call
    await ada.block(False)
    await bot.send_message(ADA, "x")


async def test_a_reply_names_its_message(bot: Bot, ada: Person) -> None:
    question = await ada.say("why?")
    answer = await bot.send_message(
        ADA, "because", reply_parameters=ReplyParameters(question["id"])
    )
    assert answer.reply_to_message
    assert answer.reply_to_message.text == "why?"
    seen = await ada.message(answer.message_id)
    assert seen["reply_to"] == {"id": question["id"], "name": "Ada", "text": "why?"}


async def test_a_reply_to_nothing_is_refused_unless_allowed(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(ADA, "x", reply_parameters=ReplyParameters(5))
    lenient = ReplyParameters(5, allow_sending_without_reply=True)
    sent = await bot.send_message(ADA, "x", reply_parameters=lenient)
    assert sent.reply_to_message is None


async def test_buttons_of_every_kind_reach_the_page(bot: Bot, ada: Person) -> None:
    buttons = keyboard(
        InlineKeyboardButton("Go", callback_data="go", style="success"),
        InlineKeyboardButton("Read", url="https://example.org/"),
        InlineKeyboardButton("Copy", copy_text=CopyTextButton("/set style_weight 200")),
    )
    sent = await bot.send_message(ADA, "x", reply_markup=buttons)
    assert sent.reply_markup == buttons
    assert (await ada.message(sent.message_id))["keyboard"] == [
        [
            {"text": "Go", "data": "go", "style": "success"},
            {"text": "Read", "url": "https://example.org/"},
            {"text": "Copy", "copy": "/set style_weight 200"},
        ]
    ]


@pytest.mark.parametrize(
    ("button", "error"),
    [
        ({"text": "x", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "ж" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "Text buttons are unallowed"),
        ({"text": "", "callback_data": "x"}, "must be non-empty"),
        ({"callback_data": "x"}, "field text must be a String"),
        ({"text": "x", "url": "javascript:alert(1)"}, "URL 'javascript:alert(1)' is invalid"),
        ({"text": "x", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "callback_data": "x", "style": "pink"}, "invalid button style"),
    ],
)
async def test_impossible_buttons_are_refused(
    playground: Playground, button: dict[str, object], error: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    description = await refusal(
        playground, "sendMessage", chat_id=ADA, text="x", reply_markup=markup
    )
    assert error in description


async def test_a_hundred_buttons_are_the_most(bot: Bot) -> None:
    rows = [[InlineKeyboardButton("x", callback_data="x")]] * 101
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(ADA, "x", reply_markup=InlineKeyboardMarkup(rows))
    await bot.send_message(ADA, "x", reply_markup=InlineKeyboardMarkup(rows[1:]))


async def test_other_keyboards_are_taken_and_not_shown(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ADA, "x", reply_markup=ForceReply())
    assert "keyboard" not in await ada.message(sent.message_id)


async def test_a_copy_forgets_its_origin_and_a_forward_names_it(
    bot: Bot, ada: Person, paint: Paint
) -> None:
    photo = await ada.send_photo(paint(), caption="mine")
    copy = await bot.copy_message(PAINTERS, ADA, photo["id"], caption="a copy")
    forward = await bot.forward_message(PAINTERS, ADA, photo["id"])
    assert forward.forward_origin
    assert forward.forward_origin.sender_user.id == ADA
    seen = await ada.also(chat=PAINTERS).messages()
    assert [(one["id"], one["caption"]) for one in seen] == [
        (copy.message_id, "a copy"),
        (forward.message_id, "mine"),
    ]


async def test_what_is_gone_cannot_be_copied_or_forwarded(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(PAINTERS, ADA, 5)
    with pytest.raises(BadRequest, match="Message to forward not found"):
        await bot.forward_message(PAINTERS, ADA, 5)


async def test_an_unknown_action_is_refused(bot: Bot) -> None:
    assert await bot.send_chat_action(ADA, "upload_photo")
    with pytest.raises(BadRequest, match="Wrong parameter action"):
        await bot.send_chat_action(ADA, "dance")
