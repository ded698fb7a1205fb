"""The little world of the playground: a bot, three people and whoever joins, their chats."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.playground.calls import Calls
from bot.playground.changes import Changes
from bot.playground.depot import Depot
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

    def __init__(
        self,
        bot_id: int,
        depot: Depot,
        *,
        privacy: bool,
        first_retry_seconds: float,
        most_messages: int,
        most_bytes: int,
    ) -> None:
        self._most_messages, self._most_bytes = most_messages, most_bytes
        self.privacy = privacy  # whether the bot hears only what is meant for it in groups
        self.bot = Account(bot_id, "Easel", BOT_USERNAME, is_bot=True)
        self.accounts = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        for name, user, spoken in PEOPLE:
            self.let_in(Account(user, name, name.lower(), spoken))
        everyone = tuple(person.id for person in self.people)
        self.chats[GROUP_ID] = Chat(GROUP_ID, "group", "Painters", everyone)
        self.stopping = asyncio.Event()
        self.changes = Changes()
        self.events = Events()
        self.calls = Calls(self.events)
        self.faults = Faults()
        self.files = Files(depot)
        self.presses = Presses()
        self.profile = Profile(self.bot.name)
        self.write_changes: Callable[[], None] | None = None  # set where something outlives us
        self.updates = Updates(confirmed=self.keep)
        self.webhook = Webhook(self.updates, first_retry_seconds=first_retry_seconds)

    @property
    def people(self) -> list[Account]:
        """Everyone but the bot."""
        return [account for account in self.accounts.values() if not account.is_bot]

    def join(self, name: str, language: str) -> Account:
        """Add a person with a private chat; the ids go on from those there are."""
        number = max(person.id for person in self.people) + 1
        person = self.let_in(Account(number, name, f"person{number}", language))
        self.changed()
        return person

    def let_in(self, person: Account) -> Account:
        """Give a person an account and a private chat."""
        self.accounts[person.id] = person
        self.chats[person.id] = Chat(person.id, "private", person.name, (person.id,))
        return person

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
        self._show_new_version(message)
        if not sender.is_bot and self._bot_hears(chat, message):
            self.updates.put("message", self.for_bot(message))
        return message

    def _bot_hears(self, chat: Chat, message: Message) -> bool:
        if chat.type == "private":
            return not message.sender.blocked
        return chat.has_bot and (not self.privacy or addresses(message, self.bot))

    def edit(self, message: Message, content: Content, *, visibly: bool) -> None:
        """Let a message say something else."""
        message.edit(content, visibly=visibly)
        self._show_new_version(message)

    def _show_new_version(self, message: Message) -> None:
        if media := message.content.media:
            self.files.hold(media)
        self.show(message)
        self._make_room(message)

    def show(self, message: Message) -> None:
        """Let the page see a new or changed message."""
        self.changes.note(message)
        self.events.publish("message", message_for_page(message))

    def delete(self, message: Message) -> None:
        """Take a message out of its chat; the transcript keeps it."""
        message.deleted = True
        self.changes.note(message)
        self.events.publish("delete", {"chat": message.chat, "id": message.id})

    def _make_room(self, latest: Message) -> None:
        """Let the oldest messages go while they are too many, or hold too many bytes."""
        chat = self.chats[latest.chat]
        while len(chat.messages) > self._most_messages:
            self._forget(next(iter(chat.messages.values())))
        while self.files.held_bytes > self._most_bytes:
            firsts = (next(iter(chat.messages.values()), latest) for chat in self.chats.values())
            oldest = min(firsts, key=lambda message: message.history[0].at)
            if oldest is latest:
                break
            self._forget(oldest)

    def _forget(self, message: Message) -> None:
        """Take a message out of the transcript too, with the files that only it showed."""
        if not message.deleted:
            self.delete(message)
        for version in message.history:
            if media := version.content.media:
                self.files.release(media)
        del self.chats[message.chat].messages[message.id]
        message.forget()
        self.changes.note_gone(message)

    def keep(self) -> None:
        """Make what happened last; due before anyone is answered."""
        if self.write_changes:
            self.write_changes()
        self.changes.clear()
        self.files.sweep()

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
        """Let the page see what is new about people, chats and the bot."""
        self.changes.settings = True
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
