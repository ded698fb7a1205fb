"""What happened in the world since it was last written down."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.playground.messages import Message

Place = tuple[int, int]  # a message's chat and id


@dataclass(slots=True)
class Changes:
    """`settings` stands for everything about people, chats and the bot.

    Updates are not noted here: their ids tell which of them are new.
    """

    messages: dict[Place, Message] = field(default_factory=dict)
    gone: list[Place] = field(default_factory=list)
    settings: bool = False

    def note(self, message: Message) -> None:
        """A message is new or has changed."""
        self.messages[message.chat, message.id] = message

    def note_gone(self, message: Message) -> None:
        """A message is kept no more."""
        place = (message.chat, message.id)
        self.messages.pop(place, None)
        self.gone.append(place)

    def __bool__(self) -> bool:
        return bool(self.messages or self.gone or self.settings)

    def clear(self) -> None:
        """Begin anew."""
        self.messages.clear()
        self.gone.clear()
        self.settings = False
