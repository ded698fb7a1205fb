"""VGG-19 up to its last ReLU, with a hand-written backward pass to the image.

The weights are frozen and only the image has a gradient, so the chain convolution, ReLU, pooling is
walked by hand: activations are dropped as soon as the way back has passed them, the gradients of
the losses enter at their layers by formula, and a stop is noticed between any two layers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.errors import Cancelled
from engine.layers import CONVOLUTIONS, LAYERS, begins_block, block, convolution_of, up_to
from engine.networks.convolution import Convolution
from engine.networks.registry import DEFAULT, architecture
from engine.networks.sight import EYE, Emphasis, Injection, Sight, Tape, never
from engine.recent import Recent
from engine.weights import Weights

POOL = (2, 2)


def mask_at(mask: Tensor, layer: str) -> Tensor:
    """A mask (1, 1, H, W) brought to the cells of a layer: the average under each cell."""
    for _ in range(block(layer) - 1):
        mask = F.avg_pool2d(mask, POOL, ceil_mode=True, count_include_pad=False)
    return mask


REMEMBERED = 32  # styles, of 2.5 MB each


class Vgg19:
    """The network on one device, ready for any number of runs, each with its own sight."""

    def __init__(
        self,
        weights: Weights,
        *,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.device = torch.device(device)
        self.dtype = dtype
        self.architecture = architecture(DEFAULT)
        self.source = weights.source
        self.mean = torch.tensor(weights.mean, dtype=dtype, device=device).view(1, 3, 1, 1)
        self._kernels = {name: self._place(weights.kernels[name]) for name in CONVOLUTIONS}
        self._biases = {n: weights.biases[n].to(self.device, dtype) for n in CONVOLUTIONS}
        self.remembered: Recent[Any] = Recent(REMEMBERED)
        self._prepared: dict[tuple[str, torch.dtype, str], Convolution] = {}

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
        """See `Network`; the way back needs every layer, so that all of them are kept for it."""
        keep = None if back else keep
        tape = Tape(sight)
        x = image - self.mean
        for layer in up_to(last):
            if should_stop():
                raise Cancelled("stopped")
            if begins_block(layer):
                x = _pool(x, layer, tape, keep is None)
            x = self._convolution(layer, sight).forward(x).to(sight.dtype or self.dtype)
            if keep is None or layer in keep:
                tape.features[layer] = x
        return tape

    def backward(
        self, tape: Tape, inject: Injection, *, should_stop: Callable[[], bool] = never
    ) -> Tensor:
        """See `Network`."""
        gradient: Tensor | None = None
        for layer, features in _emptied(tape.features):
            if should_stop():
                raise Cancelled("stopped")
            if gradient is None:
                gradient = torch.zeros_like(features)
            inject(layer, features, gradient)
            gradient = torch.ops.aten.threshold_backward(gradient, features, 0)
            gradient = self._convolution(layer, tape.sight).backward(gradient)
            if begins_block(layer):
                before = tape.features[LAYERS[LAYERS.index(layer) - 1]]
                gradient = _through_pool(gradient, before, layer, tape)
        assert gradient is not None  # a tape is never empty
        return gradient

    def mask_at(self, mask: Tensor, layer: str) -> Tensor:
        """See `Network`."""
        return mask_at(mask, layer)

    @property
    def emphasis(self) -> Emphasis:
        """None: it is the scale itself."""
        return Emphasis()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the weights, in hexadecimal."""
        digest = hashlib.sha256()
        for name in CONVOLUTIONS:
            for tensor in (self._kernels[name], self._biases[name]):
                digest.update(tensor.cpu().contiguous().numpy().tobytes())
        digest.update(self.mean.cpu().numpy().tobytes())
        return digest.hexdigest()

    def _convolution(self, layer: str, sight: Sight) -> Convolution:
        """The convolution before a layer, prepared when a run first needs it."""
        first = layer == LAYERS[0]
        dtype = self.dtype if first else sight.dtype or self.dtype
        padding = sight.padding if first else "zeros"
        key = (layer, dtype, padding)
        if key not in self._prepared:
            name = convolution_of(layer)
            kernel, bias = self._kernels[name].to(dtype), self._biases[name].to(dtype)
            self._prepared[key] = Convolution.prepared(kernel, bias, padding)
        return self._prepared[key]

    def _place(self, kernel: Tensor) -> Tensor:
        placed = kernel.to(self.device, self.dtype)
        return placed.contiguous(memory_format=torch.channels_last)


def _emptied(features: dict[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    """The features from the deepest up, each forgotten as it is given away."""
    while features:
        yield features.popitem()


def _pool(x: Tensor, layer: str, tape: Tape, and_back: bool) -> Tensor:
    # TensorFlow's SAME rule: ceil at odd sizes, and averages leave the padding out.
    if tape.sight.pooling == "avg":
        return F.avg_pool2d(x, POOL, ceil_mode=True, count_include_pad=False)
    if not and_back:
        return F.max_pool2d(x, POOL, ceil_mode=True)
    x, tape.maxima[layer] = F.max_pool2d_with_indices(x, POOL, ceil_mode=True)
    return x


def _through_pool(gradient: Tensor, before: Tensor, layer: str, tape: Tape) -> Tensor:
    if tape.sight.pooling == "avg":
        back: Tensor = torch.ops.aten.avg_pool2d_backward(
            gradient, before, POOL, POOL, [0, 0], True, False, None
        )
    else:
        back = torch.ops.aten.max_pool2d_with_indices_backward(
            gradient, before, POOL, POOL, [0, 0], [1, 1], True, tape.maxima.pop(layer)
        )
    return back
