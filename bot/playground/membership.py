"""Where the bot is and is not: blocked by a person, put out of a group, in an upgraded group."""

from __future__ import annotations

import time
from typing import Any

from bot.playground.errors import PersonError
from bot.playground.messages import Account, Chat
from bot.playground.views import account_for_bot
from bot.playground.world import World

SUPERGROUP_OFFSET = -(10**12)  # a supergroup's id is the group's, this much lower


def block(world: World, person: Account, *, blocked: bool) -> None:
    """Let a person block or unblock the bot, which hears of a change."""
    if person.blocked != blocked:
        person.blocked = blocked
        _tell(world, world.chats[person.id], person, present=not blocked)


def set_presence(world: World, chat: Chat, person: Account, *, present: bool) -> None:
    """Put the bot out of a group or back in; it hears of a change. Raises PersonError."""
    _check_group(chat)
    if chat.has_bot != present:
        chat.has_bot = present
        _tell(world, chat, person, present=present)


def upgrade(world: World, chat: Chat, person: Account) -> Chat:
    """Turn a group into a supergroup with a new id, as Telegram does. Raises PersonError."""
    _check_group(chat)
    if chat.type != "group":
        raise PersonError(409, "That group is a supergroup already.")
    group = Chat(chat.id + SUPERGROUP_OFFSET, "supergroup", chat.title, chat.members)
    world.chats[group.id] = group
    chat.upgraded_to = group.id
    if chat.has_bot:
        _serve(world, chat, person, {"migrate_to_chat_id": group.id})
        _serve(world, group, person, {"migrate_from_chat_id": chat.id})
    group.has_bot = chat.has_bot
    world.changed()
    return group


def _check_group(chat: Chat) -> None:
    if chat.type == "private":
        raise PersonError(400, "That is no group.")
    if chat.upgraded_to is not None:
        raise PersonError(409, "That group was upgraded to a supergroup.")


def _tell(world: World, chat: Chat, person: Account, *, present: bool) -> None:
    user = account_for_bot(world.bot)
    member = {"status": "member", "user": user}
    kicked = {"status": "kicked", "user": user, "until_date": 0}
    change = {
        "chat": world.chat_for_bot(chat),
        "from": account_for_bot(person),
        "date": int(time.time()),
        "old_chat_member": kicked if present else member,
        "new_chat_member": member if present else kicked,
    }
    world.updates.put("my_chat_member", change)
    world.changed()


def _serve(world: World, chat: Chat, person: Account, what: dict[str, Any]) -> None:
    """Queue a service message; the page does not show it."""
    message = {
        "message_id": chat.next_id,
        "from": account_for_bot(person),
        "chat": world.chat_for_bot(chat),
        "date": int(time.time()),
    }
    chat.next_id += 1
    world.updates.put("message", {**message, **what})
