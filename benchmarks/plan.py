"""What the arguments of a comparison ask for, as far as all comparisons share it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from benchmarks.pairs import CHOSEN, Pair
from engine.errors import InvalidSetting
from engine.recipes import RECIPES
from engine.settings import Settings

SEED = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """`comparison_parser` says what each is."""

    pairs: int
    recipe: str
    size: int
    rounds: int
    iterations: int

    def settings(self, pair: Pair, **changes: str | float) -> Settings:
        """Easel's for a pair at the size it has; the weights are the original program's."""
        longest = max(pair.content.size)
        own = Settings(self.recipe, longest, self.iterations, start="content", seed=SEED)
        return own.replace(**changes)


def comparison_parser(description: str | None) -> argparse.ArgumentParser:
    """A parser of the arguments that make a `Plan`; a comparison adds its own."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add, most = parser.add_argument, len(CHOSEN)
    add("--pairs", type=int, default=most, choices=range(most + 1), help="how many to paint")
    add("--recipe", default="fine", choices=list(RECIPES), help="Easel's")
    add("--size", type=longest_side, default=384, help="px, of those pairs")
    add("--rounds", type=int, default=10, help="timed steps of each program")
    add("--iterations", type=step_count, default=5000, help="of Easel; its stages share them out")
    return parser


def longest_side(text: str) -> int:
    """A size in px that Easel paints, for argparse. Raises ArgumentTypeError for any other."""
    return _setting("image_size", text)


def step_count(text: str) -> int:
    """A number of steps that Easel goes, for argparse. Raises ArgumentTypeError for any other."""
    return _setting("iterations", text)


def _setting(name: str, text: str) -> int:
    try:
        value = int(text)
        Settings().replace(**{name: value})
    except InvalidSetting as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return value
