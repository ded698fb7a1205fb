"""Ways from a picture and its gradient to the next picture, without side effects.

A step makes a new picture and a new memory, and keeps the old. A memory is a mapping of names to
tensors, so that it can be stored and compared like any other part of a run's state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import torch
from torch import Tensor

WHITE = 255.0  # grey levels

Memory = Mapping[str, Tensor]


class Optimizer(Protocol):
    """One way of descending; pictures and gradients are (1, 3, H, W), in grey levels."""

    @property
    def keeps(self) -> int:
        """How many pictures the memory holds at most."""
        ...

    def begin(self, image: Tensor) -> Memory:
        """The memory before the first step."""
        ...

    def step(
        self, image: Tensor, gradient: Tensor, memory: Memory, *, caution: float
    ) -> tuple[Tensor, Memory]:
        """The picture and the memory after one step, its length times `caution`."""
        ...


@dataclass(frozen=True, slots=True)
class Adam:
    """Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, as TensorFlow has it.

    That is the form at the end of their section 2: the bias correction goes into the step size, and
    eps (their ε̂) is added to the uncorrected root. The learning rate is in grey levels.
    """

    learning_rate: float
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    @property
    def keeps(self) -> int:
        """See `Optimizer`."""
        return 2

    def begin(self, image: Tensor) -> Memory:
        """Running means of the gradient and of its square, and how many steps there were."""
        zeros = torch.zeros_like(image)
        return {"mean": zeros, "square": zeros, "count": torch.tensor(0)}

    def step(
        self, image: Tensor, gradient: Tensor, memory: Memory, *, caution: float
    ) -> tuple[Tensor, Memory]:
        """See `Optimizer`."""
        count = int(memory["count"]) + 1
        mean = memory["mean"].lerp(gradient, 1 - self.beta1)
        square = (memory["square"] * self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
        correction = math.sqrt(1 - self.beta2**count) / (1 - self.beta1**count)
        root = square.sqrt().add_(self.eps)
        moved = image.addcdiv(mean, root, value=-caution * self.learning_rate * correction)
        return moved, {"mean": mean, "square": square, "count": torch.tensor(count)}


@dataclass(frozen=True, slots=True)
class Lbfgs:
    """L-BFGS (Liu and Nocedal, "On the limited memory BFGS method", 1989) for pictures.

    One gradient a step and no line search: the step is 1, its root mean square at most `cap` grey
    levels, the first one's mean absolute value `first`. It ends at the bounds of what a picture can
    hold, so that storing it loses nothing; a pixel at a bound that it would cross has no say in the
    direction (Bertsekas, "Projected Newton methods", 1982). The initial inverse Hessian is, up to a
    factor, P, which multiplies the picture's Fourier spectrum by f^(-2 `exponent`), of mean 1: the
    descent is one in decorrelated coordinates, since spectra of pictures fall with frequency (Olah,
    Mordvintsev and Schubert, "Feature Visualization", 2017).
    """

    history: int = 40
    exponent: float = 0.2
    cap: float = 25.0
    first: float = 5.0

    @property
    def keeps(self) -> int:
        """See `Optimizer`."""
        return 2 * self.history + 2

    def begin(self, image: Tensor) -> Memory:  # noqa: ARG002
        """Nothing is known yet."""
        return {}

    def step(
        self, image: Tensor, gradient: Tensor, memory: Memory, *, caution: float
    ) -> tuple[Tensor, Memory]:
        """See `Optimizer`; the memory holds the last pairs of steps and changes of the gradient."""
        leaving = ((image <= 0) & (gradient > 0)) | ((image >= WHITE) & (gradient < 0))
        gradient = gradient.masked_fill(leaving, 0).contiguous()
        pairs = self._pairs(image, gradient, memory)
        direction = -self._product(gradient, pairs) if pairs else None
        # Not downhill only by rounding, since every pair curves upwards.
        if direction is None or not _dot(direction, gradient) < 0:
            direction = self._whitened(gradient)
            direction *= -self.first / direction.abs().mean().clamp_min(1e-30)
        longest = self.cap / direction.square().mean().sqrt().clamp_min(1e-30)
        moved = torch.addcmul(image, direction, caution * longest.clamp_max(1)).clamp_(0, WHITE)
        moved = moved.contiguous(memory_format=torch.channels_last)
        following = {"image": image.contiguous(), "gradient": gradient}
        for number, (moves, changes) in enumerate(pairs):
            following |= {f"moves.{number:02}": moves, f"changes.{number:02}": changes}
        return moved, following

    def _pairs(
        self, image: Tensor, gradient: Tensor, memory: Memory
    ) -> list[tuple[Tensor, Tensor]]:
        if not memory:
            return []
        pairs = [
            (tensor, memory[name.replace("moves", "changes")])
            for name, tensor in sorted(memory.items())
            if name.startswith("moves.")
        ]
        moves, changes = image.contiguous() - memory["image"], gradient - memory["gradient"]
        if _dot(moves, changes) > 0:
            pairs.append((moves, changes))
        return pairs[-self.history :]

    def _product(self, gradient: Tensor, pairs: list[tuple[Tensor, Tensor]]) -> Tensor:
        """The inverse Hessian's product with a gradient: the two loops of Nocedal, 1980."""
        rest, steps = gradient.clone(), []
        for moves, changes in reversed(pairs):
            step = _dot(moves, rest) / _dot(moves, changes)
            rest.addcmul_(changes, step, value=-1)
            steps.append(step)
        moves, changes = pairs[-1]
        gamma = _dot(moves, changes) / _dot(changes, self._whitened(changes))
        product = self._whitened(rest).mul_(gamma)
        for (moves, changes), step in zip(pairs, reversed(steps), strict=True):
            product.addcmul_(moves, step - _dot(changes, product) / _dot(moves, changes))
        return product

    def _whitened(self, gradient: Tensor) -> Tensor:
        height, width = gradient.shape[-2:]
        spectrum = torch.fft.rfft2(gradient)
        spectrum *= _multiplier(height, width, self.exponent, gradient.dtype, gradient.device)
        whitened: Tensor = torch.fft.irfft2(spectrum, s=(height, width))
        return whitened


@lru_cache(maxsize=2)
def _multiplier(
    height: int, width: int, exponent: float, dtype: torch.dtype, device: torch.device
) -> Tensor:
    """P (H, W // 2 + 1): f^(-2 exponent) of mean 1, f in cycles a pixel, at least one a picture."""
    down = torch.fft.fftfreq(height, dtype=torch.float64)[:, None]
    right = torch.fft.rfftfreq(width, dtype=torch.float64)[None]
    frequency = (down.square() + right.square()).sqrt().clamp_min(1 / max(height, width))
    multiplier = frequency ** (-2 * exponent)
    multiplier = multiplier / multiplier.mean()
    placed: Tensor = multiplier.to(device, dtype)
    return placed


def _dot(one: Tensor, other: Tensor) -> Tensor:
    return torch.dot(one.flatten(), other.flatten())
