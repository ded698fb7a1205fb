"""Text with entities as HTML that is safe to insert into a page.

Only tags of this file come out; everything a person or a bot wrote is escaped. Line breaks stay
line breaks, for `white-space: pre-wrap`.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import pairwise

from bot.playground.entities import Entity

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_SAFE_SCHEMES = ("http://", "https://", "tg://", "mailto:")


def render(text: str, entities: Sequence[Entity]) -> str:
    """The HTML of a text; entities count UTF-16 code units and may nest."""
    units = text.encode("utf-16-le")
    ordered = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    return _render(units, 0, len(units) // 2, ordered)


def _render(units: bytes, start: int, end: int, entities: Sequence[Entity]) -> str:
    pieces = []
    place = start
    tops = _outermost(entities)
    for first, after in pairwise([*tops, len(entities)]):
        entity = entities[first]
        opens = max(entity["offset"], place)
        closes = min(entity["offset"] + entity["length"], end)
        if closes <= opens:
            continue
        pieces.append(_escaped(units, place, opens))
        inner = _render(units, opens, closes, entities[first + 1 : after])
        pieces.append(_wrapped(entity, inner, _plain(units, opens, closes)))
        place = closes
    pieces.append(_escaped(units, place, end))
    return "".join(pieces)


def _outermost(entities: Sequence[Entity]) -> list[int]:
    """The places of the entities that stand in no earlier one."""
    tops: list[int] = []
    end = 0
    for place, entity in enumerate(entities):
        if not tops or entity["offset"] >= end:
            tops.append(place)
            end = entity["offset"] + entity["length"]
    return tops


def _wrapped(entity: Entity, inner: str, plain: str) -> str:
    kind = entity["type"]
    if tag := _TAGS.get(kind):
        return f"<{tag}>{inner}</{tag}>"
    if kind in ("text_link", "url"):
        address = entity.get("url", plain)
        if not address.lower().startswith(_SAFE_SCHEMES):
            return inner
        href = html.escape(address, quote=True)
        return f'<a href="{href}" target="_blank" rel="noopener noreferrer">{inner}</a>'
    if kind in ("spoiler", "bot_command", "mention", "hashtag"):
        return f'<span class="{kind.replace("_", "-")}">{inner}</span>'
    return inner


def _plain(units: bytes, start: int, end: int) -> str:
    return units[2 * start : 2 * end].decode("utf-16-le", "replace")


def _escaped(units: bytes, start: int, end: int) -> str:
    return html.escape(_plain(units, start, end), quote=True)
