"""What each kind of node does to tensors (1, C, h, w).

`weight` and `bias` are a convolution's, a PReLU's slopes, or what a normalisation multiplies by and
adds. Of inputs of several sizes the far rows and columns of the larger ones are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks.graph import Node

Part = Tensor | None


def compute(node: Node, inputs: Sequence[Tensor], weight: Part, bias: Part) -> Tensor:
    """The output of a node, but for those that `engine.networks.walked` knows more of."""
    x = inputs[0]
    match node.kind:
        case "conv":
            assert weight is not None
            return convolved(node, x, weight, bias)
        case "linear":
            assert weight is not None
            return F.linear(x.flatten(1), weight, bias)[..., None, None]
        case "norm" | "prelu":
            assert weight is not None
            if node.kind == "prelu":
                return F.prelu(x, weight)
            assert bias is not None
            return x * weight.view(1, -1, 1, 1) + bias.view(1, -1, 1, 1)
        case "relu":
            return F.relu(x)
        case "tanh":
            return torch.tanh(x)
        case "max" | "mean":
            return pooled(node, x)
        case "global":
            return F.adaptive_avg_pool2d(x, node.kernel)
        case "concat":
            return torch.cat(common(inputs), 1)
    return added(node, inputs)


def convolved(node: Node, x: Tensor, weight: Tensor, bias: Part, padding: str = "zeros") -> Tensor:
    """A convolution; `padding` is zeros, or the border's own values (replicate)."""
    down, right = node.padding
    if node.ceil:
        x = F.pad(x, (0, -x.shape[3] % node.stride, 0, -x.shape[2] % node.stride))
    if padding == "replicate" and (down or right):
        x, down, right = F.pad(x, (right, right, down, down), "replicate"), 0, 0
    return F.conv2d(x, weight, bias, node.stride, (down, right), node.dilation)


def deconvolved(node: Node, x: Tensor, weight: Tensor, size: torch.Size) -> Tensor:
    """A transposed convolution, cut to a size."""
    doubled = F.conv_transpose2d(x, weight, None, node.stride, node.padding, output_padding=1)
    return doubled[..., : size[2], : size[3]]


def pooled(node: Node, x: Tensor, *, as_mean: bool = False) -> Tensor:
    """A pooling; a maximum `as_mean` leaves the padding out, as VGG-19's averages do."""
    if node.kind == "max" and not as_mean:
        return F.max_pool2d(x, node.kernel, node.stride, node.padding, ceil_mode=node.ceil)
    return F.avg_pool2d(
        x, node.kernel, node.stride, node.padding, node.ceil, count_include_pad=not as_mean
    )


def unpooled(x: Tensor, places: Tensor, size: torch.Size) -> Tensor:
    """Each value where a maximum was found."""
    # Half precision has none of it on a CPU.
    full = x.float() if x.dtype == torch.bfloat16 else x
    spread = F.max_unpool2d(full, places, [2, 2], output_size=size[2:])
    return spread.to(x.dtype)


def added(node: Node, inputs: Sequence[Tensor]) -> Tensor:
    """A sum, in which lacking channels are zeros, or a mean."""
    first, *others = common(inputs)
    for other in others:
        lacking = first.shape[1] - other.shape[1]
        first = first + (F.pad(other, (0, 0, 0, 0, 0, lacking)) if lacking else other)
    return first / len(inputs) if node.kind == "average" else first


def common(inputs: Sequence[Tensor]) -> list[Tensor]:
    """The inputs within the size that all of them have."""
    height, width = (min(x.shape[axis] for x in inputs) for axis in (2, 3))
    return [x[..., :height, :width] for x in inputs]
