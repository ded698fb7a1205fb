"""What a person may vary, each declared once.

A declaration carries default, bounds, choices, unit and help. It drives validation, the command
line's flag, the row in `/settings`, the typed column with its CHECK on `user`, the snapshot on
`job`, and the table in the docs. Defaults are the seed's, so that a bare `Settings()` reproduces
the original program; `chat_defaults` gives what a new user of the bot starts with.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

from engine.errors import InvalidSetting

Value = int | float | str | None
MAX_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a person may vary; `ladder` holds the stops of the stepper buttons."""

    name: str
    kind: type
    default: Value
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    ladder: tuple[float, ...] = ()
    optional: bool = False
    flag: str | None = None

    def parse(self, text: str) -> Value:
        """The value a person's text stands for.

        Raises InvalidSetting with the range and the nearest valid value.
        """
        text = text.strip().lower()
        if self.optional and text in ("", "none", "random", "auto"):
            return None
        if self.choices:
            return self.check(text)
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            raise self._refusal(text, None) from None
        if self.kind is int and math.isfinite(number) and number == int(number):
            number = int(number)
        return self.check(number)

    def check(self, value: Value) -> Value:
        """The value in its own type, or InvalidSetting when it breaks bounds, type or choices."""
        if value is None and self.optional:
            return None
        if self.choices:
            if value in self.choices:
                return value
            raise self._refusal(value, _closest_word(str(value), self.choices))
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            raise self._refusal(value, None)
        low, high = self.minimum, self.maximum
        assert low is not None  # every number declares its bounds
        assert high is not None
        nearest = min(max(value, low), high)
        if self.kind is int:
            nearest = round(nearest)
        if nearest != value:
            raise self._refusal(value, self.show(nearest))
        number: Value = self.kind(value)
        return number

    def show(self, value: Value) -> str:
        """The value as a person writes it; `parse` reads it back."""
        if value is None:
            return "random"
        return f"{value:.12g}" if isinstance(value, float) else str(value)

    def allowed(self) -> str:
        """The range or the choices in words, e.g. '64 to 2048 px'."""
        if self.choices:
            return ", ".join(self.choices)
        assert self.minimum is not None
        assert self.maximum is not None
        span = f"{_plain(self.minimum)} to {_plain(self.maximum)}"
        return f"{span} {self.unit}".rstrip() + (" or random" if self.optional else "")

    def neighbour(self, value: Value, direction: int) -> Value:
        """The next stop above (+1) or below (-1) on the ladder, or the next choice in a ring."""
        if self.choices:
            place = self.choices.index(str(value))
            return self.choices[(place + direction) % len(self.choices)]
        if not isinstance(value, int | float):
            return value
        stops = [s for s in self.ladder if (s > value if direction > 0 else s < value)]
        if not stops:
            return value
        result: Value = self.kind(min(stops) if direction > 0 else max(stops))
        return result

    def _refusal(self, value: Value, nearest: str | None) -> InvalidSetting:
        hint = f" The nearest is {nearest}." if nearest is not None else ""
        return InvalidSetting(
            f"{self.name} takes {self.allowed()}, not {value!r:.40}.{hint}",
            name=self.name,
            nearest=nearest,
        )


def number(default: float | None, low: float, high: float, **more: Any) -> Any:
    """Declare a setting that holds a number; its type is the default's, unless `kind` says."""
    meta = {"kind": type(default), "minimum": low, "maximum": high, **more}
    return dataclasses.field(default=default, metadata=meta)


def choice(default: str, *choices: str, **more: Any) -> Any:
    """Declare a setting that is one of a few words."""
    meta = {"kind": str, "choices": choices, **more}
    return dataclasses.field(default=default, metadata=meta)


def declared(holder: type) -> tuple[Setting, ...]:
    """The declarations of a dataclass made with `number` and `choice`, in their order."""
    return tuple(
        Setting(name=field.name, default=cast(Value, field.default), **field.metadata)
        for field in dataclasses.fields(holder)
    )


class Declared:
    """What every frozen dataclass of declarations can do; construction checks every value."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for setting in declared(type(self)):
            object.__setattr__(self, setting.name, setting.check(getattr(self, setting.name)))

    def replace(self, **changes: Value) -> Self:
        """A copy with some values changed; raises InvalidSetting."""
        return dataclasses.replace(self, **changes)  # type: ignore[type-var]

    def as_dict(self) -> dict[str, Value]:
        """All values by name, ready for JSON."""
        return dataclasses.asdict(self)  # type: ignore[call-overload, no-any-return]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read a stored snapshot: unknown names are dropped, missing ones take their default."""
        known = {setting.name for setting in declared(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


@dataclass(frozen=True, slots=True)
class Settings(Declared):
    """What a picture is painted with: immutable, checked when made."""

    recipe: str = choice("gatys", "gatys", help="way of painting", flag="--recipe")
    image_size: int = number(
        512, 64, 2048, help="longest edge", unit="px", ladder=(256, 384, 512, 768, 1024, 1536, 2048)
    )
    iterations: int = number(
        100, 1, 5000, help="steps", ladder=(50, 100, 200, 300, 500, 1000), flag="--iterations"
    )
    content_weight: float = number(
        5.0,
        0.0,
        1e5,
        help="weight of the content",
        ladder=(0.5, 1, 2, 5, 10, 20, 50),
        flag="--content-weight",
    )
    style_weight: float = number(
        100.0,
        0.0,
        1e6,
        help="weight of the style",
        ladder=(10, 25, 50, 100, 200, 500, 1000, 2000),
        flag="--style-weight",
    )
    tv_weight: float = number(
        100.0,
        0.0,
        1e6,
        help="smoothness (total variation)",
        ladder=(0, 10, 50, 100, 200, 500),
        flag="--tv-weight",
    )
    style_scale: float = number(
        1.0, 0.1, 4.0, help="size of the strokes", ladder=(0.25, 0.5, 0.75, 1, 1.5, 2)
    )
    learning_rate: float = number(
        10.0, 0.01, 100.0, help="learning rate", ladder=(1, 2, 5, 10, 20), flag="--learning-rate"
    )
    colors: str = choice(
        "style", "style", "luma", help="colours of the style, or of the photo", flag="--colors"
    )
    pooling: str = choice("max", "max", "avg", help="pooling of the network", flag="--pooling")
    style_layer_weight_exp: float = number(
        1.0,
        0.1,
        10.0,
        help="layer emphasis: each deeper layer weighs this times the one before",
        ladder=(0.25, 0.5, 0.75, 1, 1.5, 2, 4),
        flag="--style-layer-weight-exp",
    )
    content_weight_blend: float = number(
        1.0,
        0.0,
        1.0,
        help="content from relu4_2 (1) to relu5_2 (0)",
        ladder=(0, 0.25, 0.5, 0.75, 1),
        flag="--content-weight-blend",
    )
    start: str = choice("noise", "noise", "content", help="what the painting starts from")
    seed: int | None = number(
        None, 0, MAX_SEED, kind=int, optional=True, help="seed of the noise", flag="--seed"
    )


SETTINGS: tuple[Setting, ...] = declared(Settings)


def chat_defaults(device: str) -> Settings:
    """What a new user starts with: a picture worth seeing in a few minutes on that device."""
    size = 384 if device == "cpu" else 512
    return Settings(image_size=size, start="content")


def _plain(value: float) -> str:
    return f"{value:.15g}"


def _closest_word(word: str, choices: tuple[str, ...]) -> str | None:
    found = difflib.get_close_matches(word, choices, n=1)
    return found[0] if found else None
