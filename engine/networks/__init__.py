"""The networks whose features make content and style measurable."""

from __future__ import annotations

import torch

from engine.networks.vgg import Vgg19
from engine.weights import bundled

__all__ = ["Vgg19", "load_network"]


def load_network(
    *,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Vgg19:
    """VGG-19 with the bundled weights on a device; serves many runs."""
    return Vgg19(bundled(), device=device, dtype=dtype)
