"""What a person's request says, read and checked; every mistake is a PersonError."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.playground.errors import PersonError
from bot.playground.media import Upload
from bot.playground.parameters import read_form, read_json

MEDIA = ("photo", "document", "sticker")


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What a person wants to send: text, or 1 to 10 files with `text` as the caption."""

    user: int
    text: str
    reply_to: int | None
    kind: str = ""
    files: tuple[Upload, ...] = ()


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of a body."""
    try:
        body = read_json(await request.text())
    except ValueError:
        raise PersonError(400, "The body is not JSON.") from None
    except web.HTTPRequestEntityTooLarge:
        raise PersonError(400, "That is too much for one request.") from None
    if not isinstance(body, dict):
        raise PersonError(400, "The body is not a JSON object.")
    return body


async def read_message(request: web.Request) -> NewMessage:
    """A message to send, from JSON or multipart."""
    if request.content_type.startswith("multipart/"):
        return await _read_media(request)
    body = await read_object(request)
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise PersonError(400, "A message needs some text.")
    return NewMessage(integer(body, "user"), text, optional_integer(body, "reply_to"))


async def _read_media(request: web.Request) -> NewMessage:
    try:
        form = await read_form(request)
    except web.HTTPRequestEntityTooLarge:
        raise PersonError(400, "Those files are too large together.") from None
    except ValueError:
        raise PersonError(400, "The multipart body cannot be read.") from None
    files = tuple(value for name, value in form if name == "file" and isinstance(value, Upload))
    fields = {name: value for name, value in form if isinstance(value, str)}
    kind = fields.get("as", "photo")
    if kind not in MEDIA:
        raise PersonError(400, f"A file is sent as one of {', '.join(MEDIA)}.")
    if not 1 <= len(files) <= (1 if kind == "sticker" else 10):
        raise PersonError(400, "Send 1 to 10 photos or files at once, and stickers one by one.")
    if not all(file.data for file in files):
        raise PersonError(400, "An empty file cannot be sent.")
    reply_to = optional_integer(fields, "reply_to")
    caption = fields.get("caption", "")
    return NewMessage(integer(fields, "user"), caption, reply_to, kind, files)


def integer(body: dict[str, Any], name: str) -> int:
    """A number that must be there."""
    value = body.get(name)
    try:
        return int(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise PersonError(400, f"The field {name} must be a whole number.") from None


def optional_integer(body: dict[str, Any], name: str) -> int | None:
    """A number that may be missing."""
    return None if body.get(name) in (None, "") else integer(body, name)


def boolean(body: dict[str, Any], name: str) -> bool:
    """A truth value that must be there."""
    value = body.get(name)
    if not isinstance(value, bool):
        raise PersonError(400, f"The field {name} must be true or false.")
    return value


def word(body: dict[str, Any], name: str) -> str:
    """A text that must be there."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise PersonError(400, f"The field {name} must be text.")
    return value
