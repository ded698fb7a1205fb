"""Messages and their versions as plain JSON objects, and back.

Reading raises KeyError, TypeError or ValueError when an object is not what was written.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.playground.files import Files
from bot.playground.media import Document, Media, Photo, Sticker, StoredFile
from bot.playground.messages import Account, Chat, Content, Message, Version

Record = dict[str, Any]


def version_record(version: Version) -> Record:
    """A version of a message; media are in it whole, their bytes by SHA-256."""
    content = version.content
    return {
        "at": version.at,
        "text": content.text,
        "entities": content.entities,
        "keyboard": content.keyboard,
        "media": content.media and _media_record(content.media),
    }


def read_version(record: Record, files: Files) -> Version:
    """A version; its media become known to `files`."""
    keyboard = record["keyboard"]
    content = Content(
        record["text"],
        tuple(record["entities"]),
        files.know(_read_media(record["media"])) if record["media"] else None,
        tuple(tuple(row) for row in keyboard) if keyboard else None,
    )
    return Version(record["at"], content)


def _media_record(media: Media) -> Record:
    if isinstance(media, Photo):
        return {"kind": media.kind, "sizes": [asdict(size) for size in media.sizes]}
    small = media.thumbnail and asdict(media.thumbnail)
    return {"kind": media.kind, "file": asdict(media.file), "thumbnail": small}


def _read_media(record: Record) -> Media:
    if record["kind"] == Photo.kind:
        return Photo(tuple(StoredFile(**size) for size in record["sizes"]))
    file = StoredFile(**record["file"])
    small = StoredFile(**record["thumbnail"]) if record["thumbnail"] else None
    return Document(file, small) if record["kind"] == Document.kind else Sticker(file, small)


def message_record(message: Message) -> Record:
    """A message without its versions."""
    return {
        "sender": message.sender.id,
        "edit_date": message.edit_date,
        "deleted": message.deleted,
        "reactions": message.reactions,
        "media_group": message.links.media_group,
        "reply_to": _reference(message.links.reply_to),
        "forwarded_from": _reference(message.links.forwarded_from),
    }


def _reference(message: Message | None) -> Record | None:
    """Enough to show a message that is kept no more."""
    if message is None:
        return None
    return {
        "chat": message.chat,
        "id": message.id,
        "sender": message.sender.id,
        "at": message.history[0].at,
    }


def chat_record(chat: Chat) -> Record:
    """A chat without its messages."""
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "members": chat.members,
        "has_bot": chat.has_bot,
        "upgraded_to": chat.upgraded_to,
        "next_id": chat.next_id,
    }


def read_chat(record: Record) -> Chat:
    """A chat without its messages."""
    return Chat(**{**record, "members": tuple(record["members"])})


def person_record(person: Account) -> Record:
    """A person with what they can change about themselves."""
    return {
        "id": person.id,
        "name": person.name,
        "username": person.username,
        "language": person.language,
        "blocked": person.blocked,
    }
