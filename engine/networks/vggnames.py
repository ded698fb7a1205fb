"""The names that Keras and Caffe have for VGG's convolutions, and what their kernels expect."""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch
from torch import Tensor

from engine.networks.registry import Architecture
from engine.statedicts import NAMES, channels_first

COUNTS = {13: "vgg16", 16: "vgg19"}  # convolutions
FIRST = "features.0.weight"


def is_vgg(tensors: Mapping[str, Tensor]) -> str | None:
    """The name of the VGG that has as many convolutions under any of the known names, if one."""
    found: dict[re.Pattern[str], int] = {}
    for key in tensors:
        for names in NAMES:
            match = names.fullmatch(key)
            if match and match[match.lastindex or 0] != "bias":
                found[names] = found.get(names, 0) + 1
    return next((COUNTS[count] for count in found.values() if count in COUNTS), None)


def renamed(tensors: Mapping[str, Tensor], network: Architecture) -> dict[str, Tensor] | None:
    """VGG-16's convolutions under torchvision's keys, from those of Keras or Caffe; else None.

    Both take BGR, 0..255, minus a mean pixel; the first kernel is brought to torchvision's pixels,
    and the mean, which differs by less than 0.3 grey levels, is taken for the same.
    """
    if network.name != "vgg16":
        return None
    _, *others = NAMES
    keys = [n.key for n in network.graph.nodes.values() if n.kind == "conv"]
    layers = [layer for layer in network.graph.layers if layer.startswith("relu")]
    ours = {layer.removeprefix("relu"): key for layer, key in zip(layers, keys, strict=True)}
    found = {}
    for name, tensor in tensors.items():
        for names in others:
            if (match := names.fullmatch(name)) and f"{match[1]}_{match[2]}" in ours:
                role = match[3].replace("kernel", "weight")
                key = f"{ours[f'{match[1]}_{match[2]}']}.{role}"
                found[key] = channels_first(tensor.float())
    if found.get(FIRST) is None or found[FIRST].ndim != 4:
        return None
    deviation = torch.tensor(network.normalization.deviation).view(1, 3, 1, 1)
    found[FIRST] = found[FIRST].flip(1) * deviation
    return found
