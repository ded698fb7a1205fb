"""How a run is computed: the convolutions' precision, tiles, and the optimizer's memory.

Tiles change a picture by rounding only, a shorter history the path to it; all three decide what a
run takes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self

import torch

from engine.cost import IMAGE_BYTES, Work, peak_bytes
from engine.networks.geometry import LEAST_ALIGNMENT
from engine.tiles import MIN_TILE

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float64": torch.float64}
TILES = tuple(range(1024, 128, -64))  # px, from the quickest to the smallest that still make sense
HISTORY = 40  # pairs of L-BFGS
LEAST_HISTORY = 4
HISTORY_SHARE = 0.25  # of the memory


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to compute a run.

    `precision` is the dtype's name, `tile` the edge in pixels of the tiles (None: the whole
    picture), `history` how many pairs L-BFGS keeps.
    """

    precision: str = "float32"
    tile: int | None = None
    history: int = HISTORY

    @property
    def dtype(self) -> torch.dtype:
        """That of the convolutions and features."""
        return DTYPES[self.precision]

    def smaller(self, longest: int, alignment: int = LEAST_ALIGNMENT) -> Self:
        """A plan that needs less memory for a picture with so long an edge: half the tiles."""
        edge = min(self.tile or longest, longest) // 2
        tile = max(MIN_TILE, edge // alignment * alignment)
        return replace(self, tile=tile, history=max(LEAST_HISTORY, self.history // 2))

    def facts(self) -> Mapping[str, str]:
        """What bit-exactness depends on, for a state."""
        return {
            "precision": self.precision,
            "tile": str(self.tile),
            "history": str(self.history),
            "threads": str(torch.get_num_threads()),
            "torch": torch.__version__,
        }


def fitting(plan: Plan, work: Work, keeps: Callable[[Plan], int], budget: float) -> Plan:
    """The quickest variant of a plan that needs no more than so many bytes.

    `keeps` tells how many pictures the optimizer of a plan keeps. A long history is worth less than
    large tiles, and none more than `HISTORY_SHARE` of the budget; tiles that the plan has stay.
    Where nothing fits, the smallest variant; `needs` tells what it takes.
    """
    buffer = IMAGE_BYTES * math.prod(work.size)
    while keeps(plan) * buffer > HISTORY_SHARE * budget and plan.history > LEAST_HISTORY:
        plan = replace(plan, history=plan.history - 1)
    if plan.tile is not None or work.network.geometry.sees_everything(work.layers):
        return plan
    for tile in (None, *TILES):
        if needs(replace(plan, tile=tile), work, keeps) <= budget:
            return replace(plan, tile=tile)
    return replace(plan, tile=TILES[-1], history=LEAST_HISTORY)


def needs(plan: Plan, work: Work, keeps: Callable[[Plan], int]) -> float:
    """Bytes that a run needs by a plan, over those of the program with its network."""
    work = replace(work, tile=plan.tile)
    return peak_bytes(work, plan.dtype.itemsize, keeps(plan))
