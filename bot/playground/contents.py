"""What a bot's call wants a message to say: text, caption, media."""

from __future__ import annotations

from typing import Any

from telegram.constants import MessageLimit

from bot.playground.entities import Entity, parse_html, tidied, utf16_length
from bot.playground.errors import PictureError, bad_request
from bot.playground.files import Files
from bot.playground.media import Media
from bot.playground.parameters import Parameters

Formatted = tuple[str, tuple[Entity, ...]]
MAX_PHOTO_BYTES = 10 << 20


def text_of(parameters: Parameters) -> Formatted:
    """The text of a call that needs one; raises ApiError."""
    entities = parameters.json("entities", "MessageEntity")
    found = _formatted(parameters.text("text"), parameters.text("parse_mode"), entities)
    if not found[0]:
        raise bad_request("message text is empty")
    if utf16_length(found[0]) > MessageLimit.MAX_TEXT_LENGTH:
        raise bad_request("message is too long")
    return found


def caption_of(parameters: Parameters) -> Formatted:
    """The caption of a call, maybe empty; raises ApiError."""
    entities = parameters.json("caption_entities", "MessageEntity")
    return _caption(parameters.text("caption"), parameters.text("parse_mode"), entities)


async def media_of(files: Files, parameters: Parameters, kind: str) -> Media:
    """The photo or document of a call: uploaded, or sent before; raises ApiError."""
    if kind not in parameters:
        raise bad_request(f"there is no {kind} in the request")
    return await _media(files, parameters, kind, kind, parameters.text(kind))


async def input_media_of(
    files: Files, parameters: Parameters, item: Any
) -> tuple[Media, Formatted]:
    """The media and caption of an InputMedia object; raises ApiError."""
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = item.get("type")
    if kind not in ("photo", "document"):
        raise bad_request("can't parse InputMedia: the playground takes photos and documents")
    source = item.get("media")
    if not isinstance(source, str) or not source:
        raise bad_request("can't parse InputMedia: media not found")
    mode, entities = item.get("parse_mode") or "", item.get("caption_entities")
    caption = _caption(str(item.get("caption") or ""), str(mode), entities)
    return await _media(files, parameters, kind, "", source), caption


async def _media(files: Files, parameters: Parameters, kind: str, field: str, source: str) -> Media:
    attached = source.removeprefix("attach://") if source.startswith("attach://") else field
    if upload := parameters.file(attached):
        if not upload.data:
            raise bad_request("file must be non-empty")
        if kind == "photo" and (size := len(upload.data)) > MAX_PHOTO_BYTES:
            raise bad_request(
                f"file of size {size} bytes is too big for a photo; "
                f"the maximum size is {MAX_PHOTO_BYTES} bytes"
            )
        try:
            return await files.add(kind, upload)
        except PictureError as refusal:
            raise bad_request(refusal.code) from None
    if source.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # the playground fetches nothing
    media = files.media(source)
    if media is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if media.kind != kind:
        raise bad_request(
            f"can't use file of type {media.kind.capitalize()} as {kind.capitalize()}"
        )
    return media


def _caption(source: str, mode: str, entities: Any) -> Formatted:
    found = _formatted(source, mode, entities)
    if utf16_length(found[0]) > MessageLimit.CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    return found


def _formatted(source: str, mode: str, entities: Any) -> Formatted:
    if mode.lower() == "html":
        text, found = parse_html(source)
    elif mode:
        raise bad_request("unsupported parse_mode: the playground reads HTML")
    else:
        text, found = source, _explicit(entities)
    text, found = tidied(text, found)
    return text, tuple(found)


def _explicit(entities: Any) -> list[Entity]:
    if entities is None:
        return []
    if not isinstance(entities, list) or not all(map(_is_entity, entities)):
        raise bad_request("can't parse MessageEntity: expected an Array of Objects")
    return [entity for entity in entities if entity["length"] > 0]


def _is_entity(entity: Any) -> bool:
    return (
        isinstance(entity, dict)
        and isinstance(entity.get("type"), str)
        and isinstance(entity.get("offset"), int)
        and isinstance(entity.get("length"), int)
        and entity["offset"] >= 0
    )
