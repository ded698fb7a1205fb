"""Settings in a person's words: labels, values, ranges, refusals, the line to copy."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

from bot.texts import Html, Texts, language_names, texts_for
from engine.declarations import Setting, Value
from engine.errors import InvalidSetting
from engine.settings import SETTINGS, Settings
from storage.columns import JobError
from storage.models import User
from storage.preferences import PREFERENCES, Preferences

AUTOMATIC = "auto"  # the language of the person's Telegram


def _offered(setting: Setting) -> Setting:
    """What a person may choose; the languages are those that have a file."""
    if setting.name != "language":
        return setting
    return replace(setting, choices=(AUTOMATIC, *language_names()), unit="")


BY_NAME = {setting.name: _offered(setting) for setting in (*SETTINGS, *PREFERENCES)}
ASSIGNMENT = re.compile(r"([A-Za-z_]+)\s*[=\s]\s*([^\s,=]+)")


class UnknownSetting(ValueError):
    """A name that is no setting; `closest` is the likely one."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        found = difflib.get_close_matches(name, BY_NAME, n=1)
        self.closest = found[0] if found else None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Everything a person has chosen: how to paint, and how it reaches the chat."""

    settings: Settings
    preferences: Preferences

    def value(self, name: str) -> Value:
        """The value in force."""
        value: Value = getattr(self.settings if _paints(name) else self.preferences, name)
        return value

    def replace(self, name: str, value: Value) -> Chosen:
        """A copy with one value changed; raises InvalidSetting."""
        if _paints(name):
            return Chosen(self.settings.replace(**{name: value}), self.preferences)
        return Chosen(self.settings, self.preferences.replace(**{name: value}))

    def with_text(self, name: str, text: str) -> Chosen:
        """A copy with one value as a person wrote it; raises InvalidSetting or UnknownSetting."""
        setting = BY_NAME.get(name.lower())
        if setting is None:
            raise UnknownSetting(name)
        return self.replace(setting.name, setting.parse(text))

    def line(self, defaults: Chosen) -> str:
        """The `/set` command that recreates these values from the defaults; '' when they are."""
        parts = [
            f"{name}={setting.show(self.value(name))}"
            for name, setting in BY_NAME.items()
            if self.value(name) != defaults.value(name)
        ]
        return " ".join(["/set", *parts]) if parts else ""


def _paints(name: str) -> bool:
    return BY_NAME[name] in SETTINGS


def texts_of(user: User | None) -> Texts:
    """The words in a person's language: the one chosen, else that of their Telegram."""
    if user is None:
        return texts_for(None)
    chosen = user.preferences.language
    return texts_for(user.language_code if chosen == AUTOMATIC else chosen)


def assignments(text: str) -> list[tuple[str, str]]:
    """The name-value pairs a person wrote: `style_weight 200, image_size=512`."""
    return ASSIGNMENT.findall(text)


def label(setting: Setting, texts: Texts) -> str:
    """The setting's name in the person's language, plain."""
    return texts.plain(f"setting.{setting.name}")


def shown(name: str, word: str, texts: Texts) -> str:
    """A value's word in the person's language; the word itself where it has no other."""
    for key in (f"value.{name}.{word}", f"value.{word}"):
        if texts.has(key):
            return texts.plain(key)
    return language_names().get(word, word) if name == "language" else word


def shown_setting(setting: Setting, value: Value, texts: Texts) -> str:
    """A value with its unit, as a button or a sentence shows it."""
    word = shown(setting.name, setting.show(value), texts)
    return f"{word} {_unit(setting, texts)}" if setting.unit else word


def _unit(setting: Setting, texts: Texts) -> str:
    key = f"unit.{setting.unit}"
    return texts.plain(key) if texts.has(key) else setting.unit


def allowed(setting: Setting, texts: Texts) -> str:
    """The range, or the choices as they are typed."""
    if setting.choices:
        return ", ".join(setting.choices)
    span = texts.plain(
        "settings.range",
        low=f"{setting.minimum:g}",
        high=f"{setting.maximum:.15g}",
        unit=_unit(setting, texts),
    ).rstrip()
    return f"{span} {texts.plain('settings.or_random')}" if setting.optional else span


def reason(error: JobError | None, texts: Texts) -> str:
    """Why a job failed or a style was not kept, as one sentence in HTML."""
    if error is None or not texts.has(f"reason.{error.code}"):
        return texts("reason.trouble")
    return texts(f"reason.{error.code}", **error.values)


def refusal(error: InvalidSetting | UnknownSetting, texts: Texts) -> str:
    """One sentence, in HTML, that says what was wrong and what would be right."""
    if isinstance(error, UnknownSetting):
        if error.closest:
            return texts(
                "settings.closest", name=error.name, closest=Html(f"<code>{error.closest}</code>")
            )
        return texts("settings.unknown", name=error.name)
    setting = BY_NAME[error.name]
    values = {"label": label(setting, texts), "allowed": allowed(setting, texts)}
    if error.nearest is None:
        return texts("settings.refused", **values)
    return texts("settings.refused.nearest", name=error.name, nearest=error.nearest, **values)
