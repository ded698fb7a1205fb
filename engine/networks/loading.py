"""A network ready to run, from the bundled weights or from a file of any known format."""

from __future__ import annotations

from pathlib import Path

import torch

from engine import matconvnet, statedicts
from engine.errors import InvalidWeights
from engine.networks.vgg import Vgg19
from engine.weights import Weights, bundled

READERS = {
    ".mat": matconvnet.read,
    ".pth": statedicts.read,
    ".pt": statedicts.read,
    ".safetensors": statedicts.read,
}


def load_network(
    weights: Path | None = None,
    *,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Vgg19:
    """VGG-19 on a device, with the bundled weights or those of a file; serves many runs.

    Raises InvalidWeights when the file is missing, of a foreign format, or damaged.
    """
    return Vgg19(bundled() if weights is None else read(weights), device=device, dtype=dtype)


def read(path: Path) -> Weights:
    """The weights of a file, by its extension. Raises InvalidWeights."""
    if not path.is_file():
        raise InvalidWeights(f"There are no weights {path}.")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        raise InvalidWeights(f"{path.name} is no weights file; those end in one of: {known}.")
    return reader(path)
