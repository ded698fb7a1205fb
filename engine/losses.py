"""What a picture is measured by: content, style and total variation, each with its gradient.

Gatys, Ecker and Bethge, "A Neural Algorithm of Artistic Style", 2015 (arXiv:1508.06576), with the
normalisation of the original program: every squared difference is divided by the number of its
terms. Features are (1, C, h, w); rows of them are (h·w, C).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

CONTENT_LAYERS = ("relu4_2", "relu5_2")
STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")


def content_blend(blend: float) -> dict[str, float]:
    """The weight of each content layer: relu4_2 at 1, relu5_2 at 0; weightless ones left out."""
    weights = dict(zip(CONTENT_LAYERS, (blend, 1 - blend), strict=True))
    return {layer: weight for layer, weight in weights.items() if weight > 0}


def layer_weights(exponent: float) -> dict[str, float]:
    """The weight of each style layer: every deeper one `exponent` times the one before, mean 1."""
    powers = [exponent**depth for depth in range(len(STYLE_LAYERS))]
    mean = sum(powers) / len(powers)
    return {layer: power / mean for layer, power in zip(STYLE_LAYERS, powers, strict=True)}


def products(features: Tensor, mask: Tensor | None = None) -> Tensor:
    """Σ m f fᵀ over the places of features (1, C, h, w) → (C, C); mask (1, 1, h, w), 1 if None.

    Divided by the number of features this is the Gram matrix (Gatys et al. 2015, equation 3);
    undivided, the sums of tiles add up.
    """
    rows = _rows(features)
    weighted = rows if mask is None else rows * _rows(mask)
    return rows.T @ weighted


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

    def loss(self, features: Tensor, target: Tensor) -> Tensor:
        """The term of features and the matching part of the target; the terms of tiles add up."""
        return self.weight * (features - target).square().sum()

    def pull(self, features: Tensor, target: Tensor) -> Tensor:
        """The gradient of `loss` by the features."""
        return (2 * self.weight) * (features - target)


@dataclass(frozen=True, slots=True)
class StyleTarget:
    """A Gram matrix to reach: weight · (‖G - A‖² + offset) (equations 4 and 5, up to factors).

    With blend weights bᵢ of sum 1, Σ bᵢ ‖G - Aᵢ‖² = ‖G - A‖² + Σ bᵢ ‖Aᵢ - A‖² where A = Σ bᵢ Aᵢ:
    many styles cost what one costs, and the offset keeps the reported loss that of the sum.
    `mask` (1, 1, h, w) says where the style applies (guided Gram matrices: Gatys et al.,
    "Controlling Perceptual Factors in Neural Style Transfer", 2017, section 4).
    """

    layer: str
    gram: Tensor
    weight: float
    offset: float
    count: float
    mask: Tensor | None = None

    @classmethod
    def blended(
        cls, layer: str, grams: list[Tensor], blend: list[float], weight: float, places: float,
        mask: Tensor | None = None,
    ) -> Self:  # fmt: skip
        """The one target for several styles' Gram matrices (C, C) and blend weights.

        `places` is the number of places the picture's features will have (under the mask). The
        blend weights sum to 1, or to the share of the styles that have a mask of their own.
        """
        total = sum(blend)
        mean = torch.stack([b / total * gram for b, gram in zip(blend, grams, strict=True)]).sum(0)
        spread = [
            b / total * float((gram - mean).square().sum())
            for b, gram in zip(blend, grams, strict=True)
        ]
        channels = mean.shape[0]
        return cls(layer, mean, weight * total / mean.numel(), sum(spread), channels * places, mask)

    def loss(self, products: Tensor) -> Tensor:
        """The term for the picture's summed `products` (C, C)."""
        return self.weight * ((products / self.count - self.gram).square().sum() + self.offset)

    def matrix(self, products: Tensor) -> Tensor:
        """M (C, C) such that F M is the gradient of `loss` by the rows F: (A + Aᵀ) F / count."""
        return (4 * self.weight / self.count) * (products / self.count - self.gram)

    def pull(self, features: Tensor, matrix: Tensor, mask: Tensor | None) -> Tensor:
        """The gradient (1, C, h, w) of `loss` by features, with M of the whole picture."""
        pulled = (features.permute(0, 2, 3, 1) @ matrix).permute(0, 3, 1, 2)
        return pulled if mask is None else pulled * mask


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


def _rows(features: Tensor) -> Tensor:
    return features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])
