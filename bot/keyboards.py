"""The inline keyboards, each built from the declarations and the texts."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import ErasePress, GalleryPress, JobPress, Press, SettingPress, pack
from bot.gallery import COLUMNS, Painting
from bot.limits import MAX_COPY_TEXT_CHARS
from bot.texts import Texts
from bot.words import BY_NAME, Chosen, label, shown, shown_setting
from engine.declarations import Setting, Value
from engine.settings import Settings, with_preset

FIRST_PAGE = (
    "recipe",
    "image_size",
    "iterations",
    "style_weight",
    "content_weight",
    "colors",
    "output",
    "language",
)


def pages() -> tuple[tuple[Setting, ...], ...]:
    """The rows of `/settings`: what most people change, then the rest."""
    first = tuple(BY_NAME[name] for name in FIRST_PAGE)
    return first, tuple(row for name, row in BY_NAME.items() if name not in FIRST_PAGE)


def settings_keyboard(
    chosen: Chosen, texts: Texts, *, page: int, owner: int, line: str
) -> InlineKeyboardMarkup:
    """The presets, a row a setting, then undo, reset, the other page, and the line to copy."""
    rows = [] if page else [_preset_row(chosen.settings, texts, owner)]
    rows += [
        _setting_row(setting, chosen.value(setting.name), texts, owner) for setting in pages()[page]
    ]
    other = texts.plain("button.less" if page else "button.more")
    rows.append(
        [
            _button(texts.plain("button.undo"), SettingPress("undo", str(page), owner)),
            _button(texts.plain("button.reset"), SettingPress("reset", str(page), owner), "danger"),
            _button(other, SettingPress("page", str(1 - page), owner), "primary"),
        ]
    )
    if 0 < len(line) <= MAX_COPY_TEXT_CHARS:  # a longer one is in the message all the same
        copy = CopyTextButton(text=line)
        rows.append([InlineKeyboardButton(texts.plain("button.copy"), copy_text=copy)])
    return InlineKeyboardMarkup(rows)


def _preset_row(settings: Settings, texts: Texts, owner: int) -> list[InlineKeyboardButton]:
    """A button for each recipe with all that it presets; the one in force is marked."""
    return [
        _button(
            shown("recipe", recipe, texts),
            SettingPress("preset", recipe, owner),
            "success" if with_preset(settings, recipe) == settings else None,
        )
        for recipe in BY_NAME["recipe"].choices
    ]


def _setting_row(
    setting: Setting, value: Value, texts: Texts, owner: int
) -> list[InlineKeyboardButton]:
    name = setting.name
    words = f"{label(setting, texts)}: {shown_setting(setting, value, texts)}"
    middle = _button(words, SettingPress("help", name, owner))
    if len(setting.choices) == 1:
        return [middle]
    if setting.choices:
        return [middle, _button("▸", SettingPress("up", name, owner))]
    if setting.optional:
        word = shown(name, "random", texts) if value is not None else "🎲"
        return [middle, _button(word, SettingPress("up", name, owner))]
    return [
        _button("−", SettingPress("down", name, owner)),
        middle,
        _button("+", SettingPress("up", name, owner)),
    ]


def gallery_keyboard(paintings: Sequence[Painting], owner: int) -> InlineKeyboardMarkup:
    """The numbers of the contact sheet, laid out as on the sheet."""
    buttons = [
        _button(str(number), GalleryPress(painting.slug, owner))
        for number, painting in enumerate(paintings, start=1)
    ]
    return InlineKeyboardMarkup(
        [buttons[start : start + COLUMNS] for start in range(0, len(buttons), COLUMNS)]
    )


def waiting_keyboard(job_id: str, texts: Texts) -> InlineKeyboardMarkup:
    """Under a queued picture: cancel."""
    return InlineKeyboardMarkup(
        [[_button(texts.plain("button.discard"), JobPress("discard", job_id), "danger")]]
    )


def running_keyboard(job_id: str, texts: Texts, *, stopping: bool) -> InlineKeyboardMarkup:
    """Under a picture being painted: keep what there is, or stop; once stopping, discard."""
    if stopping:
        words = texts.plain("button.discard.really")
        return InlineKeyboardMarkup([[_button(words, JobPress("discard", job_id), "danger")]])
    return InlineKeyboardMarkup(
        [
            [
                _button(texts.plain("button.keep"), JobPress("keep", job_id), "success"),
                _button(texts.plain("button.discard"), JobPress("discard", job_id), "danger"),
            ]
        ]
    )


def done_keyboard(job_id: str, texts: Texts, *, keeps_colors: bool) -> InlineKeyboardMarkup:
    """Under a finished picture: what may come next."""
    colors = texts.plain("button.colors.style" if keeps_colors else "button.colors.photo")
    rows = (
        (
            (texts.plain("button.weaker"), "weaker", None),
            (texts.plain("button.stronger"), "stronger", None),
            (texts.plain("button.larger"), "larger", None),
        ),
        ((colors, "colors", None), (texts.plain("button.again"), "again", None)),
        (
            (texts.plain("button.restyle"), "restyle", None),
            (texts.plain("button.reuse"), "reuse", None),
        ),
        (
            (texts.plain("button.original"), "original", "primary"),
            (texts.plain("button.delete"), "delete", "danger"),
        ),
    )
    return InlineKeyboardMarkup(
        [
            [_button(words, JobPress(name, job_id), style) for words, name, style in row]
            for row in rows
        ]
    )


def erase_keyboard(owner: int, texts: Texts) -> InlineKeyboardMarkup:
    """Under the question of /forget."""
    yes = _button(texts.plain("button.erase"), ErasePress("yes", owner), "danger")
    return InlineKeyboardMarkup(
        [[yes, _button(texts.plain("button.erase.not"), ErasePress("no", owner))]]
    )


def _button(words: str, press: Press, style: str | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(words, callback_data=pack(press), style=style)
