"""Draws a network's graph: each method adds an operation and gives the name of its output."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.networks.graph import IMAGE, NORM_EPSILON, Graph, Node, Pair


class Chart:
    """A graph in the making. `epsilon` is what the network's normalisations add to a variance."""

    def __init__(self, channels: int = 3, epsilon: float = NORM_EPSILON) -> None:
        self._nodes = {IMAGE: Node(IMAGE, "image", (), channels)}
        self._layers: dict[str, str] = {}
        self._epsilon = epsilon

    def graph(self) -> Graph:
        """What was drawn."""
        return Graph(self._nodes, self._layers)

    def channels(self, x: str) -> int:
        """Of an output."""
        return self._nodes[x].channels

    def named(self, layer: str, x: str) -> str:
        """Give an output the name of a layer."""
        self._layers[layer] = x
        return x

    def conv(
        self,
        x: str,
        key: str,
        channels: int,
        kernel: int | Pair,
        *,
        padding: int | Pair = 0,
        bias: bool = True,
        **more: Any,
    ) -> str:
        """A convolution."""
        size = _pair(kernel)
        shapes: dict[str, tuple[int, ...]] = {"weight": (channels, self.channels(x), *size)}
        if bias:
            shapes["bias"] = (channels,)
        given = {"kernel": size, "padding": _pair(padding), "key": key, "shapes": shapes}
        return self._add(key, "conv", (x,), channels, **given, **more)

    def deconv(self, x: str, key: str, channels: int, kernel: int, like: str, padding: int) -> str:
        """A transposed convolution of stride 2 without a bias, cut to the size of `like`."""
        shapes = {"weight": (self.channels(x), channels, kernel, kernel)}
        given = {"kernel": _pair(kernel), "padding": _pair(padding), "key": key, "shapes": shapes}
        return self._add(key, "deconv", (x, like), channels, stride=2, **given)

    def linear(self, x: str, key: str, inputs: int, channels: int) -> str:
        """A fully connected layer over all that comes in."""
        shapes = {"weight": (channels, inputs), "bias": (channels,)}
        return self._add(key, "linear", (x,), channels, key=key, shapes=shapes)

    def norm(self, x: str, key: str) -> str:
        """A batch normalisation by the statistics in the weights."""
        channels = self.channels(x)
        roles = ("weight", "bias", "running_mean", "running_var")
        shapes = dict.fromkeys(roles, (channels,))
        given = {"key": key, "shapes": shapes, "epsilon": self._epsilon}
        return self._add(key, "norm", (x,), channels, **given)

    def relu(self, x: str) -> str:
        """max(x, 0)."""
        return self._add(f"{x}.relu", "relu", (x,), self.channels(x))

    def prelu(self, x: str, key: str) -> str:
        """What is positive as it is, else times a learnt slope of its channel."""
        channels = self.channels(x)
        return self._add(key, "prelu", (x,), channels, key=key, shapes={"weight": (channels,)})

    def tanh(self, x: str) -> str:
        """The hyperbolic tangent."""
        return self._add(f"{x}.tanh", "tanh", (x,), self.channels(x))

    def max(self, x: str, kernel: int, stride: int, *, padding: int = 0, ceil: bool = False) -> str:
        """A maximum over a window."""
        return self._pool(x, "max", kernel, stride, padding, ceil)

    def mean(self, x: str, kernel: int, stride: int, *, padding: int = 0) -> str:
        """A mean over a window, with the padding's zeros."""
        return self._pool(x, "mean", kernel, stride, padding, False)

    def cells(self, x: str, edge: int = 1) -> str:
        """A mean over each of edge x edge parts of the whole picture."""
        given = {"kernel": (edge, edge)}
        return self._add(f"{x}.cells", "global", (x,), self.channels(x), **given)

    def concat(self, name: str, *xs: str) -> str:
        """All channels one after the other."""
        return self._add(name, "concat", xs, sum(map(self.channels, xs)))

    def sum(self, name: str, *xs: str) -> str:
        """Channel by channel; channels that one lacks count as zeros."""
        return self._add(name, "sum", xs, max(map(self.channels, xs)))

    def average(self, name: str, *xs: str) -> str:
        """The mean, channel by channel."""
        return self._add(name, "average", xs, self.channels(xs[0]))

    def unpool(self, name: str, x: str, pool: str) -> str:
        """Each value where the maximum of a pooling was found, zeros elsewhere."""
        before = self._nodes[pool].inputs[0]
        return self._add(name, "unpool", (x, pool, before), self.channels(x), stride=2)

    def _pool(self, x: str, kind: str, kernel: int, stride: int, padding: int, ceil: bool) -> str:
        given = {"kernel": _pair(kernel), "stride": stride, "padding": _pair(padding)}
        return self._add(f"{x}.{kind}", kind, (x,), self.channels(x), ceil=ceil, **given)

    def _add(
        self, name: str, kind: str, inputs: tuple[str, ...], channels: int, **more: Any
    ) -> str:
        while name in self._nodes:  # of operations without tensors, whose names are nobody's matter
            name += "'"
        self._nodes[name] = replace(Node(name, kind, inputs, channels), **more)
        return name


def _pair(value: int | Pair) -> Pair:
    return value if isinstance(value, tuple) else (value, value)
