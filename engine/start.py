"""The state that a run begins with: a new one, or a stored one that belongs to the same run."""

from __future__ import annotations

import logging
import math
import secrets
from dataclasses import replace

import torch
from torch import Tensor

from engine.errors import InvalidInput
from engine.inputs import Canvas
from engine.networks.vgg import Vgg19
from engine.optimizers import Moments
from engine.options import Options
from engine.runner import Losses
from engine.settings import MAX_SEED, Settings
from engine.state import State

logger = logging.getLogger(__name__)

NOISE_DEVIATION = 0.256  # grey levels; the original program's constant
UNKNOWN = Losses(math.inf, math.inf, math.inf)  # of a picture that was never measured


def start(canvas: Canvas, settings: Settings, options: Options, network: Vgg19) -> State:
    """The state before the first step, its seed drawn if none was given."""
    seed = secrets.randbelow(MAX_SEED + 1) if settings.seed is None else settings.seed
    image = _starting_picture(canvas, settings, options, network, seed)
    return State(
        step=0,
        image=image,
        losses=UNKNOWN,
        best=image,
        best_losses=UNKNOWN,
        moments=Moments.zero(image),
        settings=settings.replace(seed=seed),
        options=options,
        fingerprint=f"{canvas.fingerprint()}-{network.fingerprint}",
        plan={
            "device": network.device.type,
            "dtype": str(network.dtype).removeprefix("torch."),
            "tile": str(options.tile),
            "threads": str(torch.get_num_threads()),
            "torch": torch.__version__,
        },
    )


def _starting_picture(
    canvas: Canvas, settings: Settings, options: Options, network: Vgg19, seed: int
) -> Tensor:
    """The picture · (1 - blend) + noise · blend, both seen from the mean pixel; (1, 3, H, W)."""
    from_picture = canvas.initial is not None or settings.start == "content"
    blend = options.noise_blend
    if blend is None:
        blend = 0.0 if from_picture else 1.0
    picture = canvas.content if canvas.initial is None else canvas.initial
    if blend == 0:
        return picture
    # Drawn on the CPU, so that a seed gives the same noise on every device.
    generator = torch.Generator().manual_seed(seed)
    noise = NOISE_DEVIATION * torch.randn(picture.shape, generator=generator)
    centred = (picture - network.mean) * (1 - blend) + noise.to(picture) * blend
    return (network.mean + centred).contiguous(memory_format=torch.channels_last)


def resumed(stored: State, begin: State) -> State:
    """The stored state as one of this run. Raises InvalidInput when it belongs to another."""
    different = stored.differences(begin.settings, begin.options, begin.fingerprint)
    if different:
        raise InvalidInput(f"The state is of a run with other {', '.join(different)}.")
    changed = [
        f"{name} {stored.plan.get(name)} became {now}"
        for name, now in begin.plan.items()
        if stored.plan.get(name) != now
    ]
    if changed:
        logger.warning("Resumed, but not bit for bit: %s.", ", ".join(changed))
    like = begin.image
    return replace(
        stored,
        image=_placed(stored.image, like),
        best=_placed(stored.best, like),
        moments=Moments(_placed(stored.moments.mean, like), _placed(stored.moments.square, like)),
        settings=begin.settings,
        options=begin.options,
        plan=begin.plan,
    )


def _placed(tensor: Tensor, like: Tensor) -> Tensor:
    return tensor.to(like).contiguous(memory_format=torch.channels_last)
