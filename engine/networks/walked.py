"""Any network of the registry, walked node by node; automatic differentiation finds the way back.

Only what the asked layers need is ever built. Normalisations are made part of the convolutions
before them, and what no later node reads is forgotten on the way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.errors import Cancelled, InvalidInput
from engine.networks import operations
from engine.networks.graph import IMAGE, Node
from engine.networks.parameters import Parameters
from engine.networks.reference import emphasis_of
from engine.networks.registry import Architecture
from engine.networks.sight import EYE, Emphasis, Injection, Sight, Tape, never
from engine.networks.units import Units
from engine.recent import Recent

REMEMBERED = 32  # styles
LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601


class Walked:
    """A network on one device, built up to the layers that its architecture names, or others."""

    def __init__(
        self,
        network: Architecture,
        parameters: Parameters,
        *,
        layers: Collection[str] | None = None,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
        fold: bool = True,
    ) -> None:
        self.architecture, self.source = network, parameters.source
        self._seed = parameters.seed
        self.device, self.dtype = torch.device(device), dtype
        nodes = network.graph.up_to(network.layers if layers is None else layers)
        self._nodes = {node.name: node for node in nodes}
        self.mean = self._pixel(network.normalization.mean)
        self._deviation = self._pixel(network.normalization.deviation)
        self.remembered: Recent[Any] = Recent(REMEMBERED)
        given = network.graph, nodes, parameters.tensors
        self._units = Units(*given, self.device, dtype, fold=fold)
        self._first = next((node.name for node in nodes if node.kind == "conv"), "")

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
        """See `Network`; without `keep`, of every layer up to the last."""
        graph = self.architecture.graph
        if keep is None:
            depth, back = graph.depth(last), True
            keep = [layer for layer in graph.layers if graph.depth(layer) <= depth]
        tape = Tape(sight)
        with torch.set_grad_enabled(back):
            leaf = image.detach().requires_grad_(back)
            traced = self._walk(leaf, keep, sight, should_stop)
        tape.features = {layer: features.detach() for layer, features in traced.items()}
        if back:
            tape.traced = {IMAGE: leaf, **traced}
        return tape

    def backward(
        self, tape: Tape, inject: Injection, *, should_stop: Callable[[], bool] = never
    ) -> Tensor:
        """See `Network`."""

        def look(_: Tensor) -> None:
            if should_stop():
                raise Cancelled("stopped")

        slopes = []
        for layer, features in tape.features.items():
            tape.traced[layer].register_hook(look)  # type: ignore[no-untyped-call]
            slopes.append(torch.zeros_like(features))
            inject(layer, features, slopes[-1])
        outputs = [tape.traced[layer] for layer in tape.features]
        (gradient,) = torch.autograd.grad(outputs, tape.traced[IMAGE], slopes)
        tape.clear()
        return gradient

    def mask_at(self, mask: Tensor, layer: str) -> Tensor:
        """See `Network`; the cell is as large as the stride, around the middle of what is seen."""
        geometry = self.architecture.geometry
        cell, shift = geometry.stride(layer), geometry.shift(layer)
        rows, columns = (geometry.cells(layer, s, a) for a, s in enumerate(mask.shape[2:]))
        near = max(0, -shift)
        mask = mask[..., max(0, shift) :, max(0, shift) :]
        below, right = (
            max(0, count * cell - side - near)
            for count, side in zip((rows, columns), mask.shape[2:], strict=True)
        )
        mask = F.pad(mask, (near, right, near, below), "replicate")
        return F.avg_pool2d(mask[..., : rows * cell, : columns * cell], cell)

    @cached_property
    def fingerprint(self) -> str:
        """See `Network`; of those that were built. Drawn ones are known by their seed.

        (How they were scaled may differ in a last bit with the number of threads.)
        """
        architecture = self.architecture
        known = architecture.name, architecture.layers, self._seed
        digest = hashlib.sha256(repr(known).encode())
        if self._seed is not None:
            return digest.hexdigest()
        for name, tensor in self._units.tensors():
            digest.update(name.encode())
            digest.update(tensor.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

    @cached_property
    def emphasis(self) -> Emphasis:
        """See `engine.networks.reference`."""
        return emphasis_of(self)

    def observe(
        self, image: Tensor, layers: Collection[str], change: Callable[[Node, Tensor], Tensor]
    ) -> None:
        """Walk to some layers; `change` may alter each node's output before it is read."""
        with torch.no_grad():
            self._walk(image, layers, EYE, never, change)

    def _walk(
        self,
        image: Tensor,
        keep: Collection[str],
        sight: Sight,
        should_stop: Callable[[], bool],
        change: Callable[[Node, Tensor], Tensor] | None = None,
    ) -> dict[str, Tensor]:
        """The outputs of named layers."""
        graph = self.architecture.graph
        for layer in keep:
            if graph.layers[layer] not in self._nodes:
                raise InvalidInput(f"{layer} of {self.architecture.title} was not built.")
        kept = {graph.layers[layer] for layer in keep}
        route = graph.up_to(keep)
        last_reader = {name: node.name for node in route for name in node.reads}
        values = {IMAGE: self._normalized(image)}
        sizes = {IMAGE: values[IMAGE].shape}
        for node in route[1:]:
            if should_stop():
                raise Cancelled("stopped")
            found = self._computed(node, values, sizes, sight, kept)
            values[node.name] = found if change is None else change(node, found)
            sizes[node.name] = values[node.name].shape
            for name in node.reads:
                if last_reader[name] == node.name and name not in kept:
                    values.pop(name, None)
        return {layer: values[graph.layers[layer]] for layer in keep}

    def _computed(
        self,
        node: Node,
        values: dict[str, Tensor],
        sizes: dict[str, torch.Size],
        sight: Sight,
        kept: set[str],
    ) -> Tensor:
        inputs = [values[name] for name in node.reads if name in values]
        is_first = node.name == self._first
        dtype = self.dtype if is_first else sight.dtype or self.dtype
        if node.name in self._units.absorbed:
            return inputs[0]
        weight, bias = self._units.of(node.name, dtype)
        inputs = [x.to(dtype) for x in inputs]
        if is_first:
            assert weight is not None
            found = operations.convolved(node, inputs[0], weight, bias, sight.padding)
            return found.to(sight.dtype or self.dtype)
        if node.kind == "relu" and self._units.owns(node) and node.inputs[0] not in kept:
            return torch.relu_(inputs[0])
        if node.kind == "deconv":
            assert weight is not None
            return operations.deconvolved(node, inputs[0], weight, sizes[node.inputs[1]])
        if node.kind == "unpool":
            places = values[f"{node.inputs[1]} places"]
            return operations.unpooled(inputs[0], places, sizes[node.inputs[2]])
        if node.kind == "max":
            return self._pooled(node, inputs[0], values, sight)
        return operations.compute(node, inputs, weight, bias)

    def _pooled(self, node: Node, x: Tensor, values: dict[str, Tensor], sight: Sight) -> Tensor:
        """A maximum, or the mean instead; whose places a decoder wants stays what it is."""
        if any(reader.kind == "unpool" for reader in self.architecture.graph.consumers(node.name)):
            found, places = F.max_pool2d_with_indices(
                x, node.kernel, [node.stride] * 2, ceil_mode=node.ceil
            )
            values[f"{node.name} places"] = places
            return found
        return operations.pooled(node, x, as_mean=sight.pooling == "avg")

    def _normalized(self, image: Tensor) -> Tensor:
        if self.architecture.graph.nodes[IMAGE].channels == 1:
            weights = image.new_tensor(LUMA).view(1, 3, 1, 1)
            image = (image * weights).sum(1, keepdim=True)
            return (image - self.mean.mean()) / self._deviation.mean()
        image = (image - self.mean) / self._deviation
        return image.flip(1) if self.architecture.normalization.bgr else image

    def _pixel(self, values: tuple[float, float, float]) -> Tensor:
        return torch.tensor(values, dtype=self.dtype, device=self.device).view(1, 3, 1, 1)
