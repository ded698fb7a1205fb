"""Formatted text: HTML read into entities as the Bot API does it, and plain text looked through.

Offsets and lengths count UTF-16 code units. The grammar and the wording of its errors follow
`parse_html` in TDLib (td/telegram/MessageEntity.cpp), the parser behind the real server.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from bot.playground.errors import ApiError, bad_request

Entity = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(
    r"\s*(?P<name>[^\s=>\"']+)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[A-Za-z0-9.\-]+)))?"
)
_OPAQUE = ("code", "pre", "text_link")
_FOUND = (
    ("url", re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{4,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w{1,256}(?!\w)")),
)


def utf16_length(text: str) -> int:
    """How long Telegram finds a text: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class _OpenTag:
    name: str
    offset: int
    extra: dict[str, str] = field(default_factory=dict)


class _Reader:
    """One pass over HTML source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0
        self.text = ""
        self.length = 0
        self.open: list[_OpenTag] = []
        self.entities: list[Entity] = []

    def read(self) -> None:
        while self.place < len(self.source):
            if self.source.startswith("</", self.place):
                self._end_tag()
            elif self.source[self.place] == "<":
                self._start_tag()
            else:
                self._characters()
        if self.open:
            name = self.open[-1].name
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{name}"')

    def _characters(self) -> None:
        reference = _REFERENCE.match(self.source, self.place)
        taken = reference.group() if reference else self.source[self.place]
        self.place += len(taken)
        found = html.unescape(taken) if reference else taken
        self.text += found
        self.length += utf16_length(found)

    def _start_tag(self) -> None:
        at = _byte_offset(self.source, self.place)
        match = _TAG_NAME.match(self.source, self.place + 1)
        assert match  # an empty name matches too
        name = match.group().lower()
        if match.end() == len(self.source):
            raise _refusal(f"Unclosed start tag at byte offset {at}")
        if name not in TAGS:
            raise _refusal(f'Unsupported start tag "{name}" at byte offset {at}')
        attributes = self._attributes(name, match.end(), at)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        self.open.append(_OpenTag(name, self.length, attributes))

    def _attributes(self, tag: str, place: int, at: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            rest = self.source[place:].lstrip()
            place = len(self.source) - len(rest)
            if not rest:
                raise _refusal(f'Unclosed start tag "{tag}" at byte offset {at}')
            if rest.startswith(">"):
                self.place = place + 1
                return found
            match = _ATTRIBUTE.match(self.source, place)
            if not match:
                raise _refusal(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
            value = match["double"] or match["single"] or match["bare"] or ""
            found[match["name"].lower()] = html.unescape(value)
            place = match.end()
            if self.source[place:].lstrip().startswith("="):
                raise _refusal(f'Unclosed start tag "{tag}" at byte offset {at}')

    def _end_tag(self) -> None:
        at = _byte_offset(self.source, self.place)
        if not self.open:
            raise _refusal(f"Unexpected end tag at byte offset {at}")
        end = self.source.find(">", self.place)
        if end < 0:
            raise _refusal(f"Unclosed end tag at byte offset {at}")
        name = self.source[self.place + 2 : end].strip().lower()
        tag = self.open.pop()
        if name and name != tag.name:
            raise _refusal(
                f"Unmatched end tag at byte offset {at}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        self.place = end + 1
        self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        entity: Entity = {
            "type": TAGS[tag.name],
            "offset": tag.offset,
            "length": self.length - tag.offset,
        }
        language = tag.extra.get("class", "").removeprefix("language-")
        if tag.name == "code" and self.open and self.open[-1].name == "pre":
            self.open[-1].extra["language"] = language  # <pre><code class="language-…">
            return
        if tag.name == "pre" and tag.extra.get("language"):
            entity["language"] = tag.extra["language"]
        if tag.name == "blockquote" and "expandable" in tag.extra:
            entity["type"] = "expandable_blockquote"
        if tag.name == "a":
            if not tag.extra.get("href"):
                return
            entity["url"] = tag.extra["href"]
        self.entities.append(entity)


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text and the entities of HTML source; raises ApiError "can't parse entities: …"."""
    reader = _Reader(source)
    reader.read()
    return reader.text, reader.entities


def tidied(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text without blanks around it, its entities moved along, and those it shows by itself.

    Links, commands, mentions and hashtags become entities unless they stand in code or in a link.
    """
    start = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    kept = [moved for entity in entities if (moved := _moved(entity, start, utf16_length(text)))]
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            offset = utf16_length(text[: match.start()])
            entity = {"type": kind, "offset": offset, "length": utf16_length(match.group())}
            if all(_may_share(entity, other) for other in kept):
                kept.append(entity)
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, kept


def _moved(entity: Entity, start: int, length: int) -> Entity | None:
    first = max(entity["offset"] - start, 0)
    last = min(entity["offset"] + entity["length"] - start, length)
    return {**entity, "offset": first, "length": last - first} if last > first else None


def _may_share(new: Entity, old: Entity) -> bool:
    """Whether a found entity stands apart from another, or wholly inside one that allows it."""
    ends = (new["offset"] + new["length"], old["offset"] + old["length"])
    if ends[0] <= old["offset"] or ends[1] <= new["offset"]:
        return True
    found = {kind for kind, _ in _FOUND}
    inside = old["offset"] <= new["offset"] and ends[0] <= ends[1]
    return inside and old["type"] not in _OPAQUE and old["type"] not in found


def _byte_offset(source: str, place: int) -> int:
    return len(source[:place].encode())


def _refusal(what: str) -> ApiError:
    return bad_request(f"can't parse entities: {what}")
