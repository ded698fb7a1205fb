"""What a button carries: typed, and short enough for Telegram's 64 bytes.

The wire form is words joined by colons, the first naming the kind. A button whose data no longer
parses (an older version made it) gives None, and the press is answered as stale.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Any

from bot.limits import MAX_CALLBACK_DATA_BYTES


@dataclass(frozen=True, slots=True)
class SettingPress:
    """A button of `/settings`: `action` is up, down, help, preset, page, undo or reset."""

    action: str
    name: str
    owner: int


@dataclass(frozen=True, slots=True)
class GalleryPress:
    """A number under the gallery: paint the waiting photo in that style."""

    slug: str
    owner: int


@dataclass(frozen=True, slots=True)
class JobPress:
    """A button under a job's message.

    Until it is done `action` is keep, discard or swap, afterwards one of those in
    `bot.handlers.results`.
    """

    action: str
    job: str


@dataclass(frozen=True, slots=True)
class ErasePress:
    """An answer to the question of /forget: `answer` is yes or no."""

    answer: str
    owner: int


@dataclass(frozen=True, slots=True)
class BlendPress:
    """A button under a waiting job: more of the style of that number, or with 0 all the same."""

    favoured: int
    job: str


@dataclass(frozen=True, slots=True)
class StylePress:
    """A button of a person's own styles: `action` is use, drop, page, delete or paint.

    `style` is the row's number, 0 where none is meant; `page` counts from 0.
    """

    action: str
    style: int
    page: int
    owner: int


Press = SettingPress | GalleryPress | JobPress | ErasePress | BlendPress | StylePress
KINDS: dict[str, type[Any]] = {
    "s": SettingPress,
    "g": GalleryPress,
    "j": JobPress,
    "e": ErasePress,
    "b": BlendPress,
    "y": StylePress,
}


def pack(press: Press) -> str:
    """The button's data on the wire."""
    kind = next(key for key, cls in KINDS.items() if isinstance(press, cls))
    data = ":".join([kind, *(str(value) for value in astuple(press))])
    if len(data.encode()) > MAX_CALLBACK_DATA_BYTES:
        raise ValueError(f"callback data of {len(data)} bytes: {data}")
    return data


def unpack(data: str) -> Press | None:
    """The press a button's data stands for, or None when no kind fits."""
    kind, *words = data.split(":")
    cls = KINDS.get(kind)
    if cls is None or len(words) != len(fields(cls)):
        return None
    try:
        values = [
            int(word) if field.type == "int" else word
            for word, field in zip(words, fields(cls), strict=True)
        ]
    except ValueError:
        return None
    press: Press = cls(*values)
    return press
