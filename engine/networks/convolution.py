"""One frozen 3x3 convolution with its ReLU, and the way back through it to its input.

The way back through a 3x3 convolution of stride 1 is such a convolution again, with the kernel
turned by half a turn and its channels swapped; as fast as autograd's, and sometimes faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional as F

# The dtypes for which oneDNN applies the ReLU while a convolution's result is still in the cache.
FUSED = (torch.float32, torch.bfloat16)


@dataclass(frozen=True, slots=True)
class Convolution:
    """Kernel (out, in, 3, 3) and bias (out,) ready for both ways; `padding` zeros or replicate."""

    kernel: Tensor
    bias: Tensor
    turned: Tensor
    padding: str

    @classmethod
    def prepared(cls, kernel: Tensor, bias: Tensor, padding: str = "zeros") -> Self:
        """Laid out as the device's convolutions like it."""
        turned = kernel.flip(2, 3).transpose(0, 1)
        return cls(_laid_out(kernel), bias, _laid_out(turned), padding)

    def forward(self, x: Tensor) -> Tensor:
        """relu(kernel * x + bias): (1, in, h, w) → (1, out, h, w)."""
        if self.padding == "replicate":
            return _convolve(F.pad(x, (1, 1, 1, 1), "replicate"), self.kernel, self.bias, 0, "relu")
        return _convolve(x, self.kernel, self.bias, 1, "relu")

    def backward(self, gradient: Tensor) -> Tensor:
        """(1, out, h, w), already through the ReLU, → (1, in, h, w)."""
        if self.padding == "replicate":
            return _folded(_convolve(gradient, self.turned, None, 2, "none"))
        return _convolve(gradient, self.turned, None, 1, "none")


def _convolve(x: Tensor, kernel: Tensor, bias: Tensor | None, padding: int, after: str) -> Tensor:
    x = x.to(kernel.dtype)
    if kernel.is_mkldnn:
        return torch.ops.mkldnn._convolution_pointwise(  # type: ignore[no-any-return]
            x, kernel, bias, [padding] * 2, [1, 1], [1, 1], 1, after, [], ""
        )
    result = F.conv2d(x, kernel, bias, padding=padding)
    return result.relu_() if after == "relu" else result


def _laid_out(kernel: Tensor) -> Tensor:
    if kernel.device.type == "cpu" and kernel.dtype in FUSED and torch.backends.mkldnn.enabled:
        return torch.ops.mkldnn._reorder_convolution_weight(  # type: ignore[no-any-return]
            kernel.contiguous(), [1, 1], [1, 1], [1, 1], 1, None
        )
    return kernel.contiguous(memory_format=torch.channels_last)


def _folded(gradient: Tensor) -> Tensor:
    """The gradient of a picture from that of its padded copy (H + 2, W + 2)."""
    gradient[..., 1, :] += gradient[..., 0, :]
    gradient[..., -2, :] += gradient[..., -1, :]
    gradient[..., 1] += gradient[..., 0]
    gradient[..., -2] += gradient[..., -1]
    return gradient[..., 1:-1, 1:-1]
