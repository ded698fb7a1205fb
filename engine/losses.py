"""What a picture is measured by beside its style: content and total variation.

Gatys, Ecker and Bethge, "A Neural Algorithm of Artistic Style", 2015 (arXiv:1508.06576), with the
normalisation of the original program: every squared difference is divided by the number of its
terms. Features are (1, C, h, w).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class ContentTarget:
    """Features to come back to: weight · ‖F - P‖² (equation 1, up to its factor)."""

    layer: str
    features: Tensor
    weight: float

    @classmethod
    def at(cls, layer: str, features: Tensor, weight: float) -> Self:
        """The target for features P at a layer, its weight divided by their number."""
        return cls(layer, features, weight / features.numel())

    def loss(self, features: Tensor, target: Tensor, dtype: torch.dtype) -> Tensor:
        """The term of features and the matching part of the target; the terms of tiles add up."""
        return self.weight * (features - target).to(dtype).square().sum()

    def pull(self, features: Tensor, target: Tensor) -> Tensor:
        """The gradient of `loss` by the features."""
        return (2 * self.weight) * (features - target)


def total_variation(image: Tensor, weight: float) -> tuple[Tensor, Tensor]:
    """Smoothness: weight · (‖dy‖² / dy.size + ‖dx‖² / dx.size) over neighbours.

    And its gradient by the image: (1, 3, H, W) → scalar, (1, 3, H, W). A picture one pixel high
    or wide has no neighbours along that side.
    """
    loss = image.new_zeros(())
    gradient = torch.zeros_like(image)
    for axis in (2, 3):
        difference = image.diff(dim=axis)
        if difference.numel() == 0:
            continue
        share = weight / difference.numel()
        loss = loss + share * difference.square().sum()
        length = difference.shape[axis]
        gradient.narrow(axis, 1, length).add_(difference, alpha=2 * share)
        gradient.narrow(axis, 0, length).sub_(difference, alpha=2 * share)
    return loss, gradient
