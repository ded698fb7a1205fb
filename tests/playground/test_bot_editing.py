"""The Bot API's methods that change messages, called by python-telegram-bot over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from clients import Paint, refusal
from person import ADA, PAINTERS, Person
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    ReactionTypeEmoji,
)
from telegram.error import BadRequest, Forbidden

from bot.playground import Playground

STOP = InlineKeyboardMarkup([[InlineKeyboardButton("Stop", callback_data="stop")]])
NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
EDITS: dict[str, Callable[..., Awaitable[object]]] = {
    "text": lambda bot, **at: bot.edit_message_text("new", **at),
    "caption": lambda bot, **at: bot.edit_message_caption(caption="new", **at),
    "media": lambda bot, **at: bot.edit_message_media(InputMediaPhoto("AgAC"), **at),
    "buttons": lambda bot, **at: bot.edit_message_reply_markup(reply_markup=STOP, **at),
}


def at(message: Message) -> dict[str, int]:
    return {"chat_id": message.chat_id, "message_id": message.message_id}


async def test_text_can_be_edited(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ADA, "old", reply_markup=STOP)
    edited = await bot.edit_message_text("<b>new</b>", **at(sent), parse_mode="HTML")
    assert isinstance(edited, Message)
    assert (edited.text_html, edited.message_id) == ("<b>new</b>", sent.message_id)
    assert edited.edit_date
    seen = await ada.message(sent.message_id)
    assert (seen["text"], seen["edited"], seen["versions"]) == ("new", True, 2)


async def test_a_keyboard_that_is_not_sent_again_is_dropped(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ADA, "old", reply_markup=STOP)
    edited = await bot.edit_message_text("new", **at(sent))
    assert isinstance(edited, Message)
    assert edited.reply_markup is None
    assert "keyboard" not in await ada.message(sent.message_id)


async def test_changing_only_the_buttons_leaves_no_mark(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ADA, "x")
    await bot.edit_message_reply_markup(**at(sent), reply_markup=STOP)
    seen = await ada.message(sent.message_id)
    assert seen["keyboard"] == [[{"text": "Stop", "data": "stop"}]]
    assert (seen["edited"], seen["versions"]) == (False, 2)


async def test_a_text_becomes_a_photo_and_better_photos(
    bot: Bot, ada: Person, paint: Paint
) -> None:
    sent = await bot.send_message(ADA, "Queued", reply_markup=STOP)
    for percent in (10, 20):
        media = InputMediaPhoto(paint(), caption=f"<b>{percent} %</b>", parse_mode="HTML")
        edited = await bot.edit_message_media(media, **at(sent), reply_markup=STOP)
        assert isinstance(edited, Message)
        assert edited.photo
        assert edited.caption_html == f"<b>{percent} %</b>"
    history = await ada.history({"id": sent.message_id})
    assert [version.get("caption", version.get("text")) for version in history] == [
        "Queued",
        "10 %",
        "20 %",
    ]
    assert history[1]["photo"]["sha256"] != history[2]["photo"]["sha256"]


async def test_a_text_becomes_a_document(bot: Bot, ada: Person, paint: Paint) -> None:
    sent, data = await bot.send_message(ADA, "x"), paint(30, 30, "PNG")
    await bot.edit_message_media(InputMediaDocument(data, filename="a.png"), **at(sent))
    seen = await ada.message(sent.message_id)
    assert await ada.download(seen["document"]) == data


async def test_a_caption_can_be_edited_and_removed(bot: Bot, ada: Person, paint: Paint) -> None:
    sent = await bot.send_photo(ADA, paint(), caption="old")
    await bot.edit_message_caption(**at(sent), caption="new")
    assert (await ada.message(sent.message_id))["caption"] == "new"
    await bot.edit_message_caption(**at(sent))
    assert "caption" not in await ada.message(sent.message_id)


async def test_text_and_caption_are_not_confused(bot: Bot, paint: Paint) -> None:
    photo, text = await bot.send_photo(ADA, paint()), await bot.send_message(ADA, "x")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", **at(photo))
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(**at(text), caption="x")


async def test_the_same_again_is_not_modified(bot: Bot, paint: Paint) -> None:
    text = await bot.send_message(ADA, "x", reply_markup=STOP)
    picture = paint()
    photo = await bot.send_photo(ADA, picture, caption="c", reply_markup=STOP)
    same = InputMediaPhoto(picture, caption="c")
    for edit in (
        bot.edit_message_text("x", **at(text), reply_markup=STOP),
        bot.edit_message_reply_markup(**at(text), reply_markup=STOP),
        bot.edit_message_caption(**at(photo), caption="c", reply_markup=STOP),
        bot.edit_message_media(same, **at(photo), reply_markup=STOP),
    ):
        with pytest.raises(BadRequest) as refused:
            await edit
        assert str(refused.value) == NOT_MODIFIED


@pytest.mark.parametrize("kind", EDITS)
async def test_no_edit_finds_what_is_gone_or_someone_elses(
    bot: Bot, ada: Person, kind: str
) -> None:
    hers, mine = await ada.say("hers"), await bot.send_message(ADA, "mine")
    edit = EDITS[kind]
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await edit(bot, chat_id=ADA, message_id=hers["id"])
    await ada.delete({"id": mine.message_id})
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await edit(bot, **at(mine))
    with pytest.raises(BadRequest, match="Message identifier is not specified"):
        await edit(bot, chat_id=ADA, message_id=0)
    await ada.block()
    with pytest.raises(Forbidden):
        await edit(bot, **at(mine))


async def test_an_edit_takes_only_inline_keyboards(playground: Playground, bot: Bot) -> None:
    sent = await bot.send_message(ADA, "x")
    markup = ForceReply().to_dict()
    error = await refusal(playground, "editMessageText", **at(sent), text="y", reply_markup=markup)
    assert error == "inline keyboard expected"


async def test_a_media_edit_takes_photos_and_documents(bot: Bot, paint: Paint) -> None:
    sent = await bot.send_message(ADA, "x")
    with pytest.raises(BadRequest, match="takes photos and documents"):
        await bot.edit_message_media(InputMediaVideo(paint()), **at(sent))
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.edit_message_media(InputMediaPhoto("nonsense"), **at(sent))
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.edit_message_media(InputMediaPhoto(paint(), caption="x" * 1025), **at(sent))


async def test_an_album_keeps_its_kind(bot: Bot, paint: Paint) -> None:
    first, _ = await bot.send_media_group(ADA, [InputMediaPhoto(paint()), InputMediaPhoto(paint())])
    with pytest.raises(BadRequest, match="one kind of media"):
        await bot.edit_message_media(InputMediaDocument(paint()), **at(first))
    await bot.edit_message_media(InputMediaPhoto(paint()), **at(first))


async def test_deleted_messages_leave_the_chat_but_not_the_transcript(
    bot: Bot, ada: Person
) -> None:
    sent = await bot.send_message(ADA, "x")
    assert await bot.delete_message(ADA, sent.message_id)
    assert await ada.messages() == []
    assert [(one["text"], one["deleted"]) for one in await ada.transcript()] == [("x", True)]
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(ADA, sent.message_id)


async def test_several_messages_are_deleted_at_once(bot: Bot, ada: Person) -> None:
    ids = [(await bot.send_message(ADA, "x")).message_id for _ in range(2)]
    assert await bot.delete_messages(ADA, [*ids, 5])
    assert await ada.messages() == []
    with pytest.raises(BadRequest, match="Too many message identifiers"):
        await bot.delete_messages(ADA, list(range(1, 102)))
    with pytest.raises(BadRequest, match="identifiers are not specified"):
        await bot.delete_messages(ADA, [])


async def test_in_a_group_the_bot_deletes_only_its_own(bot: Bot, ada: Person) -> None:
    hers = await ada.also(chat=PAINTERS).say("hers")
    mine = await bot.send_message(PAINTERS, "mine")
    for delete in (
        bot.delete_message(PAINTERS, hers["id"]),
        bot.delete_messages(PAINTERS, [mine.message_id, hers["id"]]),
    ):
        with pytest.raises(BadRequest, match="can't be deleted for everyone"):
            await delete
    await bot.delete_message(PAINTERS, mine.message_id)


async def test_a_reaction_is_shown_and_taken_back(bot: Bot, ada: Person) -> None:
    hers = await ada.say("x")
    await bot.set_message_reaction(ADA, hers["id"], "👀")
    seen = await ada.message(hers["id"])
    assert (seen["reactions"], seen["versions"]) == (["👀"], 1)
    await bot.set_message_reaction(ADA, hers["id"], [])
    assert (await ada.message(hers["id"]))["reactions"] == []


async def test_impossible_reactions_are_refused(bot: Bot, ada: Person) -> None:
    hers = await ada.say("x")
    two = [ReactionTypeEmoji("👀"), ReactionTypeEmoji("🎉")]
    for message, reaction, error in (
        (hers["id"], two, "Reactions_too_many"),
        (hers["id"], "🦖", "Reaction_invalid"),
        (5, "👀", "Message to react not found"),
    ):
        with pytest.raises(BadRequest, match=error):
            await bot.set_message_reaction(ADA, message, reaction)
