"""A message with everything it ever said."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.playground.entities import Entity
from bot.playground.keyboards import Keyboard
from bot.playground.media import Media

FIRST_ID_EPOCH = 1_735_689_600  # 2025-01-01, keeps message ids small


@dataclass(slots=True)
class Account:
    """A person or the bot."""

    id: int
    name: str
    username: str
    language: str = "en"
    is_bot: bool = False
    blocked: bool = False  # whether the person has blocked the bot


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says at one time: text, or media with `text` as its caption."""

    text: str = ""
    entities: tuple[Entity, ...] = ()
    media: Media | None = None
    keyboard: Keyboard | None = None

    def same_as(self, other: Content) -> bool:
        """Whether the real server would say that nothing was modified."""
        return (
            (self.text, self.entities, self.keyboard)
            == (other.text, other.entities, other.keyboard)
        ) and _unique_id(self.media) == _unique_id(other.media)


def _unique_id(media: Media | None) -> str:
    return f"{media.kind}{media.file.unique_id}" if media else ""


@dataclass(frozen=True, slots=True)
class Version:
    """A content and since when (Unix seconds) the message has had it."""

    at: float
    content: Content


@dataclass(frozen=True, slots=True)
class Links:
    """What ties a message to others: its album, the message it answers, the one it repeats."""

    media_group: str | None = None
    reply_to: Message | None = None
    forwarded_from: Message | None = None


@dataclass(slots=True)
class Message:
    """One message of a chat; `history` ends with what it says now."""

    id: int
    chat: int
    sender: Account
    history: list[Version]
    links: Links
    edit_date: int | None = None
    deleted: bool = False
    reactions: list[str] = field(default_factory=list)

    @property
    def content(self) -> Content:
        """What the message says now."""
        return self.history[-1].content

    @property
    def date(self) -> int:
        """When it was sent, in Unix seconds."""
        return int(self.history[0].at)

    def edit(self, content: Content, *, visibly: bool) -> None:
        """Say something else; a change of the buttons alone leaves no visible mark."""
        now = time.time()
        self.history.append(Version(now, content))
        if visibly:
            self.edit_date = int(now)

    def forget(self) -> None:
        """Keep no more than what messages that answer or repeat this one show of it."""
        self.deleted = True
        self.history = [Version(self.history[0].at, Content())]
        self.links = Links()


@dataclass(slots=True)
class Chat:
    """A private chat or a group, with its messages by id.

    Ids begin at the clock, so that those of an earlier run are never given out again: a bot whose
    database outlives the playground would else edit a stranger's message.
    """

    id: int
    type: str
    title: str
    members: tuple[int, ...]
    has_bot: bool = True
    upgraded_to: int | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    next_id: int = field(default_factory=lambda: int(time.time()) - FIRST_ID_EPOCH)

    def standing(self, message_id: int) -> Message | None:
        """The message of that id unless it was deleted."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message

    def current(self) -> Iterator[Message]:
        """The messages that were not deleted, oldest first."""
        return (message for message in self.messages.values() if not message.deleted)

    def add(self, sender: Account, content: Content, links: Links) -> Message:
        """Append a message."""
        first = Version(time.time(), content)
        message = Message(self.next_id, self.id, sender, [first], links)
        self.messages[message.id] = message
        self.next_id += 1
        return message


def addresses(message: Message, bot: Account) -> bool:
    """Whether a group's message is meant for the bot: a command, a mention, a reply to it."""
    if (answered := message.links.reply_to) and answered.sender is bot:
        return True
    name = f"@{bot.username}"
    units = message.content.text.encode("utf-16-le")
    for entity in message.content.entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        words = units[2 * start : 2 * end].decode("utf-16-le")
        if entity["type"] == "mention" and words == name:
            return True
        if entity["type"] == "bot_command" and ("@" not in words or words.endswith(name)):
            return True
    return False
