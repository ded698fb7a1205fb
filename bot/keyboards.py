"""The inline keyboards, each built from the declarations and the texts."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import (
    BlendPress,
    ErasePress,
    GalleryPress,
    JobPress,
    Press,
    SettingPress,
    StylePress,
    pack,
)
from bot.gallery import PER_SHEET, Painting, columns
from bot.limits import MAX_COPY_TEXT_CHARS
from bot.texts import Texts
from bot.words import BY_NAME, Chosen, label, shown, shown_setting
from engine.declarations import Setting, Value
from engine.settings import Settings, with_preset

BLEND_COLUMNS = 3
STEPPER_CHARS = 13
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
    if len(setting.choices) == 1 or (setting.optional and value is None):
        return [middle]
    if setting.choices:
        return [middle, _button("▸", SettingPress("up", name, owner))]
    if setting.optional:
        word = shown(name, "random", texts)
        return [middle, _button(word, SettingPress("up", name, owner))]
    middle = _button(_stepper_words(setting, value, texts), SettingPress("help", name, owner))
    return [
        _button("−", SettingPress("down", name, owner)),
        middle,
        _button("+", SettingPress("up", name, owner)),
    ]


def _stepper_words(setting: Setting, value: Value, texts: Texts) -> str:
    """Short ones, for a third of a row on a phone, with the unit where there is room for it."""
    key = f"setting.{setting.name}.short"
    name = texts.plain(key) if texts.has(key) else label(setting, texts)
    words = f"{name}: {shown_setting(setting, value, texts)}"
    if len(words) <= STEPPER_CHARS:
        return words
    return f"{name}: {shown(setting.name, setting.show(value), texts)}"


def gallery_keyboard(
    paintings: Sequence[Painting], owner: int, texts: Texts, *, page: int, pages: int, own: bool
) -> InlineKeyboardMarkup:
    """The numbers of a contact sheet, laid out as on it; the other sheets, and the own styles."""
    first = page * PER_SHEET + 1
    buttons = [
        _button(str(number), GalleryPress(painting.slug, owner))
        for number, painting in enumerate(paintings, start=first)
    ]
    turns = _turns("gallery", page, pages, owner)
    mine = [_button(texts.plain("button.own_styles"), StylePress("own", 0, 0, owner), "primary")]
    return InlineKeyboardMarkup([*_on_sheet(buttons), *turns, *([mine] if own else [])])


def styles_keyboard(
    numbers: dict[int, int], owner: int, texts: Texts, *, mode: str, page: int, pages: int
) -> InlineKeyboardMarkup:
    """A person's own styles: `numbers` on the sheet by row, in the modes of `bot.showcase`."""
    action = {"delete": "drop", "own": "paint"}.get(mode, "use")
    mark, color = ("✕ ", "danger") if mode == "delete" else ("", None)
    buttons = [
        _button(f"{mark}{number}", StylePress(action, style, page, owner), color)
        for style, number in numbers.items()
    ]
    last = {
        "page": _button(texts.plain("button.delete_styles"), StylePress("delete", 0, page, owner)),
        "delete": _button(texts.plain("button.done"), StylePress("page", 0, page, owner)),
        "own": _button(texts.plain("button.gallery"), StylePress("gallery", 0, 0, owner)),
    }
    turns = _turns(mode, page, pages, owner)
    return InlineKeyboardMarkup([*_on_sheet(buttons), *turns, [last[mode]]])


def _turns(action: str, page: int, pages: int, owner: int) -> list[list[InlineKeyboardButton]]:
    """A row that leads to the page before and the page after, where there are such."""
    signs = {page - 1: "◂", page + 1: "▸"}
    row = [
        _button(sign, StylePress(action, 0, other, owner))
        for other, sign in signs.items()
        if 0 <= other < pages
    ]
    return [row] if row else []


def waiting_keyboard(
    job_id: str, texts: Texts, *, styles: int = 1, swappable: bool = False
) -> InlineKeyboardMarkup:
    """Under a queued picture: the blend of several styles, swap, cancel."""
    more = [
        _button(texts.plain("button.more_of", n=number), BlendPress(number, job_id))
        for number in range(1, styles + 1)
    ]
    even = [_button(texts.plain("button.even"), BlendPress(0, job_id))]
    blend = _in_rows([*more, *even], BLEND_COLUMNS) if styles > 1 else []
    discard = _button(texts.plain("button.discard"), JobPress("discard", job_id), "danger")
    return InlineKeyboardMarkup([*blend, *_swap_row(job_id, texts, swappable), [discard]])


def running_keyboard(
    job_id: str, texts: Texts, *, stopping: bool, swappable: bool = False
) -> InlineKeyboardMarkup:
    """Under a picture being painted: keep what there is, or stop; once stopping, discard."""
    if stopping:
        words = texts.plain("button.discard.really")
        return InlineKeyboardMarkup([[_button(words, JobPress("discard", job_id), "danger")]])
    return InlineKeyboardMarkup(
        [
            [
                _button(texts.plain("button.keep"), JobPress("keep", job_id), "success"),
                _button(texts.plain("button.discard"), JobPress("discard", job_id), "danger"),
            ],
            *_swap_row(job_id, texts, swappable),
        ]
    )


def _swap_row(job_id: str, texts: Texts, swappable: bool) -> list[list[InlineKeyboardButton]]:
    return [[_button(texts.plain("button.swap"), JobPress("swap", job_id))]] if swappable else []


def _in_rows(
    buttons: Sequence[InlineKeyboardButton], beside: int
) -> list[Sequence[InlineKeyboardButton]]:
    return [buttons[start : start + beside] for start in range(0, len(buttons), beside)]


def _on_sheet(buttons: Sequence[InlineKeyboardButton]) -> list[Sequence[InlineKeyboardButton]]:
    """Numbers laid out as on their contact sheet."""
    return _in_rows(buttons, columns(len(buttons)))


def done_keyboard(
    job_id: str, texts: Texts, *, keeps_colors: bool, deleting: bool = False
) -> InlineKeyboardMarkup:
    """Under a finished picture: what may come next; when `deleting`, whether it is to go.

    Then a second press at the same place, of a finger that slipped, keeps the picture.
    """
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
            (texts.plain("button.delete.really"), "erase", "danger"),
            (texts.plain("button.erase.not"), "spare", None),
        )
        if deleting
        else (
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
