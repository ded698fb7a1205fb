"""The Bot API's methods about the bot itself and about chats and their members."""

from __future__ import annotations

import re
from typing import Any

from telegram.constants import BotCommandLimit, BotDescriptionLimit, BotNameLimit

from bot.playground.errors import bad_request
from bot.playground.messages import Account, Chat
from bot.playground.parameters import Parameters
from bot.playground.profile import Scope
from bot.playground.targets import chat_of
from bot.playground.views import account_for_bot
from bot.playground.world import World

_COMMAND = re.compile(rf"[a-z0-9_]{{1,{int(BotCommandLimit.MAX_COMMAND)}}}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_TEXT_LIMITS = {
    "name": BotNameLimit.MAX_NAME_LENGTH,
    "description": BotDescriptionLimit.MAX_DESCRIPTION_LENGTH,
    "short_description": BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH,
}


async def get_me(world: World, parameters: Parameters) -> Any:  # noqa: ARG001
    """Answer getMe."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**account_for_bot(world.bot), **abilities}


async def say_yes(world: World, parameters: Parameters) -> Any:  # noqa: ARG001
    """Answer logOut and close, which have nothing to end here."""
    return True


async def set_my_commands(world: World, parameters: Parameters) -> Any:
    """Answer setMyCommands."""
    commands = parameters.json("commands", "commands")
    if not isinstance(commands, list) or not all(isinstance(one, dict) for one in commands):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    checked = [_command(one) for one in commands]
    world.profile.set_commands(_scope(parameters), _language(parameters), checked)
    world.changed()
    return True


async def delete_my_commands(world: World, parameters: Parameters) -> Any:
    """Answer deleteMyCommands."""
    world.profile.delete_commands(_scope(parameters), _language(parameters))
    world.changed()
    return True


async def get_my_commands(world: World, parameters: Parameters) -> Any:
    """Answer getMyCommands."""
    return world.profile.commands(_scope(parameters), _language(parameters))


def _command(given: dict[str, Any]) -> dict[str, str]:
    command = str(given.get("command", "")).removeprefix("/").lower()
    description = str(given.get("description", "")).strip()
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= BotCommandLimit.MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


def _scope(parameters: Parameters) -> Scope:
    given = parameters.json("scope", "BotCommandScope") or {"type": "default"}
    kind = given.get("type") if isinstance(given, dict) else None
    if not isinstance(kind, str) or kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    try:
        ids = [int(given[name]) for name in _SCOPES[kind]]
    except (KeyError, TypeError, ValueError):
        raise bad_request("can't parse BotCommandScope: an identifier is missing") from None
    chat, user, *_ = [*ids, 0, 0]
    return (kind, chat, user)


def _language(parameters: Parameters) -> str:
    language = parameters.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language_code specified")
    return language


async def set_my_name(world: World, parameters: Parameters) -> Any:
    """Answer setMyName."""
    return _set_text(world, parameters, "name")


async def set_my_description(world: World, parameters: Parameters) -> Any:
    """Answer setMyDescription."""
    return _set_text(world, parameters, "description")


async def set_my_short_description(world: World, parameters: Parameters) -> Any:
    """Answer setMyShortDescription."""
    return _set_text(world, parameters, "short_description")


def _set_text(world: World, parameters: Parameters, what: str) -> bool:
    text = parameters.text(what)
    if len(text) > _TEXT_LIMITS[what]:
        raise bad_request(f"BOT_{what.upper()}_TOO_LONG")
    world.profile.set_text(what, _language(parameters), text)
    world.changed()
    return True


async def get_my_name(world: World, parameters: Parameters) -> Any:
    """Answer getMyName."""
    return {"name": world.profile.text("name", _language(parameters))}


async def get_my_description(world: World, parameters: Parameters) -> Any:
    """Answer getMyDescription."""
    return {"description": world.profile.text("description", _language(parameters))}


async def get_my_short_description(world: World, parameters: Parameters) -> Any:
    """Answer getMyShortDescription."""
    text = world.profile.text("short_description", _language(parameters))
    return {"short_description": text}


async def get_chat(world: World, parameters: Parameters) -> Any:
    """Answer getChat."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
             "gifts_from_channels")  # fmt: skip
    return {
        **world.chat_for_bot(chat_of(world, parameters)),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


async def get_chat_member(world: World, parameters: Parameters) -> Any:
    """Answer getChatMember."""
    chat = chat_of(world, parameters)
    account = world.accounts.get(parameters.number("user_id"))
    if account is None:
        raise bad_request("invalid user_id specified")
    return _member(chat, account)


async def get_chat_administrators(world: World, parameters: Parameters) -> Any:
    """Answer getChatAdministrators: who founded the group."""
    chat = chat_of(world, parameters)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    return [_member(chat, world.accounts[chat.members[0]])]


async def get_chat_member_count(world: World, parameters: Parameters) -> Any:
    """Answer getChatMemberCount, the bot included."""
    return len(chat_of(world, parameters).members) + 1


def _member(chat: Chat, account: Account) -> dict[str, Any]:
    user = account_for_bot(account)
    if account.is_bot and not chat.has_bot:
        return {"status": "kicked", "user": user, "until_date": 0}
    if not account.is_bot and account.id not in chat.members:
        return {"status": "left", "user": user}
    if chat.type != "private" and account.id == chat.members[0]:
        return {"status": "creator", "user": user, "is_anonymous": False}
    return {"status": "member", "user": user}
