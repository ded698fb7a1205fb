"""How a thing that a person may vary is declared: default, bounds, choices, unit and help."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

from engine.errors import InvalidSetting

Value = int | float | str | None


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a person may vary; `ladder` holds the stops of the stepper buttons.

    A text without choices counts its characters between `minimum` and `maximum`.
    """

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
        if self.kind is str:
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
        low, high = self.minimum, self.maximum
        assert low is not None  # everything without choices declares its bounds
        assert high is not None
        if self.kind is str and isinstance(value, str) and low <= len(value) <= high:
            return value
        if self.kind is str or isinstance(value, bool) or not isinstance(value, int | float):
            raise self._refusal(value, None)
        if math.isnan(value):
            raise self._refusal(value, None)
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
            place = self.choices.index(str(value)) if value in self.choices else -direction
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


def tag(default: str, most: int, **more: Any) -> Any:
    """Declare a setting that is a short word; which words there are is known elsewhere."""
    meta = {"kind": str, "minimum": 1, "maximum": most, "unit": "characters", **more}
    return dataclasses.field(default=default, metadata=meta)


def declared(holder: type) -> tuple[Setting, ...]:
    """The declarations of a dataclass made with `number`, `choice` and `tag`, in their order."""
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


def _plain(value: float) -> str:
    return f"{value:.15g}"


def _closest_word(word: str, choices: tuple[str, ...]) -> str | None:
    found = difflib.get_close_matches(word, choices, n=1)
    return found[0] if found else None
