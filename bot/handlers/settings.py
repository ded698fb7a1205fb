"""/settings with its buttons, and /set: both write the same declared values."""

from __future__ import annotations

from telegram import InlineKeyboardMarkup, Message, Update

from bot.callbacks import SettingPress
from bot.context import Context
from bot.keyboards import pages, settings_keyboard
from bot.turn import Turn
from bot.words import (
    BY_NAME,
    Chosen,
    UnknownSetting,
    allowed,
    assignments,
    label,
    refusal,
    shown_setting,
)
from engine.errors import InvalidSetting
from engine.settings import with_preset
from storage import users


async def settings(update: Update, context: Context) -> None:
    """Show the settings, or change some: /settings style_weight=200."""
    async with context.turn(update) as turn:
        words = _words_after_command(update.effective_message)
        if words:
            await change_by_text(turn, words)
        else:
            await turn.say(_text(turn), _keyboard(turn, page=0))


async def set_(update: Update, context: Context) -> None:
    """Change settings in a line: /set style_weight 200."""
    async with context.turn(update) as turn:
        await change_by_text(turn, _words_after_command(update.effective_message))


async def change_by_text(turn: Turn, words: str) -> None:
    """Change every setting named in the text, or none when one of them is wrong."""
    pairs, texts = assignments(words), turn.texts
    if not pairs:
        await turn.say(texts("settings.usage"))
        return
    chosen = turn.chosen
    try:
        for name, value in pairs:
            chosen = chosen.with_text(name, value)
    except (InvalidSetting, UnknownSetting) as error:
        await turn.say(refusal(error, texts))
        return
    _keep(turn, chosen)
    await turn.say("\n".join(_changed(turn, name.lower()) for name, _ in pairs))


def _changed(turn: Turn, name: str) -> str:
    setting, texts = BY_NAME[name], turn.texts
    value = shown_setting(setting, turn.chosen.value(name), texts)
    return texts("settings.changed", label=label(setting, texts), value=value)


async def press(turn: Turn, press: SettingPress, message_id: int) -> str | None:
    """Carry out a button of the settings; the words of the answer, if it needs any."""
    texts = turn.texts
    if press.owner != turn.user.id:
        return texts.plain("answer.foreign_settings")
    match press.action:
        case "help" if press.name in BY_NAME:
            setting = BY_NAME[press.name]
            words = texts.plain(f"setting.{press.name}.help")
            return texts.plain("settings.help", help=words, allowed=allowed(setting, texts))
        case "up" | "down" if press.name in BY_NAME:
            if not _step(turn, press):
                setting = BY_NAME[press.name]
                return texts.plain("answer.end_of_ladder", allowed=allowed(setting, texts))
            page = _page_of(press.name)
        case "preset" if press.name in BY_NAME["recipe"].choices:
            chosen = turn.chosen
            _keep(turn, Chosen(with_preset(chosen.settings, press.name), chosen.preferences))
            page = 0
        case "undo":
            if not users.undo(turn.user):
                return texts.plain("answer.nothing_to_undo")
            page = _page(press.name)
        case "reset":
            _keep(turn, turn.defaults)
            page = _page(press.name)
        case "page":
            page = _page(press.name)
        case _:
            return texts.plain("answer.stale")
    await turn.edit(message_id, _text(turn), _keyboard(turn, page))
    return None


def _step(turn: Turn, press: SettingPress) -> bool:
    setting, chosen = BY_NAME[press.name], turn.chosen
    value = chosen.value(press.name)
    if setting.optional:  # its one button goes back to random
        after = None
    else:
        after = setting.neighbour(value, 1 if press.action == "up" else -1)
    if after == value:
        return False
    _keep(turn, chosen.replace(press.name, after))
    return True


def _keep(turn: Turn, chosen: Chosen) -> None:
    users.change(turn.user, settings=chosen.settings, preferences=chosen.preferences)


def _text(turn: Turn) -> str:
    line = turn.chosen.line(turn.defaults)
    return turn.texts("settings", line=line or turn.texts.plain("settings.defaults"))


def _keyboard(turn: Turn, page: int) -> InlineKeyboardMarkup:
    line = turn.chosen.line(turn.defaults)
    return settings_keyboard(turn.chosen, turn.texts, page=page, owner=turn.user.id, line=line)


def _page(word: str) -> int:
    return 1 if word == "1" else 0


def _page_of(name: str) -> int:
    return next(number for number, rows in enumerate(pages()) if BY_NAME[name] in rows)


def _words_after_command(message: Message | None) -> str:
    words = (message.text or "").split(maxsplit=1) if message else []
    return words[1] if len(words) > 1 else ""
