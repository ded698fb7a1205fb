"""Adam, without side effects: a step makes a new picture and new moments, and keeps the old."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Moments:
    """Running means of the gradient and of its square, each shaped like the picture."""

    mean: Tensor
    square: Tensor

    @classmethod
    def zero(cls, image: Tensor) -> Self:
        """The moments before the first step."""
        return cls(torch.zeros_like(image), torch.zeros_like(image))


@dataclass(frozen=True, slots=True)
class Adam:
    """Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, as TensorFlow has it.

    That is the form at the end of their section 2: the bias correction goes into the step size, and
    eps (their ε̂) is added to the uncorrected root. The learning rate is in grey levels.
    """

    learning_rate: float
    beta1: float
    beta2: float
    eps: float

    def step(
        self, image: Tensor, gradient: Tensor, moments: Moments, count: int
    ) -> tuple[Tensor, Moments]:
        """The picture and the moments after step number `count`, counted from 1."""
        mean = moments.mean.lerp(gradient, 1 - self.beta1)
        square = (moments.square * self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
        correction = math.sqrt(1 - self.beta2**count) / (1 - self.beta1**count)
        root = square.sqrt().add_(self.eps)
        moved = image.addcdiv(mean, root, value=-self.learning_rate * correction)
        return moved, Moments(mean, square)
