"""One finished step of a run, as its consumers see it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from engine.color import AS_PAINTED, recolored
from engine.inputs import to_image
from engine.runner import Losses
from engine.state import State


@dataclass(frozen=True, slots=True)
class Step:
    """Stays valid however many follow.

    `losses` are those of the picture before the step. Step 0 is the start itself, given only when
    a run was stopped before its first step; its losses are infinite, for they were never computed.
    """

    _state: State
    _size: tuple[int, int]
    _content: Image.Image | None
    stages: int = 1

    @property
    def step(self) -> int:
        """The number of this step, from 1."""
        return self._state.step

    @property
    def steps(self) -> int:
        """How many steps the run will have."""
        return int(self._state.settings.iterations)

    @property
    def stage(self) -> int:
        """The number of the stage, from 1: coarse to fine."""
        return self._state.stage + 1

    @property
    def losses(self) -> Losses:
        """The loss terms before this step."""
        return self._state.losses

    @property
    def best_losses(self) -> Losses:
        """The loss terms of the best picture."""
        return self._state.best_losses

    @property
    def seed(self) -> int:
        """The seed of the run, also when it was drawn at random."""
        assert self._state.settings.seed is not None  # drawn before the first step
        return self._state.settings.seed

    def current(self) -> Image.Image:
        """The picture after this step, RGB, at the run's size."""
        return self._finish(self._state.image)

    def best(self) -> Image.Image:
        """The picture with the lowest loss of its stage; the last step counts its own result too.

        RGB, at the run's size.
        """
        return self._finish(self._state.best)

    def best_painted(self) -> Image.Image | None:
        """The same before it got the photo's colours; None where it did not."""
        if self._content is None or self._state.settings.colors in AS_PAINTED:
            return None
        return self._painted(self._state.best)

    def current_values(self) -> NDArray[np.float32] | None:
        """The picture after this step before it was rounded: (H, W, 3), 0..255 and beyond.

        None where the picture is made in 8 bits: in the photo's colours, or in a coarse stage.
        """
        return self._values(self._state.image)

    def best_values(self) -> NDArray[np.float32] | None:
        """The same of the best picture."""
        return self._values(self._state.best)

    def state(self) -> State:
        """What the run can be resumed from after this step."""
        return self._state

    def _values(self, image: Tensor) -> NDArray[np.float32] | None:
        width, height = self._size
        if self._state.settings.colors not in AS_PAINTED or image.shape[2:] != (height, width):
            return None
        values: NDArray[np.float32] = image[0].permute(1, 2, 0).float().cpu().numpy()
        return values

    def _painted(self, image: Tensor) -> Image.Image:
        painted = to_image(image)
        if painted.size == self._size:
            return painted
        return painted.resize(self._size, Image.Resampling.BICUBIC)

    def _finish(self, image: Tensor) -> Image.Image:
        painted = self._painted(image)
        if self._content is None:
            return painted
        return recolored(painted, self._content, self._state.settings.colors)
