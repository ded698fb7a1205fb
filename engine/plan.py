"""How a run is computed: the convolutions' precision, tiles, and the optimizer's memory.

The picture does not depend on it, but for rounding; time and memory do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import torch

from engine.tiles import ALIGNMENT, MIN_TILE

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float64": torch.float64}


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to compute a run.

    `precision` is the dtype's name, `tile` the edge in pixels of the tiles (None: the whole
    picture), `history` how many pairs L-BFGS keeps.
    """

    precision: str = "float32"
    tile: int | None = None
    history: int = 20

    @property
    def dtype(self) -> torch.dtype:
        """That of the convolutions and features."""
        return DTYPES[self.precision]

    def smaller(self, longest: int) -> Self:
        """A plan that needs less memory for a picture with so long an edge: half the tiles."""
        edge = min(self.tile or longest, longest) // 2
        tile = max(MIN_TILE, edge // ALIGNMENT * ALIGNMENT)
        return dataclasses.replace(self, tile=tile, history=max(4, self.history // 2))

    def facts(self) -> Mapping[str, str]:
        """What bit-exactness depends on, for a state."""
        return {
            "precision": self.precision,
            "tile": str(self.tile),
            "history": str(self.history),
            "threads": str(torch.get_num_threads()),
            "torch": torch.__version__,
        }
