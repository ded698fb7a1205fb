"""The world in one SQLite file, so that the playground outlives its process.

A transaction holds all that one request changed: a message together with the update that tells
the bot of it. It is with the operating system before the request is answered, so that whoever was
told of a message finds it again after SIGKILL. A power cut may take the latest transactions; it
leaves the file whole (https://sqlite.org/pragma.html#pragma_synchronous, NORMAL with WAL).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from bot.playground.changes import Changes, Place
from bot.playground.messages import Message
from bot.playground.records import (
    chat_record,
    message_record,
    person_record,
    version_record,
)
from bot.playground.updates import Updates
from bot.playground.world import World


class Archive:
    """Writes down what changes in a world that agrees with the file now."""

    def __init__(self, connection: sqlite3.Connection, world: World) -> None:
        self._connection = connection
        self._world = world
        self._versions: dict[Place, int] = {}  # how many of each message are in the file
        for chat in world.chats.values():
            self._note_written(chat.messages.values())
        self._queue = _state_of(world.updates)

    def save(self) -> None:
        """Write what is new; raises sqlite3.Error, and then the next call tries it again."""
        changes, queue = self._world.changes, _state_of(self._world.updates)
        if not changes and queue == self._queue:
            return
        with self._connection:
            self._save_messages(changes)
            if changes.settings:
                self._save_settings()
            if queue != self._queue:
                self._save_updates(self._world.updates)
        self._note_written(changes.messages.values())
        for place in changes.gone:
            self._versions.pop(place, None)
        self._queue = queue

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def _note_written(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._versions[message.chat, message.id] = len(message.history)

    def _save_messages(self, changes: Changes) -> None:
        write = self._connection.executemany
        write("DELETE FROM messages WHERE chat = ? AND id = ?", changes.gone)
        write("DELETE FROM versions WHERE chat = ? AND id = ?", changes.gone)
        changed = changes.messages.items()
        write(
            "INSERT OR REPLACE INTO messages VALUES (?, ?, ?)",
            [(*place, json.dumps(message_record(message))) for place, message in changed],
        )
        write(
            "INSERT INTO versions VALUES (?, ?, ?)",
            [
                (*place, json.dumps(version_record(version)))
                for place, message in changed
                for version in message.history[self._versions.get(place, 0) :]
            ],
        )

    def _save_settings(self) -> None:
        world = self._world
        self._set("people", [person_record(person) for person in world.people])
        self._set("chats", [chat_record(chat) for chat in world.chats.values()])
        self._set("profile", world.profile.record())

    def _save_updates(self, updates: Updates) -> None:
        first, next_id, allowed = _state_of(updates)
        new = takewhile(
            lambda update: update["update_id"] >= self._queue[1], reversed(updates.pending)
        )
        self._connection.execute("DELETE FROM updates WHERE id < ?", [first])
        self._connection.executemany(
            "INSERT OR REPLACE INTO updates VALUES (?, ?)",
            [(update["update_id"], json.dumps(update)) for update in new],
        )
        self._set("updates", {"next_id": next_id, "allowed": allowed})

    def _set(self, name: str, value: Any) -> None:
        row = (name, json.dumps(value))
        self._connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", row)


def _state_of(updates: Updates) -> tuple[int, int, list[str]]:
    """The first unconfirmed id, the next id, and the kinds asked for: all that can change."""
    pending = updates.pending
    first = pending[0]["update_id"] if pending else updates.next_id
    return first, updates.next_id, updates.allowed
