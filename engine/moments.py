"""What a style is known by: the first and second moments of a layer's features.

Features are (1, C, h, w); a mask (1, 1, h, w) weighs their places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

PLACES = 1 << 16  # at a time: half-precision features become float32 to be summed


@dataclass(frozen=True, slots=True)
class Moments:
    """E[f fᵀ] (C, C) and E[f] (C,) of a layer's features f.

    The Gram matrix (Gatys et al. 2015, equation 3), divided as the original program divides it, is
    E[f fᵀ] / C.
    """

    second: Tensor
    mean: Tensor

    @classmethod
    def mixed(cls, parts: Sequence[Self], shares: Sequence[float]) -> Self:
        """Moments of several pictures taken together, by their shares of sum 1."""
        pairs = list(zip(parts, shares, strict=True))
        second = torch.stack([share * part.second for part, share in pairs]).sum(0)
        return cls(second, torch.stack([share * part.mean for part, share in pairs]).sum(0))


@dataclass(slots=True)
class MomentSums:
    """Σ m f fᵀ, Σ m f and Σ m over places; those of tiles add up."""

    products: Tensor
    sums: Tensor
    places: float = 0.0

    @classmethod
    def blank(cls, channels: int, dtype: torch.dtype, device: torch.device) -> Self:
        """Of no places yet, to be summed in a dtype of at least float32."""
        zeros = torch.zeros((channels, channels), dtype=dtype, device=device)
        return cls(zeros, zeros.new_zeros(channels))

    def add(self, features: Tensor, mask: Tensor | None = None) -> None:
        """The features of one tile, all of them or as its mask weighs them."""
        rows = _rows(features)
        weights = None if mask is None else _rows(mask)
        for start in range(0, len(rows), PLACES):
            part = rows[start : start + PLACES].to(self.products.dtype)
            weighted = part if weights is None else part * weights[start : start + PLACES]
            self.products.addmm_(part.T, weighted)
            self.sums += weighted.sum(0)
        self.places += float(len(rows) if weights is None else weights.sum())

    def moments(self) -> Moments:
        """The moments of all that was added."""
        return Moments(self.products / self.places, self.sums / self.places)


def _rows(features: Tensor) -> Tensor:
    return features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])
