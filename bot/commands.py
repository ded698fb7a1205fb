"""The commands, each declared once: registration, Telegram's menu and /help follow from it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import BotCommand, Update

from bot.context import Context
from bot.handlers import admin, privacy, queue, settings, styles, welcome
from bot.texts import texts_for


@dataclass(frozen=True, slots=True)
class Command:
    """A command's word and its handler; its help is the text `command.<name>`.

    One for operators is in nobody else's menu or help.
    """

    name: str
    handler: Callable[[Update, Context], Coroutine[Any, Any, None]]
    aliases: tuple[str, ...] = ()
    operators_only: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("start", welcome.start),
    Command("help", welcome.help_),
    Command("settings", settings.settings),
    Command("set", settings.set_),
    Command("save", styles.save),
    Command("styles", styles.styles_),
    Command("queue", queue.queue, aliases=("status",)),
    Command("cancel", queue.cancel),
    Command("privacy", privacy.privacy),
    Command("forget", privacy.forget),
    Command("admin", admin.admin, operators_only=True),
)
PUBLIC = tuple(command for command in COMMANDS if not command.operators_only)


def menu(language: str, commands: Sequence[Command] = PUBLIC) -> list[BotCommand]:
    """Telegram's command menu in a language."""
    texts = texts_for(language)
    return [
        BotCommand(command.name, texts.plain(f"command.{command.name}")) for command in commands
    ]
