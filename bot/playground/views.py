"""The same messages as a bot gets them in updates, and as the chat page gets them."""

from __future__ import annotations

from typing import Any

from bot.playground import keyboards
from bot.playground.media import Document, Media, Photo
from bot.playground.messages import Account, Chat, Content, Message, Version
from bot.playground.rendering import render

Json = dict[str, Any]


def account_for_bot(account: Account) -> Json:
    """A User of the Bot API."""
    user: Json = {"id": account.id, "is_bot": account.is_bot, "first_name": account.name}
    if account.username:
        user["username"] = account.username
    if not account.is_bot:
        user["language_code"] = account.language
    return user


def chat_for_bot(chat: Chat, accounts: dict[int, Account]) -> Json:
    """A Chat of the Bot API."""
    if chat.type == "private":
        person = accounts[chat.id]
        return {
            "id": chat.id,
            "type": "private",
            "first_name": person.name,
            "username": person.username,
        }
    return {"id": chat.id, "type": chat.type, "title": chat.title}


def message_for_bot(message: Message, chat: Json, *, with_reply: bool = True) -> Json:
    """A Message of the Bot API; the message replied to carries no reply of its own."""
    content = message.content
    view: Json = {
        "message_id": message.id,
        "from": account_for_bot(message.sender),
        "chat": chat,
        "date": message.date,
        **_content_for_bot(content),
    }
    if message.edit_date:
        view["edit_date"] = message.edit_date
    if message.links.media_group:
        view["media_group_id"] = message.links.media_group
    if origin := message.links.forwarded_from:
        sender = account_for_bot(origin.sender)
        view["forward_origin"] = {"type": "user", "sender_user": sender, "date": origin.date}
    if with_reply and message.links.reply_to and not message.links.reply_to.deleted:
        view["reply_to_message"] = message_for_bot(message.links.reply_to, chat, with_reply=False)
    if content.keyboard:
        view["reply_markup"] = keyboards.as_update(content.keyboard)
    return view


def _content_for_bot(content: Content) -> Json:
    if content.media is None:
        entities = {"entities": list(content.entities)} if content.entities else {}
        return {"text": content.text, **entities}
    view: Json = {content.media.kind: content.media.as_update()}
    if content.text:
        view["caption"] = content.text
        if content.entities:
            view["caption_entities"] = list(content.entities)
    return view


def message_for_page(message: Message) -> Json:
    """What docs/playground.md calls a message."""
    sender = message.sender
    view: Json = {
        "id": message.id,
        "chat": message.chat,
        "from": {"id": sender.id, "name": sender.name, "bot": sender.is_bot},
        "date": message.date,
        "edited": message.edit_date is not None,
        **_content_for_page(message.content),
        "reactions": list(message.reactions),
        "versions": len(message.history),
    }
    if message.content.text:
        view["html"] = render(message.content.text, message.content.entities)
    if message.links.media_group:
        view["media_group"] = message.links.media_group
    if message.links.reply_to:
        view["reply_to"] = _quoted(message.links.reply_to)
    return view


def _quoted(message: Message) -> Json:
    media = message.content.media
    words = "Deleted message" if message.deleted else message.content.text
    return {
        "id": message.id,
        "name": message.sender.name,
        "text": words or (media.kind.capitalize() if media else ""),
    }


def _content_for_page(content: Content) -> Json:
    view: Json = {}
    if content.media is None:
        view["text"] = content.text
    else:
        view |= _media_for_page(content.media)
        if content.text:
            view["caption"] = content.text
    if content.keyboard:
        view["keyboard"] = keyboards.as_page(content.keyboard)
    return view


def _media_for_page(media: Media) -> Json:
    file = media.file
    size = {"width": file.width, "height": file.height}
    if isinstance(media, Photo):
        return {"photo": {"url": file.url, **size}}
    if isinstance(media, Document):
        about = {"url": file.url, "name": file.name, "size": file.size, "mime": file.mime}
        small = {"thumbnail": media.thumbnail.url} if media.thumbnail else {}
        return {"document": {**about, **small}}
    return {"sticker": {"url": file.url, **size}}


def message_in_transcript(message: Message) -> Json:
    """A message, deleted or not, with its history."""
    return {
        **message_for_page(message),
        "deleted": message.deleted,
        "history": [_version(version) for version in message.history],
    }


def _version(version: Version) -> Json:
    view = {"at": version.at, **_content_for_page(version.content)}
    if media := version.content.media:
        view[media.kind] |= {"file_id": media.file.id, "sha256": media.file.sha256}
    return view
