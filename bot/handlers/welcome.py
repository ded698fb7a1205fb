"""The first words: /start, /help, and an answer to what the bot does not understand."""

from __future__ import annotations

from telegram import Update

from bot.context import Context
from bot.handlers.access import addressed
from bot.handlers.photos import take_words
from bot.texts import Html, Texts


async def start(update: Update, context: Context) -> None:
    """One message with one picture that shows what to do."""
    async with context.turn(update) as turn:
        key = f"{turn.key}:start"
        await turn.show(context.rooms.welcome_blob, turn.texts("start"), None, key)


async def help_(update: Update, context: Context) -> None:
    """How to paint, and the commands."""
    async with context.turn(update) as turn:
        commands = Html(command_list(turn.texts, context.easel.command_names))
        await turn.say(turn.texts("help", commands=commands))


def command_list(texts: Texts, names: tuple[str, ...]) -> str:
    """The commands with their help, a line each."""
    return "\n".join(f"/{name} – {texts(f'command.{name}')}" for name in names)


async def not_understood(update: Update, context: Context) -> None:
    """Words about a picture, or any other: then say what the bot does; groups hear nothing."""
    message = update.effective_message
    if message is None or not addressed(message, context.bot.id, context.bot.username):
        return
    async with context.turn(update) as turn:
        if message.text is None or not await take_words(turn, message):
            await turn.say(turn.texts("not_understood"))
