"""Cutting a picture into tiles whose features and gradients add up to the whole picture's.

Every feature belongs to one tile. A tile is seen with a halo as wide as its features reach, so
they are those of the whole picture; the gradient of its own features is then added up over tile and
halo (Galerne, Raad, Lezama and Morel, "Scaling Painting Style Transfer", 2022, keep only the tile
itself, which needs twice the halo). At a true border there is no halo: the convolutions' own zero
padding acts there, as for the whole picture. A picture that is not cut is the case of one tile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import InvalidInput
from engine.layers import reach, stride

if TYPE_CHECKING:
    from torch import Tensor

ALIGNMENT = 16  # pixels of the image for one feature of block 5, so that no pooling straddles tiles
MIN_TILE = 64


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels of the image or in cells of a layer."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def pixels(self) -> int:
        """Its area."""
        return (self.bottom - self.top) * (self.right - self.left)

    def of(self, tensor: Tensor) -> Tensor:
        """The view of a tensor (…, H, W) that this box covers."""
        return tensor[..., self.top : self.bottom, self.left : self.right]

    def at(self, layer: str) -> Box:
        """The same rectangle in the cells of a layer (the ceil is for the image's own border)."""
        cell = stride(layer)
        return Box(
            self.top // cell, -(-self.bottom // cell), self.left // cell, -(-self.right // cell)
        )

    def moved(self, down: int, right: int) -> Box:
        """The same rectangle elsewhere."""
        return Box(self.top + down, self.bottom + down, self.left + right, self.right + right)


@dataclass(frozen=True, slots=True)
class Tile:
    """The box whose features a tile owns, and the box it is computed from."""

    core: Box
    seen: Box

    def within(self, features: Tensor, layer: str) -> Tensor:
        """The tile's own part of features that were computed from what it sees."""
        return self.core.moved(-self.seen.top, -self.seen.left).at(layer).of(features)

    def of_whole(self, whole: Tensor, layer: str) -> Tensor:
        """The tile's own part of a layer's tensor that covers the whole picture."""
        return self.core.at(layer).of(whole)


def cut(height: int, width: int, edge: int | None, deepest: str) -> tuple[Tile, ...]:
    """The tiles of a picture, `edge` pixels a side at most; None leaves the picture whole.

    Raises InvalidInput when the edge is not a multiple of 16 from 64 up.
    """
    if edge is None:
        whole = Box(0, height, 0, width)
        return (Tile(whole, whole),)
    if edge < MIN_TILE or edge % ALIGNMENT:
        raise InvalidInput(
            f"A tile's edge is a multiple of {ALIGNMENT} px, {MIN_TILE} at least, not {edge}."
        )
    halo = -(-reach(deepest) // ALIGNMENT) * ALIGNMENT
    tiles = []
    for top in range(0, height, edge):
        for left in range(0, width, edge):
            core = Box(top, min(top + edge, height), left, min(left + edge, width))
            seen = Box(
                max(0, core.top - halo), min(height, core.bottom + halo),
                max(0, core.left - halo), min(width, core.right + halo),
            )  # fmt: skip
            tiles.append(Tile(core, seen))
    return tuple(tiles)
