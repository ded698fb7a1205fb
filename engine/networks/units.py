"""The weights of a network's nodes, ready to compute with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import torch
from torch import Tensor

from engine.networks.graph import Graph, Node

Pair = tuple[Tensor | None, Tensor | None]
IN_PLACE = ("conv", "norm", "sum")  # what need not know its output for the way back


class Units:
    """(weight, bias) of each node, in any dtype.

    `absorbed` are the normalisations that became part of the convolution before them.
    """

    def __init__(
        self,
        graph: Graph,
        nodes: Collection[Node],
        tensors: Mapping[str, Tensor],
        device: torch.device,
        dtype: torch.dtype,
        *,
        fold: bool = True,
    ) -> None:
        self._graph = graph
        self.absorbed: set[str] = set()
        pairs: dict[str, Pair] = {}
        for node in nodes:
            pair = pair_of(node, tensors)
            before = graph.nodes[node.inputs[0]] if node.kind == "norm" else None
            may = fold and before is not None and before.kind == "conv"
            if may and before is not None and self._is_alone(before.name):
                pairs[before.name] = _folded(pairs[before.name], pair)
                self.absorbed.add(node.name)
            else:
                pairs[node.name] = pair
        self._pairs = {
            (name, dtype): tuple(_placed(part, device, dtype) for part in pair)
            for name, pair in pairs.items()
        }
        self._dtype = dtype

    def of(self, name: str, dtype: torch.dtype) -> Pair:
        """Those of a node; made when they are first asked for in a dtype."""
        if (name, dtype) not in self._pairs:
            own = self._pairs[name, self._dtype]
            self._pairs[name, dtype] = tuple(None if p is None else p.to(dtype) for p in own)
        weight, bias = self._pairs[name, dtype]
        return weight, bias

    def owns(self, node: Node) -> bool:
        """Whether a node may write its output over its input."""
        before = node.inputs[0]
        return self._graph.nodes[before].kind in IN_PLACE and self._is_alone(before)

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        """All of them in the network's own dtype, in the order of computation."""
        for (name, dtype), pair in self._pairs.items():
            if dtype == self._dtype:
                yield from ((name, part) for part in pair if part is not None)

    def _is_alone(self, name: str) -> bool:
        return len(self._graph.consumers(name)) == 1


def pair_of(node: Node, tensors: Mapping[str, Tensor]) -> Pair:
    """What a node computes with; a normalisation is a factor and what is added."""
    part = {role: tensors[f"{node.key}.{role}"].double() for role in node.shapes}
    if node.kind != "norm":
        return part.get("weight"), part.get("bias")
    factor = part["weight"] / (part["running_var"] + node.epsilon).sqrt()
    return factor, part["bias"] - factor * part["running_mean"]


def _folded(convolution: Pair, norm: Pair) -> Pair:
    (weight, bias), (factor, shift) = convolution, norm
    assert weight is not None
    assert factor is not None
    assert shift is not None
    added = shift if bias is None else shift + factor * bias
    return weight * factor.view(-1, 1, 1, 1), added


def _placed(part: Tensor | None, device: torch.device, dtype: torch.dtype) -> Tensor | None:
    if part is None:
        return None
    part = part.to(device, dtype)
    return part.contiguous(memory_format=torch.channels_last) if part.dim() == 4 else part
