"""Every word to a person, one file a language.

A language is a module here, named for its two-letter code, with `NAME` (its own word for itself),
`plural(number) -> form` and `TEXTS`; there is nothing else to add one to. A text is a string
in Telegram's HTML with `{placeholders}`, or a dict of plural forms chosen by its `n`. Values that
fill a placeholder are escaped, so a person's own words can do no harm.
"""

from __future__ import annotations

import functools
import html
import pkgutil
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

DEFAULT_LANGUAGE = "en"


@functools.cache
def languages() -> tuple[str, ...]:
    """The codes of the languages there are."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


@functools.cache
def language_names() -> dict[str, str]:
    """The languages' own names, by their codes."""
    return {code: import_module(f"{__name__}.{code}").NAME for code in languages()}


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language: `texts("queued", n=2)`."""

    module: ModuleType

    @property
    def language(self) -> str:
        """The language's code."""
        return self.module.__name__.rpartition(".")[2]

    def __call__(self, key: str, **values: Any) -> str:
        """The text in Telegram's HTML, its placeholders filled and escaped."""
        text = self.module.TEXTS[key]
        if isinstance(text, dict):
            text = text[self.module.plural(values["n"])]
        filled = {
            name: value if isinstance(value, Html) else html.escape(str(value), quote=False)
            for name, value in values.items()
        }
        return str(text.format(**filled))

    def plain(self, key: str, **values: Any) -> str:
        """The text for places that take no HTML: buttons and callback answers."""
        return html.unescape(self(key, **values))

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.module.TEXTS

    def duration(self, seconds: float) -> str:
        """A span of time in words, rounded as a person would: '40 s', '3 min', '2 h 5 min'."""
        whole = max(1, round(seconds))
        if whole < 60:
            return self("seconds", count=whole)
        minutes, rest = divmod(whole, 60)
        if minutes < 5 and rest >= 5:
            return f"{self('minutes', count=minutes)} {self('seconds', count=rest // 5 * 5)}"
        if minutes < 60:
            return self("minutes", count=round(whole / 60))
        hours, rest = divmod(minutes, 60)
        if rest == 0:
            return self("hours", count=hours)
        return f"{self('hours', count=hours)} {self('minutes', count=rest)}"


class Html(str):
    """A piece of text that is HTML already and is not escaped again."""

    __slots__ = ()


def texts_for(code: str | None) -> Texts:
    """The words for a language code such as 'ru' or 'pt-BR'; English where it is not known."""
    short = (code or "").split("-")[0].lower()
    name = short if short in languages() else DEFAULT_LANGUAGE
    return Texts(import_module(f"{__name__}.{name}"))
