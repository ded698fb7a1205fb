"""What the command line orders, checked as far as it can be before the work begins."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from engine.arguments import DEFAULT_NETWORK
from engine.destinations import Destinations, destinations
from engine.errors import InvalidInput
from engine.images import load_with_alpha
from engine.inputs import canvas_size
from engine.networks.loading import weights_of
from engine.networks.registry import DEFAULT, NETWORKS, did_you_mean
from engine.outputs import check_size
from engine.settings import SETTINGS, Settings, preset
from engine.sizes import of_width
from engine.stylize import Inputs, Options, StylePicture

DEVICES = ("cpu", "cuda", "mps")


@dataclass(frozen=True, slots=True)
class Order:
    """One painting: what, how, and where to.

    `alpha` is the content's (L), or None. `weights` None means the bundled ones, or random ones;
    `network` None is that of the file; `models` is where weights were looked for. `resume` is the
    state to go on from, if the run is to go on; it may not be there.
    """

    inputs: Inputs
    alpha: Image.Image | None
    settings: Settings
    options: Options
    destinations: Destinations
    weights: Path | None
    network: str | None
    models: Path
    device: torch.device
    resume: Path | None


def ordered(arguments: argparse.Namespace) -> Order:
    """The order that parsed arguments stand for. Raises InvalidInput."""
    settings = _settings(arguments)
    places = destinations(arguments, settings.iterations)
    resume = _resume(arguments.resume, places.state)
    places.check(_files(arguments), overwrite=arguments.overwrite, resume=resume)
    weights, network = _network(arguments)
    device = device_named(arguments.device)
    inputs, alpha = _inputs(arguments)
    size = _exact_size(inputs, arguments)
    options = _options(arguments, size)
    settings = settings.replace(image_size=_within_bounds(size or (arguments.size,)))
    painted = canvas_size(inputs, settings, options)
    for path in places.pictures:
        check_size(painted, path)
    return Order(
        inputs, alpha, settings, options, places, weights, network, arguments.models, device, resume
    )


def _files(arguments: argparse.Namespace) -> list[Path]:
    """The files to read, but for the state."""
    names = [arguments.content, *arguments.styles, arguments.initial, *(arguments.mask or [])]
    return [Path(name) for name in (*names, arguments.network) if name is not None]


def _inputs(arguments: argparse.Namespace) -> tuple[Inputs, Image.Image | None]:
    """The pictures, and the alpha of the content."""
    count = len(arguments.styles)
    scales = _one_each(arguments.style_scales, count, "--style-scales")
    weights = _one_each(arguments.style_blend_weights, count, "--style-blend-weights")
    masks = _one_each(arguments.mask, count, "--mask") if arguments.mask else []
    content, alpha = (None, None) if arguments.texture else _layers(arguments.content)
    pictures = [_picture(name) for name in arguments.styles]
    inputs = Inputs(
        content=content,
        styles=tuple(map(StylePicture, pictures, weights, scales)),
        initial=_picture(arguments.initial) if arguments.initial is not None else None,
        masks=tuple(_picture(name) for name in masks),
    )
    return inputs, alpha


def _one_each(values: list[Any] | None, count: int, flag: str) -> list[Any]:
    values = values or [1.0] * count
    if len(values) != count:
        raise InvalidInput(f"{flag} has {len(values)} values for {count} styles; each needs one.")
    return values


def _picture(name: str) -> Image.Image:
    return _layers(name)[0]


def _layers(name: str) -> tuple[Image.Image, Image.Image | None]:
    try:
        return load_with_alpha(Path(name))
    except InvalidInput as error:
        raise InvalidInput(f"{name}: {error}") from error
    except OSError as error:
        raise InvalidInput(f"{Path(name)} cannot be read: {error.strerror}.") from error


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


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {s.name: getattr(arguments, s.name) for s in SETTINGS if s.flag}
    values = {name: value for name, value in given.items() if value is not None}
    if arguments.preserve_colors and values.setdefault("colors", "luma") != "luma":
        raise InvalidInput("--preserve-colors is --colors luma; give one of them.")
    if arguments.texture:
        values["start"] = "noise"
    return preset(values.pop("recipe", "gatys")).replace(**values)


def _within_bounds(edges: tuple[int, ...]) -> int:
    """The longest edge as a setting: what an output says of its size is at least near the truth."""
    bounds = next(setting for setting in SETTINGS if setting.name == "image_size")
    assert bounds.minimum is not None  # every number declares its bounds
    assert bounds.maximum is not None
    return round(min(max(*edges, bounds.minimum), bounds.maximum))


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


def _network(arguments: argparse.Namespace) -> tuple[Path | None, str | None]:
    """The file of the weights, and the name of the network; the file alone tells its own."""
    name = arguments.network
    path = Path(name)
    if path.is_file():
        return path, None
    if name == DEFAULT_NETWORK:
        return None, DEFAULT
    if name in NETWORKS:
        return weights_of(name, arguments.models), name
    raise InvalidInput(f"There are no weights {path}.{did_you_mean(name, NETWORKS)}")


def device_named(name: str) -> torch.device:
    """The device of a name as torch has it, or the best for auto. Raises InvalidInput."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device if device.type in DEVICES else "none of them")
    except (RuntimeError, AssertionError):  # torch's ways to say that it is not there
        raise InvalidInput(f"There is no device {name} here; auto takes what there is.") from None
    return device


def _resume(wish: str | None, own: Path) -> Path | None:
    """The state to go on from: named, or the output's own, left by an interrupted run."""
    if wish is None:
        return None
    return Path(wish) if wish else own
