"""How far a layer's moments are from a style's: three measures, each with its slopes by formula.

Every loss gives its value and its slopes by E[f fᵀ] (symmetric) and by E[f]; `StyleTarget` takes
them on to the features. All values are scalars, all matrices (C, C), all vectors (C,).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import torch
from torch import Tensor

from engine.moments import Moments

Slopes = tuple[Tensor, Tensor | None]  # M (C, C) and v (C,)
RIDGE = 1e-4  # of a covariance's mean variance: channels that are dead have none
MEAN_WEIGHT = 1.0
DEVIATION_WEIGHT = 1.0


class StyleLoss(Protocol):
    """A measure of how far moments are from those of the styles."""

    @classmethod
    def toward(cls, styles: Sequence[Moments], shares: Sequence[float]) -> Self:
        """The measure for several styles blended by shares of sum 1."""
        ...

    def value(self, moments: Moments) -> Tensor:
        """The distance, 0 at the style of a single style."""
        ...

    def slopes(self, moments: Moments) -> Slopes:
        """The derivatives of `value` by `moments.second` and `moments.mean` (None: zero)."""
        ...


@dataclass(frozen=True, slots=True)
class GramLoss:
    """‖G - A‖² / A.size + offset, G the Gram matrix E[f fᵀ] / C (Gatys et al. 2015, equation 4).

    With shares bᵢ of sum 1, Σ bᵢ ‖G - Aᵢ‖² = ‖G - A‖² + Σ bᵢ ‖Aᵢ - A‖² where A = Σ bᵢ Aᵢ: many
    styles cost what one costs, and the offset keeps the value that of the sum.
    """

    gram: Tensor
    offset: float

    @classmethod
    def toward(cls, styles: Sequence[Moments], shares: Sequence[float]) -> Self:
        """See `StyleLoss`."""
        channels = len(styles[0].mean)
        mean = Moments.mixed(styles, shares).second / channels
        spread = [
            share * float((style.second / channels - mean).square().mean())
            for style, share in zip(styles, shares, strict=True)
        ]
        return cls(mean, sum(spread))

    def value(self, moments: Moments) -> Tensor:
        """See `StyleLoss`."""
        return self._apart(moments).square().mean() + self.offset

    def slopes(self, moments: Moments) -> tuple[Tensor, None]:
        """See `StyleLoss`."""
        apart = self._apart(moments)
        return (2 / (apart.numel() * len(apart))) * apart, None

    def _apart(self, moments: Moments) -> Tensor:
        return moments.second / len(moments.mean) - self.gram


@dataclass(frozen=True, slots=True)
class DeviationLoss:
    """The Gram loss plus the distances of means and standard deviations, as SPST has them.

    Galerne, Raad, Lezama and Morel, "Scaling Painting Style Transfer", 2022, section 3. Here both
    distances are divided by C as the Gram matrix is, so that one weight serves all three. Styles
    blend by their moments.
    """

    gram: GramLoss
    mean: Tensor
    deviation: Tensor

    @classmethod
    def toward(cls, styles: Sequence[Moments], shares: Sequence[float]) -> Self:
        """See `StyleLoss`."""
        mixed = Moments.mixed(styles, shares)
        return cls(GramLoss.toward(styles, shares), mixed.mean, _deviation(mixed))

    def value(self, moments: Moments) -> Tensor:
        """See `StyleLoss`."""
        mean = (moments.mean - self.mean).square().mean()
        deviation = (_deviation(moments) - self.deviation).square().mean()
        return self.gram.value(moments) + MEAN_WEIGHT * mean + DEVIATION_WEIGHT * deviation

    def slopes(self, moments: Moments) -> tuple[Tensor, Tensor]:
        """See `StyleLoss`."""
        second, _ = self.gram.slopes(moments)
        deviation = _deviation(moments)
        # σ² = E[f²] - E[f]²; where it is zero, a channel is flat and has no slope.
        by_variance = DEVIATION_WEIGHT * (deviation - self.deviation) / len(deviation)
        by_variance = torch.where(deviation > 0, by_variance / deviation, 0)
        by_mean = (2 * MEAN_WEIGHT / len(deviation)) * (moments.mean - self.mean)
        return second + by_variance.diag(), by_mean - 2 * moments.mean * by_variance


@dataclass(frozen=True, slots=True)
class WassersteinLoss:
    """The squared 2-Wasserstein distance of two Gaussians, divided by the number of channels.

    ‖μ - μ'‖² + tr(C + C' - 2 (C'^½ C C'^½)^½): Olkin and Pukelsheim, "The distance between two
    random vectors with given dispersion matrices", 1982; as a style loss in Crowson's
    style-transfer-pytorch, 2021. Its slope by C is I - C'^½ (C'^½ C C'^½)^-½ C'^½. Styles blend by
    their moments.
    """

    mean: Tensor
    root: Tensor
    trace: float
    ridge: float

    @classmethod
    def toward(cls, styles: Sequence[Moments], shares: Sequence[float]) -> Self:
        """See `StyleLoss`."""
        mixed = Moments.mixed(styles, shares)
        ridge = RIDGE * max(float(_variance(mixed).mean()), 1e-8)
        covariance = _covariance(mixed, ridge)
        values, vectors = _eigen(covariance)
        root = (vectors * values.sqrt()) @ vectors.T
        return cls(mixed.mean, root.to(mixed.mean), float(covariance.diagonal().sum()), ridge)

    def value(self, moments: Moments) -> Tensor:
        """See `StyleLoss`."""
        covariance = _covariance(moments, self.ridge)
        values, _ = _eigen(self.root @ covariance @ self.root)
        spread = covariance.diagonal().sum() + self.trace - 2 * values.sqrt().sum()
        distance: Tensor = ((moments.mean - self.mean).square().sum() + spread) / len(self.mean)
        return distance.to(moments.mean)

    def slopes(self, moments: Moments) -> tuple[Tensor, Tensor]:
        """See `StyleLoss`."""
        channels = len(self.mean)
        values, vectors = _eigen(self.root @ _covariance(moments, self.ridge) @ self.root)
        turned = self.root @ vectors.to(self.root)
        second = -(turned * values.rsqrt().to(turned)) @ turned.T
        second.diagonal().add_(1)
        second /= channels
        mean = (2 / channels) * (moments.mean - self.mean) - 2 * (second @ moments.mean)
        return second, mean


STYLE_LOSSES: dict[str, type[StyleLoss]] = {
    "gram": GramLoss,
    "deviation": DeviationLoss,
    "wasserstein": WassersteinLoss,
}


@dataclass(frozen=True, slots=True)
class StyleTarget:
    """A style loss at a layer, its weight, and where it applies: under `mask` (1, 1, h, w).

    Guided Gram matrices: Gatys et al., "Controlling Perceptual Factors in Neural Style Transfer",
    2017, section 4.
    """

    layer: str
    loss: StyleLoss
    weight: float
    channels: int
    mask: Tensor | None = None

    def value(self, moments: Moments) -> Tensor:
        """The weighted term for the picture's moments."""
        return self.weight * self.loss.value(moments)

    def slopes(self, moments: Moments, places: float) -> Slopes:
        """(M, v) such that M f + v is the gradient of `value` by each feature f."""
        second, mean = self.loss.slopes(moments)
        scale = self.weight / places
        return (2 * scale) * second, None if mean is None else scale * mean


def pull(features: Tensor, slopes: Slopes, mask: Tensor | None) -> Tensor:
    """The gradient (1, C, h, w) by features, from the slopes of the whole picture."""
    matrix, vector = slopes
    pulled = features.permute(0, 2, 3, 1) @ matrix.to(features)
    if vector is not None:
        pulled += vector.to(features)
    pulled = pulled.permute(0, 3, 1, 2)
    return pulled if mask is None else pulled * mask.to(pulled)


def _variance(moments: Moments) -> Tensor:
    return (moments.second.diagonal() - moments.mean.square()).clamp_min(0)


def _deviation(moments: Moments) -> Tensor:
    return _variance(moments).sqrt()


def _covariance(moments: Moments, ridge: float) -> Tensor:
    covariance = moments.second - moments.mean.outer(moments.mean)
    covariance.diagonal().add_(ridge)
    return covariance


def _eigen(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues, at least a rounding above zero, and eigenvectors of a symmetric matrix."""
    values, vectors = torch.linalg.eigh((matrix + matrix.T) / 2)
    return torch.maximum(values, 1e-7 * values.detach().amax().clamp_min(1e-12)), vectors
