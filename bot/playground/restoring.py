"""A fresh world made to look as an earlier run left it."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from bot.playground.changes import Place
from bot.playground.messages import Account, Content, Links, Message, Version
from bot.playground.opening import Rows
from bot.playground.records import Record, read_chat, read_version
from bot.playground.world import World

_DAMAGE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_log = logging.getLogger(__name__)


def restore(world: World, rows: Rows) -> None:
    """Fill a world that nobody uses yet; a row that cannot be read is left out, and logged."""
    _restore_settings(world, rows.settings)
    records: dict[Place, Record] = {}
    for chat, number, body in rows.messages:
        with _leaving_out(f"message {number} of chat {chat}"):
            records[chat, number] = json.loads(body)
    histories = _histories(world, rows, records)
    for place, record in records.items():
        with _leaving_out(f"message {place[1]} of chat {place[0]}"):
            _restore_message(world, place, record, histories[place])
    for restored in world.chats.values():
        for message in restored.messages.values():
            message.links = _links(world, records[message.chat, message.id])
        restored.next_id = max(restored.next_id, *(number + 1 for number in restored.messages), 0)
    _restore_updates(world, rows)


def _histories(
    world: World, rows: Rows, places: Collection[Place]
) -> defaultdict[Place, list[Version]]:
    histories = defaultdict(list)
    for chat, number, body in rows.versions:
        if (chat, number) in places:
            with _leaving_out(f"a version of message {number} of chat {chat}"):
                histories[chat, number].append(read_version(json.loads(body), world.files))
    return histories


def _restore_message(world: World, place: Place, record: Record, history: list[Version]) -> None:
    if not history:
        raise ValueError("no version of it")
    message = Message(
        id=place[1],
        chat=place[0],
        sender=_account(world, record["sender"]),
        history=history,
        links=Links(),
        edit_date=record["edit_date"],
        deleted=record["deleted"],
        reactions=record["reactions"],
    )
    world.chats[message.chat].messages[message.id] = message
    for version in history:
        if media := version.content.media:
            world.files.hold(media)


def _links(world: World, record: Record) -> Links:
    return Links(
        record.get("media_group"),
        _referred(world, record.get("reply_to")),
        _referred(world, record.get("forwarded_from")),
    )


def _referred(world: World, reference: Record | None) -> Message | None:
    """The message that another answers or repeats, as `forget` left it when it is gone."""
    if reference is None:
        return None
    chat, number = reference["chat"], reference["id"]
    if chat in world.chats and (kept := world.chats[chat].messages.get(number)):
        return kept
    sender = _account(world, reference["sender"])
    return Message(
        number, chat, sender, [Version(reference["at"], Content())], Links(), deleted=True
    )


def _account(world: World, account_id: int) -> Account:
    """A person, else the bot, whose id goes with the token."""
    return world.accounts.get(account_id, world.bot)


def _restore_settings(world: World, settings: dict[str, str]) -> None:
    with _leaving_out("the people"):
        for record in json.loads(settings.get("people", "[]")):
            person = world.accounts.get(record["id"])
            if person is None:
                person = world.let_in(Account(record["id"], record["name"], record["username"]))
            person.language, person.blocked = record["language"], record["blocked"]
    with _leaving_out("the chats"):
        for record in json.loads(settings.get("chats", "[]")):
            chat = read_chat(record)
            chat.next_id = max(chat.next_id, world.chats.get(chat.id, chat).next_id)
            world.chats[chat.id] = chat
    with _leaving_out("the bot's profile"):
        if "profile" in settings:
            world.profile.restore(json.loads(settings["profile"]))


def _restore_updates(world: World, rows: Rows) -> None:
    pending = []
    for number, body in rows.updates:
        with _leaving_out(f"update {number}"):
            pending.append({**json.loads(body), "update_id": number})
    next_id, allowed = 0, []
    with _leaving_out("the kinds of updates that the bot asked for"):
        record = json.loads(rows.settings.get("updates", '{"next_id": 0, "allowed": []}'))
        next_id, allowed = int(record["next_id"]), list(record["allowed"])
    world.updates.restore(pending, next_id, allowed)


@contextmanager
def _leaving_out(what: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        _log.warning("The playground lost %s, which cannot be read: %r", what, error)
