"""How a run looks through a network, and what every network can do for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor

from engine.networks.registry import Architecture
from engine.recent import Recent


class Injection(Protocol):
    """Adds a loss's own gradient at a layer, in place; both tensors are (1, C, h, w)."""

    def __call__(self, layer: str, features: Tensor, gradient: Tensor) -> None: ...


def never() -> bool:
    """A run that nobody stops."""
    return False


@dataclass(frozen=True, slots=True)
class Sight:
    """How a run looks through the network.

    `pooling` is max or avg. `padding` is what the first convolution sees beyond the border: zeros,
    or the border's own pixels (replicate). `dtype` is that of convolutions and features, by default
    the network's own; the first convolution keeps the network's own in any case, for 256 levels do
    not fit into the eight bits of a bfloat16.
    """

    pooling: str = "max"
    padding: str = "zeros"
    dtype: torch.dtype | None = None


@dataclass(slots=True)
class Tape:
    """What a forward pass leaves for the way back.

    `features` by layer; `maxima` and `traced` are for the network that recorded them.
    """

    sight: Sight
    features: dict[str, Tensor] = field(default_factory=dict)
    maxima: dict[str, Tensor] = field(default_factory=dict)
    traced: dict[str, Tensor] = field(default_factory=dict)

    def clear(self) -> None:
        """Give the memory back, whoever still holds the tape."""
        self.features.clear()
        self.maxima.clear()
        self.traced.clear()


EYE = Sight()


class Network(Protocol):
    """A network on one device, ready for any number of runs, each with its own sight.

    `mean` is the pixel (1, 3, 1, 1), RGB 0..255, that it takes for nothing; `remembered` is for
    what was worked out about styles.
    """

    architecture: Architecture
    device: torch.device
    dtype: torch.dtype
    source: str
    mean: Tensor
    remembered: Recent[Any]

    def forward(
        self,
        image: Tensor,
        last: str,
        *,
        keep: Collection[str] | None = None,
        back: bool = False,
        sight: Sight = EYE,
        should_stop: Callable[[], bool] = never,
    ) -> Tape:
        """The activations of an image (1, 3, H, W), RGB 0..255, up to the layer `last`.

        With `keep`, of those layers, and without `back` there is then no way back. Raises Cancelled
        when `should_stop` turns true between two layers.
        """
        ...

    def backward(
        self, tape: Tape, inject: Injection, *, should_stop: Callable[[], bool] = never
    ) -> Tensor:
        """The gradient (1, 3, H, W) of the losses that `inject` adds, with respect to the image.

        Empties the tape. Raises Cancelled when `should_stop` turns true between two layers.
        """
        ...

    def mask_at(self, mask: Tensor, layer: str) -> Tensor:
        """A mask (1, 1, H, W) brought to the cells of a layer: the average under each cell."""
        ...

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the weights, in hexadecimal."""
        ...

    @property
    def emphasis(self) -> Emphasis:
        """What brings its losses to the scale of VGG-19's."""
        ...


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Factors of the losses by layer; those of layers that are not here are 1."""

    content: Mapping[str, float] = field(default_factory=dict)
    style: Mapping[str, float] = field(default_factory=dict)
