"""The commands, each declared once: registration, Telegram's menu and /help follow from it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import BotCommand, Update

from bot.context import Context
from bot.handlers import queue, settings, styles, welcome
from bot.texts import texts_for


@dataclass(frozen=True, slots=True)
class Command:
    """A command's word and its handler; its help is the text `command.<name>`."""

    name: str
    handler: Callable[[Update, Context], Coroutine[Any, Any, None]]
    aliases: tuple[str, ...] = ()


COMMANDS: tuple[Command, ...] = (
    Command("start", welcome.start),
    Command("help", welcome.help_),
    Command("settings", settings.settings),
    Command("set", settings.set_),
    Command("save", styles.save),
    Command("styles", styles.styles_),
    Command("queue", queue.queue, aliases=("status",)),
    Command("cancel", queue.cancel),
)


def menu(language: str) -> list[BotCommand]:
    """Telegram's command menu in a language."""
    texts = texts_for(language)
    return [
        BotCommand(command.name, texts.plain(f"command.{command.name}")) for command in COMMANDS
    ]
