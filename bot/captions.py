"""A caption read as wishes for one job: `great-wave, style 200, keep colours, 70/30`.

Words in any order, with commas or without. At each place the longest known phrase counts; what is
not known is left out and named, with the nearest phrase there is.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from bot.vocabulary import Change, Meaning, Naming, Nudge, StyleName, Vocabulary, phrase
from bot.words import BY_NAME, Chosen
from engine.declarations import Setting, Value
from engine.errors import InvalidSetting

MENTION = re.compile(r"@\w+")
SHARES = re.compile(r"\d{1,4}%?(/\d{1,4}%?)+")
NUMBER = re.compile(r"[+-]?\d[\d.]*(e\d+)?")
UNITS = ("%", "px", "пикс")
EDGES = ".!?…()«»“”„\"'*"
BREAK = ","
ALIKE = 0.75  # of 1; below it a likeness is chance


@dataclass(frozen=True, slots=True)
class Caption:
    """What a caption asks for.

    `chosen` is everything in force with it; `styles` are names, `shares` their blend; `changed` the
    settings it names; `understood` the part of it that reads the same again.
    """

    chosen: Chosen
    styles: tuple[str, ...] = ()
    shares: tuple[int, ...] = ()
    changed: tuple[str, ...] = ()
    understood: str = ""
    unknown: tuple[str, ...] = ()
    nearest: str | None = None
    refused: tuple[str, ...] = ()


def read_caption(text: str, vocabulary: Vocabulary, chosen: Chosen) -> Caption:
    """Read a caption over the values that are in force without it."""
    return _Reader(vocabulary, chosen, _tokens(text)).read()


@dataclass(frozen=True, slots=True)
class _Token:
    """A word as the person wrote it, and the plain words it stands for."""

    written: str
    plain: tuple[str, ...]


def _tokens(text: str) -> list[_Token]:
    text = MENTION.sub(" ", text)
    text = re.sub(r"(?<=\d)\s*/\s*(?=\d)", "/", text)
    text = re.sub(r"(?<=\d)\s+%", "%", text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = re.sub(r"[,;\n]", f" {BREAK} ", re.sub(r"[=:]", " ", text))
    words = [word if word == BREAK else word.strip(EDGES) for word in text.split()]
    # What has neither letter nor number is a flourish: a dash, an emoji.
    told = [word for word in words if word == BREAK or re.search(r"\w", word)]
    return [_Token(word, phrase(word)) for word in told]


@dataclass(slots=True)
class _Reader:
    vocabulary: Vocabulary
    chosen: Chosen
    tokens: list[_Token]
    styles: list[str] = field(default_factory=list)
    shares: tuple[int, ...] = ()
    changed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def read(self) -> Caption:
        understood: list[str] = []
        unknown: list[list[str]] = [[]]
        at = 0
        while at < len(self.tokens):
            refused = len(self.refused)
            count = self._read_at(at)
            said = " ".join(token.written for token in self.tokens[at : at + count])
            if count == 0 and self.tokens[at].written != BREAK:
                unknown[-1].append(self.tokens[at].written)
            elif unknown[-1]:  # unknown words in a row are one phrase
                unknown.append([])
            if count and len(self.refused) == refused:
                understood.append(said)
            at += max(count, 1)
        lost = tuple(" ".join(words) for words in unknown if words)
        return Caption(
            chosen=self.chosen,
            styles=tuple(dict.fromkeys(self.styles)),
            shares=self.shares,
            changed=tuple(dict.fromkeys(self.changed)),
            understood=", ".join(understood),
            unknown=lost,
            nearest=self._nearest(lost),
            refused=tuple(dict.fromkeys(self.refused)),
        )

    def _read_at(self, at: int) -> int:
        """Carry out the longest phrase that begins there; how many tokens it takes, or 0."""
        meaning, count = self._meaning_at(at)
        match meaning:
            case None:
                return self._read_number(at)
            case StyleName(name):
                self.styles.append(name)
            case Change(setting, value):
                self._change(setting, value)
            case Nudge(setting, direction):
                before = self.chosen.value(setting)
                self._change(setting, BY_NAME[setting].neighbour(before, direction))
            case Naming(setting):
                return self._read_value(setting, at + count) and count + 1
        return count

    def _meaning_at(self, at: int) -> tuple[Meaning | None, int]:
        """The longest known phrase that begins there, and how many tokens it takes."""
        plain: tuple[str, ...] = ()
        found: tuple[Meaning | None, int] = (None, 0)
        for count, token in enumerate(self.tokens[at:], start=1):
            if token.written == BREAK:
                break
            plain += token.plain
            if plain in self.vocabulary:
                found = self.vocabulary[plain], count
        return found

    def _read_value(self, name: str, at: int) -> int:
        """The value after its setting's name; 1, or 0 when what is there is no value at all."""
        setting = BY_NAME[name]
        written = self.tokens[at].written if at < len(self.tokens) else BREAK
        if NUMBER.match(written) or _is_like_a_word_of(setting, written):
            self._change(name, written)
            return 1
        return 0

    def _read_number(self, at: int) -> int:
        """Shares, a number before its setting's name, or a percentage: that is the strength."""
        written = self.tokens[at].written
        if SHARES.fullmatch(written):
            self.shares = tuple(int(share) for share in re.findall(r"\d+", written))
            return 1
        if not NUMBER.match(written):
            return 0
        meaning, count = self._meaning_at(at + 1)
        if isinstance(meaning, Naming):
            self._change(meaning.setting, written)
            return 1 + count
        if written.endswith("%"):
            self._change("strength", written)
            return 1
        return 0

    def _change(self, setting: str, value: Value) -> None:
        """Take a value over, or note that it is refused."""
        try:
            if isinstance(value, str):
                value = BY_NAME[setting].parse(_without_unit(value))
            self.chosen = self.chosen.replace(setting, value)
            self.changed.append(setting)
        except InvalidSetting:
            self.refused.append(setting)

    def _nearest(self, unknown: tuple[str, ...]) -> str | None:
        """The known word that is most like one of the unknown ones, as it may be typed."""
        known = {" ".join(words): words for words in self.vocabulary}
        for words in unknown:
            for word in (words, *words.split()):
                found = difflib.get_close_matches(" ".join(phrase(word)), known, 1, ALIKE)
                if found:
                    meaning = self.vocabulary[known[found[0]]]
                    return meaning.name if isinstance(meaning, StyleName) else found[0]
        return None


def _is_like_a_word_of(setting: Setting, word: str) -> bool:
    words = [*setting.choices, *(["random"] if setting.optional else [])]
    return bool(difflib.get_close_matches(word.casefold(), words, 1))


def _without_unit(value: str) -> str:
    for unit in UNITS:
        value = value.removesuffix(unit)
    return value
