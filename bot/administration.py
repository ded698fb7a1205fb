"""How a subcommand of /admin is declared, read and explained: all three from one declaration."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.turn import Turn

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Argument:
    """One thing a subcommand takes: its name, how the usage shows it, what it may look like."""

    name: str
    usage: str
    pattern: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A word after /admin and what it takes; its help is the text `admin.<name>.help`.

    The handler gives the answer in HTML.
    """

    name: str
    arguments: tuple[Argument, ...]
    handler: Callable[[Turn, Values], Awaitable[str]]
    aliases: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """The whole line as it is to be written."""
        return " ".join(["/admin", self.name, *(argument.usage for argument in self.arguments)])

    def read(self, words: str) -> Values | None:
        """The arguments by name, optional ones only where given; None when they do not fit."""
        pattern = "".join(
            rf"(?:\s+(?P<{one.name}>{one.pattern})){'?' if one.optional else ''}"
            for one in self.arguments
        )
        found = re.fullmatch(pattern, f" {words}" if words else "", re.DOTALL)
        if found is None:
            return None
        return {name: value for name, value in found.groupdict().items() if value is not None}


def find(subcommands: Sequence[Subcommand], word: str) -> Subcommand | None:
    """The subcommand of that name or alias, or None."""
    word = word.lower()
    return next((one for one in subcommands if word in (one.name, *one.aliases)), None)


def split(text: str) -> tuple[str, str]:
    """The subcommand's word in `/admin word and the rest`, and the rest; '' for what is missing."""
    _, word, rest, *_ = [*text.split(maxsplit=2), "", "", ""]
    return word, rest.rstrip()
