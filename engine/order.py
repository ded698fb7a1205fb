"""What the command line orders, checked as far as it can be before the work begins."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from engine.arguments import DEFAULT_NETWORK
from engine.errors import InvalidInput
from engine.images import load
from engine.inputs import of_width
from engine.outputs import checkpoint_name, picture_path
from engine.settings import SETTINGS, Settings, preset
from engine.stylize import Inputs, Options, StylePicture


@dataclass(frozen=True, slots=True)
class Order:
    """One painting: what, how, and where to; `weights` None means the bundled ones."""

    inputs: Inputs
    settings: Settings
    options: Options
    output: Path
    weights: Path | None
    device: torch.device
    resume: Path | None
    checkpoint_output: str | None
    checkpoint_every: int | None

    @property
    def state_path(self) -> Path:
        """Where the state is kept while the run lasts."""
        return _state_of(self.output)

    def checkpoint_path(self, step: int) -> Path | None:
        """Where the picture after a step goes, if anywhere; the iteration counts from 0."""
        iteration = step - 1
        if self.checkpoint_output is None or self.checkpoint_every is None:
            return None
        # The last picture is the output itself.
        if iteration % self.checkpoint_every or step == self.settings.iterations:
            return None
        return picture_path(checkpoint_name(self.checkpoint_output, iteration))


def ordered(arguments: argparse.Namespace) -> Order:
    """The order that parsed arguments stand for. Raises InvalidInput."""
    output = picture_path(arguments.output)
    if output.exists() and not arguments.overwrite:
        raise InvalidInput(f"{output} exists already; --overwrite replaces it.")
    _check_checkpoints(arguments)
    weights, device = _weights(arguments.network), device_named(arguments.device)
    inputs = _inputs(arguments)
    size = _exact_size(inputs, arguments)
    return Order(
        inputs=inputs,
        settings=_settings(arguments, size),
        options=_options(arguments, size),
        output=output,
        weights=weights,
        device=device,
        resume=_resume(arguments.resume, output),
        checkpoint_output=arguments.checkpoint_output,
        checkpoint_every=arguments.checkpoint_iterations,
    )


def _check_checkpoints(arguments: argparse.Namespace) -> None:
    name, every = arguments.checkpoint_output, arguments.checkpoint_iterations
    if (name is None) != (every is None):
        raise InvalidInput("--checkpoint-output and --checkpoint-iterations go together.")
    if name is not None:
        picture_path(checkpoint_name(name, 0))


def _inputs(arguments: argparse.Namespace) -> Inputs:
    count = len(arguments.styles)
    scales = _one_each(arguments.style_scales, count, "--style-scales")
    weights = _one_each(arguments.style_blend_weights, count, "--style-blend-weights")
    masks = _one_each(arguments.mask, count, "--mask") if arguments.mask else []
    pictures = [_picture(name) for name in arguments.styles]
    return Inputs(
        content=_picture(arguments.content),
        styles=tuple(map(StylePicture, pictures, weights, scales)),
        initial=_picture(arguments.initial) if arguments.initial else None,
        masks=tuple(_picture(name) for name in masks),
    )


def _one_each(values: list[Any] | None, count: int, flag: str) -> list[Any]:
    values = values or [1.0] * count
    if len(values) != count:
        raise InvalidInput(f"{flag} has {len(values)} values for {count} styles; each needs one.")
    return values


def _picture(name: str) -> Image.Image:
    try:
        return load(Path(name))
    except InvalidInput as error:
        raise InvalidInput(f"{name}: {error}") from error
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror}.") from error


def _exact_size(inputs: Inputs, arguments: argparse.Namespace) -> tuple[int, int] | None:
    """The size of the painting; None when --size leaves it to `Settings.image_size`.

    A texture has the proportions of its first style.
    """
    model = inputs.content or inputs.styles[0].image
    if arguments.size is None:
        return of_width(model.size, arguments.width or model.width)
    if arguments.width is not None:
        raise InvalidInput("--width and --size say the same thing; give one of them.")
    return None


def _settings(arguments: argparse.Namespace, size: tuple[int, int] | None) -> Settings:
    given = {s.name: getattr(arguments, s.name) for s in SETTINGS if s.flag}
    values = {name: value for name, value in given.items() if value is not None}
    if arguments.preserve_colors:
        values["colors"] = "luma"
    # What an output says of its size is at least near the truth.
    bounds = next(setting for setting in SETTINGS if setting.name == "image_size")
    longest = arguments.size if size is None else max(size)
    assert bounds.minimum is not None  # every number declares its bounds
    assert bounds.maximum is not None
    size_within = round(min(max(longest, bounds.minimum), bounds.maximum))
    return preset(values.pop("recipe", "gatys")).replace(image_size=size_within, **values)


def _options(arguments: argparse.Namespace, size: tuple[int, int] | None) -> Options:
    return Options(
        size=size,
        noise_blend=arguments.initial_noiseblend,
        beta1=arguments.beta1,
        beta2=arguments.beta2,
        eps=arguments.eps,
        tile=arguments.tile,
        precision=arguments.precision,
        memory=arguments.memory,
    )


def _weights(name: str) -> Path | None:
    path = Path(name)
    if path.is_file():
        return path
    if name == DEFAULT_NETWORK:
        return None
    raise InvalidInput(f"There are no weights {name}.")


def device_named(name: str) -> torch.device:
    """The device of a name as torch has it, or the best for auto. Raises InvalidInput."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError):  # torch's ways to say that it is not there
        raise InvalidInput(f"There is no device {name} here.") from None
    return device


def _resume(wish: str | None, output: Path) -> Path | None:
    """The state to go on from: named, or the output's own if an interrupted run left one."""
    if wish is None:
        return None
    if wish:
        return Path(wish)
    own = _state_of(output)
    return own if own.exists() else None


def _state_of(output: Path) -> Path:
    return output.with_name(f"{output.name}.state")
