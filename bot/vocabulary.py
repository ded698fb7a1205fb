"""The phrases a caption may hold, in every language at once, and what each of them means.

They come from the declarations and the texts: names and labels of settings, words of values, and
the phrases `caption.…` of each language; styles bring their names and titles. A phrase is a tuple
of plain words: without case, accents, dashes and underscores.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.gallery import Painting
from bot.texts import Texts, languages, texts_for
from bot.words import BY_NAME
from engine.declarations import Setting, Value
from engine.settings import SETTINGS

Phrase = tuple[str, ...]
NOT_FOR_ONE_JOB = ("language",)


@dataclass(frozen=True, slots=True)
class Naming:
    """The name of a setting; its value follows."""

    setting: str


@dataclass(frozen=True, slots=True)
class Change:
    """A setting and its value at once, such as "keep colours"."""

    setting: str
    value: Value


@dataclass(frozen=True, slots=True)
class Nudge:
    """A step up (+1) or down (-1) on the ladder of a setting."""

    setting: str
    direction: int


@dataclass(frozen=True, slots=True)
class StyleName:
    """A painting of the gallery by its slug, or a style of the person by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Filler:
    """A word that means nothing here, such as "please"."""


Meaning = Naming | Change | Nudge | StyleName | Filler
Vocabulary = Mapping[Phrase, Meaning]


def phrase(text: str) -> Phrase:
    """The plain words of a text."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple(re.sub(r"(?<=\w)[-_]+(?=\w)", " ", plain.replace("_", " ")).split())


def vocabulary(gallery: Iterable[Painting], own: Iterable[str] = ()) -> Vocabulary:
    """Everything a caption may say; a setting's word counts before a style's name."""
    words: dict[Phrase, Meaning] = {phrase(name): StyleName(name) for name in own}
    for painting in gallery:
        for name in (painting.slug, *painting.titles.values()):
            words[phrase(name)] = StyleName(painting.slug)
    return {**words, **_settings_words()}


@functools.cache
def _settings_words() -> Vocabulary:
    words: dict[Phrase, Meaning] = {}
    everywhere = [texts_for(code) for code in languages()]
    settings = [setting for name, setting in BY_NAME.items() if name not in NOT_FOR_ONE_JOB]
    for setting in SETTINGS:  # the weakest: a value without the name of its setting
        words |= {phrase(word): Change(setting.name, word) for word in setting.choices}
    for setting in settings:
        names = set(_names(setting, everywhere))
        words |= {name: Naming(setting.name) for name in names}
        for value, said in _values(setting, everywhere):
            words |= {name + said: Change(setting.name, value) for name in names}
    for texts in everywhere:
        words |= dict(_phrases(texts))
    return words


def _names(setting: Setting, everywhere: Iterable[Texts]) -> Iterator[Phrase]:
    yield phrase(setting.name)
    for texts in everywhere:
        yield phrase(texts.plain(f"setting.{setting.name}"))


def _values(setting: Setting, everywhere: Iterable[Texts]) -> Iterator[tuple[str, Phrase]]:
    for value in setting.choices:
        yield value, phrase(value)
        for texts in everywhere:
            key = f"value.{setting.name}.{value}"
            if texts.has(key):
                yield value, phrase(texts.plain(key).replace(",", ""))


def _phrases(texts: Texts) -> Iterator[tuple[Phrase, Meaning]]:
    """The texts `caption.name.…`, `.is.…`, `.up.…`, `.down.…` and `.fillers`: lists with commas."""
    for key, text in texts.module.TEXTS.items():
        meaning = _meaning(key)
        if meaning is not None:
            for said in str(text).split(","):
                yield phrase(said), meaning


def _meaning(key: str) -> Meaning | None:
    match key.split("."):
        case ["caption", "name", setting]:
            return Naming(setting)
        case ["caption", "is", setting, value]:
            return Change(setting, value)
        case ["caption", "up" | "down" as way, setting]:
            return Nudge(setting, 1 if way == "up" else -1)
        case ["caption", "fillers"]:
            return Filler()
    return None
