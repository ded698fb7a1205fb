"""The fixed little world of the playground: a bot, three people, their chats."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.playground.calls import Calls
from bot.playground.errors import PersonError
from bot.playground.events import Events
from bot.playground.faults import Faults
from bot.playground.files import Files
from bot.playground.messages import Account, Chat, Content, Links, Message, addresses
from bot.playground.presses import Presses
from bot.playground.profile import Profile
from bot.playground.updates import Updates
from bot.playground.views import (
    account_for_bot,
    chat_for_bot,
    message_for_bot,
    message_for_page,
)
from bot.playground.webhook import Webhook

BOT_USERNAME = "easel_bot"
PEOPLE = (("Ada", 1001, "en"), ("Boris", 1002, "ru"), ("Cleo", 1003, "en"))
GROUP_ID = -2001
NO_LINKS = Links()


class World:
    """All state, and the few things that happen in it."""

    def __init__(self, bot_id: int, *, privacy: bool, first_retry_seconds: float) -> None:
        self.privacy = privacy  # whether the bot hears only what is meant for it in groups
        self.bot = Account(bot_id, "Easel", BOT_USERNAME, is_bot=True)
        people = [Account(user, name, name.lower(), spoken) for name, user, spoken in PEOPLE]
        self.accounts = {account.id: account for account in (self.bot, *people)}
        self.chats = {person.id: Chat(person.id, "private", person.name, (person.id,))
                      for person in people}  # fmt: skip
        everyone = tuple(person.id for person in people)
        self.chats[GROUP_ID] = Chat(GROUP_ID, "group", "Painters", everyone)
        self.stopping = asyncio.Event()
        self.events = Events()
        self.calls = Calls(self.events)
        self.faults = Faults()
        self.files = Files()
        self.presses = Presses()
        self.profile = Profile(self.bot.name)
        self.updates = Updates()
        self.webhook = Webhook(self.updates, first_retry_seconds=first_retry_seconds)

    @property
    def people(self) -> list[Account]:
        """Everyone but the bot."""
        return [account for account in self.accounts.values() if not account.is_bot]

    def chat_named(self, chat_id: int) -> Chat:
        """The chat of that id; raises PersonError."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise PersonError(404, "There is no such chat.")
        return chat

    def send(
        self, chat: Chat, sender: Account, content: Content, links: Links = NO_LINKS
    ) -> Message:
        """Add a message; the bot hears of a person's where it is and may."""
        message = chat.add(sender, content, links)
        self.show(message)
        if not sender.is_bot and self._bot_hears(chat, message):
            self.updates.put("message", self.for_bot(message))
        return message

    def _bot_hears(self, chat: Chat, message: Message) -> bool:
        if chat.type == "private":
            return not message.sender.blocked
        return chat.has_bot and (not self.privacy or addresses(message, self.bot))

    def show(self, message: Message) -> None:
        """Let the page see a new or changed message."""
        self.events.publish("message", message_for_page(message))

    def delete(self, message: Message) -> None:
        """Take a message out of its chat; the transcript keeps it."""
        message.deleted = True
        self.events.publish("delete", {"chat": message.chat, "id": message.id})

    def for_bot(self, message: Message) -> dict[str, Any]:
        """The message as it stands in updates and answers."""
        return message_for_bot(message, self.chat_for_bot(self.chats[message.chat]))

    def chat_for_bot(self, chat: Chat) -> dict[str, Any]:
        """The chat as it stands in updates and answers."""
        return chat_for_bot(chat, self.accounts)

    def press(self, person: Account, message: Message, data: str, query_id: str) -> None:
        """Tell the bot of a pressed button."""
        self.updates.put(
            "callback_query",
            {
                "id": query_id,
                "from": account_for_bot(person),
                "message": self.for_bot(message),
                "chat_instance": str(message.chat),
                "data": data,
            },
        )

    def changed(self) -> None:
        """Let the page see what is new about people and the bot."""
        self.events.publish("world", self.view())

    def view(self) -> dict[str, Any]:
        """What `GET /api/world` answers."""
        return {
            "bot": {"id": self.bot.id, "username": self.bot.username, **self.profile.view()},
            "users": [
                {
                    "id": person.id,
                    "name": person.name,
                    "language": person.language,
                    "blocked": person.blocked,
                    "commands": self.profile.commands_shown(person.id, person.language),
                }
                for person in self.people
            ],
            "chats": [
                {"id": chat.id, "type": chat.type, "title": chat.title, "members": chat.members}
                for chat in self.chats.values()
                if chat.upgraded_to is None
            ],
        }
