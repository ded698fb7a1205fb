"""Cutting a picture into tiles whose features and gradients add up to the whole picture's.

Every feature belongs to one tile. A tile is seen with a halo as wide as its features reach, so
they are those of the whole picture; the gradient of its own features is then added up over tile and
halo (Galerne, Raad, Lezama and Morel, "Scaling Painting Style Transfer", 2022, keep only the tile
itself, which needs twice the halo). At a true border there is no halo: the convolutions' own zero
padding acts there, as for the whole picture. A picture that is not cut is the case of one tile.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import InvalidInput
from engine.networks.registry import DEFAULT, Architecture, architecture

if TYPE_CHECKING:
    from torch import Tensor

MIN_TILE = 64
VGG19 = architecture(DEFAULT)


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

    def moved(self, down: int, right: int) -> Box:
        """The same rectangle elsewhere."""
        return Box(self.top + down, self.bottom + down, self.left + right, self.right + right)


@dataclass(frozen=True, slots=True)
class Tile:
    """The box whose features a tile owns, and the box it is computed from.

    `size` is that (H, W) of the whole picture. The tiles at its far borders own all features beyond
    the others', however many the network makes of what is left there.
    """

    core: Box
    seen: Box
    size: tuple[int, int]
    network: Architecture

    def within(self, features: Tensor, layer: str) -> Tensor:
        """The tile's own part of features that were computed from what it sees."""
        cell = self.network.geometry.stride(layer)
        return (
            self._cells(layer).moved(-self.seen.top // cell, -self.seen.left // cell).of(features)
        )

    def of_whole(self, whole: Tensor, layer: str) -> Tensor:
        """The tile's own part of a layer's tensor that covers the whole picture."""
        return self._cells(layer).of(whole)

    def _cells(self, layer: str) -> Box:
        """What it owns of a layer; nothing, where the layer ends before it."""
        geometry, (height, width) = self.network.geometry, self.size
        cell = geometry.stride(layer)
        rows, columns = (geometry.cells(layer, side, axis) for axis, side in enumerate(self.size))
        core = self.core
        bottom = rows if core.bottom == height else core.bottom // cell
        right = columns if core.right == width else core.right // cell
        return Box(min(core.top // cell, bottom), bottom, min(core.left // cell, right), right)


def cut(
    height: int,
    width: int,
    edge: int | None,
    layers: Collection[str] | str,
    network: Architecture = VGG19,
) -> tuple[Tile, ...]:
    """The tiles of a picture for the features of some layers; None leaves the picture whole.

    Raises InvalidInput when the edge is not a multiple of the layers' largest stride (of 16 at
    least) from 64 up, when a layer sees the whole picture, or when the picture is too small.
    """
    layers, geometry = [layers] if isinstance(layers, str) else list(layers), network.geometry
    smallest = geometry.smallest(layers)
    if min(height, width) < smallest:
        raise InvalidInput(
            f"{network.title} needs {smallest} px a side at least for these layers, and a picture "
            f"is {width} x {height} px."
        )
    if edge is None:
        whole = Box(0, height, 0, width)
        return (Tile(whole, whole, (height, width), network),)
    check_edge(edge, layers, network)
    halo = geometry.halo(layers)
    tiles = []
    for top in range(0, height, edge):
        for left in range(0, width, edge):
            core = Box(top, min(top + edge, height), left, min(left + edge, width))
            seen = Box(
                max(0, core.top - halo), min(height, core.bottom + halo),
                max(0, core.left - halo), min(width, core.right + halo),
            )  # fmt: skip
            tiles.append(Tile(core, seen, (height, width), network))
    return tuple(tiles)


def check_edge(edge: int, layers: Collection[str], network: Architecture) -> None:
    """Raise InvalidInput when a picture cannot be cut into tiles of that edge."""
    everything = network.geometry.sees_everything(layers)
    if everything:
        raise InvalidInput(
            f"{everything[0]} of {network.title} needs the whole picture at once, so it cannot be "
            "painted in tiles; other layers can."
        )
    alignment = network.geometry.alignment(layers)
    if edge < MIN_TILE or edge % alignment:
        raise InvalidInput(
            f"A tile's edge is a multiple of {alignment} px, {MIN_TILE} at least, not {edge}."
        )
