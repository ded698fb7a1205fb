"""Which picture a message carries, if any: a photo, an image sent as a file, or a still sticker."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message

from bot.limits import MAX_DOWNLOAD_BYTES

IMAGE_MIME = "image/"
UNKNOWN_MIMES = ("", "application/octet-stream")  # some apps know no better for HEIC and TIFF


@dataclass(frozen=True, slots=True)
class Sent:
    """A picture a person sent, by Telegram's ids."""

    file_id: str
    unique_id: str
    message_id: int


class NoPicture(Exception):
    """A message without a usable picture; `key` names the text that says why."""

    def __init__(self, key: str, **values: int) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def picture_of(message: Message) -> Sent:
    """The message's picture; raises NoPicture."""
    if message.photo:
        size = message.photo[-1]
        return Sent(size.file_id, size.file_unique_id, message.message_id)
    if message.sticker:
        if message.sticker.is_animated or message.sticker.is_video:
            raise NoPicture("moving")
        return Sent(message.sticker.file_id, message.sticker.file_unique_id, message.message_id)
    document = message.document
    if document is None:
        moves = message.video or message.animation or message.video_note
        raise NoPicture("moving" if moves else "not_a_picture")
    mime = document.mime_type or ""
    if mime.startswith("video/"):
        raise NoPicture("moving")
    if not mime.startswith(IMAGE_MIME) and mime not in UNKNOWN_MIMES:
        raise NoPicture("not_a_picture")
    if (document.file_size or 0) > MAX_DOWNLOAD_BYTES:
        raise NoPicture("too_many_bytes", megabytes=MAX_DOWNLOAD_BYTES // 1_000_000)
    return Sent(document.file_id, document.file_unique_id, message.message_id)
