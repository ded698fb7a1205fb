"""What a person may vary about the chat itself: how often, in which form, in which language."""

from __future__ import annotations

from dataclasses import dataclass

from engine.declarations import Declared, Setting, choice, declared, number, tag

MAX_LANGUAGE_CHARS = 16


@dataclass(frozen=True, slots=True)
class Preferences(Declared):
    """How pictures reach a person: immutable, checked when made, kept beside the settings."""

    preview_percent: int = number(
        10, 2, 50, help="a new preview after every", unit="%", ladder=(2, 5, 10, 20, 25, 50)
    )
    output: str = choice("photo", "photo", "file", "both", help="how the result is sent")
    language: str = tag("auto", MAX_LANGUAGE_CHARS, help="language of the bot")


PREFERENCES: tuple[Setting, ...] = declared(Preferences)
