"""A network as a drawing: its operations in order, their sizes, and the names people use for them.

Nothing here needs torch: what a network computes can be counted without building it. `key` is the
prefix of an operation's tensors in the state dictionary that its published weights come in.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

Pair = tuple[int, int]
IMAGE = "image"
NORM_EPSILON = 1e-5
WEIGHTED = ("conv", "deconv", "linear")
# Those that look at a whole picture at once, so that no tile can know their result.
GLOBAL = ("global", "linear")
BUFFERS = ("running_mean", "running_var")


@dataclass(frozen=True, slots=True)
class Node:
    """One operation on the outputs of others.

    `kind` is one of: image, conv, deconv, linear, norm, relu, prelu, tanh, max, mean (pooling),
    global (adaptive mean pooling to `kernel` cells), concat, sum (channels that one lacks are
    zeros), average, unpool (its inputs: features, the maximum's node, and what is as large as the
    result). `ceil` rounds an odd size up: pooling by a last window of what is left, a convolution
    by zeros at the far side. `shapes` are those of its tensors, by their role.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    channels: int
    kernel: Pair = (1, 1)
    stride: int = 1
    padding: Pair = (0, 0)
    dilation: int = 1
    ceil: bool = False
    key: str = ""
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    epsilon: float = NORM_EPSILON

    @property
    def reads(self) -> tuple[str, ...]:
        """The inputs whose values it needs: of what is as large as its result only the size."""
        return self.inputs[:-1] if self.kind in ("deconv", "unpool") else self.inputs

    def keys(self) -> dict[str, tuple[int, ...]]:
        """The names of its tensors in a state dictionary, with their shapes."""
        return {f"{self.key}.{role}": shape for role, shape in self.shapes.items()}

    @property
    def parameters(self) -> int:
        """How many numbers are learnt."""
        return sum(math.prod(s) for role, s in self.shapes.items() if role not in BUFFERS)


@dataclass(frozen=True, slots=True)
class Graph:
    """The whole classifier; `nodes` are in an order to compute them in, `layers` have names."""

    nodes: Mapping[str, Node]
    layers: Mapping[str, str]

    def keys(self) -> dict[str, tuple[int, ...]]:
        """The names of all tensors in a state dictionary, with their shapes."""
        return {key: s for node in self.nodes.values() for key, s in node.keys().items()}

    @property
    def parameters(self) -> int:
        """How many numbers are learnt, with the classifier."""
        return sum(node.parameters for node in self.nodes.values())

    def up_to(self, layers: Collection[str]) -> tuple[Node, ...]:
        """What has to be computed for some named layers, in order."""
        needed = {self.layers[layer] for layer in layers}
        for name, node in reversed(list(self.nodes.items())):
            if name in needed:
                needed.update(node.inputs)
        return tuple(node for name, node in self.nodes.items() if name in needed)

    def depth(self, layer: str) -> int:
        """Its place in the order of computation."""
        return list(self.nodes).index(self.layers[layer])

    def consumers(self, name: str) -> list[Node]:
        """The nodes that an output goes to."""
        return [node for node in self.nodes.values() if name in node.reads]
