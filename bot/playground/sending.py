"""The Bot API's methods that make new messages."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from telegram.constants import ChatAction, MediaGroupLimit

from bot.playground.contents import caption_of, input_media_of, media_of, text_of
from bot.playground.errors import bad_request
from bot.playground.keyboards import read_keyboard
from bot.playground.messages import Content, Links
from bot.playground.parameters import Parameters
from bot.playground.targets import chat_of, message_of, reply_of, writable_chat_of
from bot.playground.world import World


async def send_message(world: World, parameters: Parameters) -> Any:
    """Answer sendMessage."""
    content = Content(*text_of(parameters), keyboard=read_keyboard(parameters))
    return _send(world, parameters, content)


async def send_photo(world: World, parameters: Parameters) -> Any:
    """Answer sendPhoto."""
    return await _send_media(world, parameters, "photo")


async def send_document(world: World, parameters: Parameters) -> Any:
    """Answer sendDocument; a thumbnail the bot sends along is not used."""
    return await _send_media(world, parameters, "document")


async def send_sticker(world: World, parameters: Parameters) -> Any:
    """Answer sendSticker, for still ones."""
    return await _send_media(world, parameters, "sticker")


async def _send_media(world: World, parameters: Parameters, kind: str) -> Any:
    writable_chat_of(world, parameters)
    caption, keyboard = caption_of(parameters), read_keyboard(parameters)
    media = await media_of(world.files, parameters, kind)
    return _send(world, parameters, Content(*caption, media=media, keyboard=keyboard))


async def send_media_group(world: World, parameters: Parameters) -> Any:
    """Answer sendMediaGroup, of photos or of documents."""
    chat = writable_chat_of(world, parameters)
    items = parameters.json("media", "media")
    if not isinstance(items, list):
        raise bad_request("expected an Array of InputMedia")
    if len(items) > MediaGroupLimit.MAX_MEDIA_LENGTH:
        raise bad_request("too many messages to send as an album")
    if len(items) < MediaGroupLimit.MIN_MEDIA_LENGTH:
        raise bad_request("too few messages to send as an album")
    if len({str(item.get("type")) for item in items if isinstance(item, dict)}) > 1:
        raise bad_request("can't mix photos and documents in one album")
    parts = [await input_media_of(world.files, parameters, item) for item in items]
    links = Links(media_group=new_album(), reply_to=reply_of(chat, parameters))
    return [
        world.for_bot(world.send(chat, world.bot, Content(*caption, media=media), links))
        for media, caption in parts
    ]


def new_album() -> str:
    """A media_group_id."""
    return str(10**16 + secrets.randbelow(9 * 10**16))


async def copy_message(world: World, parameters: Parameters) -> Any:
    """Answer copyMessage: the same content without a link to its origin."""
    origin = message_of(chat_of(world, parameters, "from_chat_id"), parameters, "copy")
    content = replace(origin.content, keyboard=read_keyboard(parameters))
    if "caption" in parameters and content.media:
        text, entities = caption_of(parameters)
        content = replace(content, text=text, entities=entities)
    return {"message_id": _send(world, parameters, content)["message_id"]}


async def forward_message(world: World, parameters: Parameters) -> Any:
    """Answer forwardMessage."""
    chat = writable_chat_of(world, parameters)
    origin = message_of(chat_of(world, parameters, "from_chat_id"), parameters, "forward")
    content = replace(origin.content, keyboard=None)
    return world.for_bot(world.send(chat, world.bot, content, Links(forwarded_from=origin)))


async def send_chat_action(world: World, parameters: Parameters) -> Any:
    """Answer sendChatAction."""
    chat = writable_chat_of(world, parameters)
    action = parameters.text("action")
    if action not in list(ChatAction):
        raise bad_request("wrong parameter action in request")
    world.events.publish("action", {"chat": chat.id, "action": action})
    return True


def _send(world: World, parameters: Parameters, content: Content) -> dict[str, Any]:
    chat = writable_chat_of(world, parameters)
    reply = reply_of(chat, parameters)
    return world.for_bot(world.send(chat, world.bot, content, Links(reply_to=reply)))
