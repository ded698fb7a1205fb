"""Inline keyboards: read from `reply_markup`, checked, and shown to the page."""

from __future__ import annotations

from typing import Any

from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit
from telegram.constants import KeyboardButtonStyle as Style

from bot.playground.errors import bad_request
from bot.playground.parameters import Parameters

Button = dict[str, Any]
Keyboard = tuple[tuple[Button, ...], ...]

_OTHER_MARKUP = ("keyboard", "remove_keyboard", "force_reply")
_ACTIONS = ("callback_data", "url", "copy_text")
_LINKS = ("http://", "https://", "tg://")


def read_keyboard(parameters: Parameters, *, inline_only: bool = False) -> Keyboard | None:
    """The inline keyboard of a call, None without one.

    Keyboards that replace the person's own are taken and not shown; where only an inline one can
    stand, they are refused. Raises ApiError.
    """
    markup = parameters.json("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if inline_only and any(word in markup for word in _OTHER_MARKUP):
            raise bad_request("inline keyboard expected")
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
    keyboard = tuple(tuple(_checked(button) for button in row) for row in rows if row)
    if sum(map(len, keyboard)) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        raise bad_request("reply markup is too long")
    return keyboard or None


def _checked(button: Any) -> Button:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: field text must be a String")
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not any(action in button for action in _ACTIONS):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data", "-")
    size = len(data.encode()) if isinstance(data, str) else 0
    if not 1 <= size <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if not str(button.get("url", _LINKS[0])).startswith(_LINKS):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid")
    copied = button.get("copy_text", {"text": "-"})
    words = copied.get("text") if isinstance(copied, dict) else None
    if not isinstance(words, str) or not 1 <= len(words) <= InlineKeyboardButtonLimit.MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if button.get("style", Style.PRIMARY) not in list(Style):
        raise bad_request("invalid button style specified")
    return button


def as_update(keyboard: Keyboard) -> dict[str, Any]:
    """The InlineKeyboardMarkup that stands in an update."""
    return {"inline_keyboard": [list(row) for row in keyboard]}


def as_page(keyboard: Keyboard) -> list[list[dict[str, Any]]]:
    """The rows of buttons that the page shows."""
    return [[_page_button(button) for button in row] for row in keyboard]


def _page_button(button: Button) -> dict[str, Any]:
    shown = {
        "text": button["text"],
        "data": button.get("callback_data"),
        "url": button.get("url"),
        "copy": button.get("copy_text", {}).get("text"),
        "style": button.get("style"),
    }
    return {name: value for name, value in shown.items() if value is not None}


def has_data(keyboard: Keyboard | None, data: str) -> bool:
    """Whether a button of that data is on the keyboard."""
    return any(button.get("callback_data") == data for row in keyboard or () for button in row)
