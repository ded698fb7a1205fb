"""The Bot API's methods that change messages which exist."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from telegram.constants import BulkRequestLimit, CallbackQueryLimit, ReactionEmoji

from bot.playground.contents import caption_of, input_media_of, text_of
from bot.playground.entities import utf16_length
from bot.playground.errors import bad_request
from bot.playground.keyboards import read_keyboard
from bot.playground.messages import Content, Message
from bot.playground.parameters import Parameters
from bot.playground.targets import chat_of, message_of, own_message_of, writable_chat_of
from bot.playground.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


async def edit_message_text(world: World, parameters: Parameters) -> Any:
    """Answer editMessageText, for messages without media."""
    text, entities = text_of(parameters)
    message = own_message_of(world, parameters)
    if message.content.media:
        raise bad_request("there is no text in the message to edit")
    keyboard = read_keyboard(parameters, inline_only=True)
    return _edit(world, message, Content(text, entities, keyboard=keyboard))


async def edit_message_caption(world: World, parameters: Parameters) -> Any:
    """Answer editMessageCaption, for messages with media."""
    text, entities = caption_of(parameters)
    message = own_message_of(world, parameters)
    if not message.content.media:
        raise bad_request("there is no caption in the message to edit")
    keyboard = read_keyboard(parameters, inline_only=True)
    return _edit(world, message, Content(text, entities, message.content.media, keyboard))


async def edit_message_media(world: World, parameters: Parameters) -> Any:
    """Answer editMessageMedia; a text message becomes one with media."""
    own_message_of(world, parameters)
    keyboard = read_keyboard(parameters, inline_only=True)
    item = parameters.json("media", "media")
    media, (text, entities) = await input_media_of(world.files, parameters, item)
    message = own_message_of(world, parameters)  # it may have been deleted in the meantime
    old = message.content.media
    if message.links.media_group and old and old.kind != media.kind:
        raise bad_request("message can't be edited: an album holds one kind of media")
    return _edit(world, message, Content(text, entities, media, keyboard))


async def edit_message_reply_markup(world: World, parameters: Parameters) -> Any:
    """Answer editMessageReplyMarkup."""
    message = own_message_of(world, parameters)
    keyboard = read_keyboard(parameters, inline_only=True)
    return _edit(world, message, replace(message.content, keyboard=keyboard))


def _edit(world: World, message: Message, content: Content) -> dict[str, Any]:
    if content.same_as(message.content):
        raise bad_request(NOT_MODIFIED)
    only_buttons = content.same_as(replace(message.content, keyboard=content.keyboard))
    world.edit(message, content, visibly=not only_buttons)
    return world.for_bot(message)


async def delete_message(world: World, parameters: Parameters) -> Any:
    """Answer deleteMessage: any in a private chat, only the bot's own in a group."""
    message = message_of(chat_of(world, parameters), parameters, "delete")
    _check_deletable(world, message)
    world.delete(message)
    return True


async def delete_messages(world: World, parameters: Parameters) -> Any:
    """Answer deleteMessages: those that are not found are skipped."""
    chat = chat_of(world, parameters)
    ids = parameters.json("message_ids", "message identifiers")
    if not isinstance(ids, list) or not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > BulkRequestLimit.MAX_LIMIT:
        raise bad_request("too many message identifiers specified")
    found = [message for number in ids if (message := chat.standing(number))]
    for message in found:
        _check_deletable(world, message)
    for message in found:
        world.delete(message)
    return True


def _check_deletable(world: World, message: Message) -> None:
    if message.chat < 0 and message.sender is not world.bot:
        raise bad_request("message can't be deleted for everyone")


async def set_message_reaction(world: World, parameters: Parameters) -> Any:
    """Answer setMessageReaction: at most one emoji, as for every bot."""
    message = message_of(writable_chat_of(world, parameters), parameters, "react")
    reactions = parameters.json("reaction", "reaction types") or []
    if not isinstance(reactions, list) or not all(isinstance(one, dict) for one in reactions):
        raise bad_request("expected an Array of ReactionType")
    emojis = [str(one.get("emoji")) for one in reactions]
    if len(emojis) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(emoji not in list(ReactionEmoji) for emoji in emojis):
        raise bad_request("REACTION_INVALID")
    message.reactions = emojis
    world.show(message)
    return True


async def answer_callback_query(world: World, parameters: Parameters) -> Any:
    """Answer answerCallbackQuery: once, while the query is young."""
    text = parameters.text("text")
    if utf16_length(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = parameters.text("callback_query_id")
    if not world.presses.answer(query_id, text, alert=parameters.flag("show_alert")):
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return True
