"""What only the command line and the worker may vary: how a run is made, not what it looks like."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from engine.errors import InvalidInput

PRECISIONS = ("float32", "bfloat16")


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one run; raises InvalidInput when a value breaks its bounds.

    `size` is the exact (width, height) of the painting in pixels; without it the content is fitted
    into `Settings.image_size`. `noise_blend` is the share of noise in the start: by default 0 when
    it starts from a picture, else 1. `tile` is the edge in pixels of the tiles that bound the
    memory; without it the picture stays whole as long as the memory suffices. `precision` is the
    convolutions' dtype; without it, float32 for exact recipes, for the others what pays here.
    `memory` is what the process may take, in GB; without it, what is free, and of main memory 2.35.
    """

    size: tuple[int, int] | None = None
    noise_blend: float | None = None
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    tile: int | None = None
    precision: str | None = None
    memory: float | None = None

    def __post_init__(self) -> None:
        if self.size is not None and min(self.size) < 1:
            raise InvalidInput(f"A picture of {self.size[0]} x {self.size[1]} px has no pixels.")
        if self.noise_blend is not None and not 0 <= self.noise_blend <= 1:
            raise InvalidInput(f"The noise blend is from 0 to 1, not {self.noise_blend:g}.")
        for name in ("beta1", "beta2"):
            if not 0 <= getattr(self, name) < 1:
                raise InvalidInput(f"{name} is from 0 to below 1, not {getattr(self, name):g}.")
        if self.precision not in (None, *PRECISIONS):
            known = " or ".join(PRECISIONS)
            raise InvalidInput(f"The precision is {known}, not {self.precision}.")
        if self.memory is not None and not 0.5 <= self.memory < math.inf:
            raise InvalidInput(f"The memory is 0.5 GB at least, not {self.memory:g}.")
        if not 0 < self.eps < 1:
            raise InvalidInput(f"eps is above 0 and below 1, not {self.eps:g}.")

    def as_dict(self) -> dict[str, Any]:
        """All values by name, ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read what `as_dict` gave back from JSON."""
        size = values.get("size")
        return cls(**{**values, "size": None if size is None else tuple(size)})
