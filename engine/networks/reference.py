"""A picture like no other and like all: noise whose spectrum falls as that of photographs does.

On it networks are compared, so that one set of weights of content, style and smoothness suits them
all, and on it random kernels are scaled (`engine.networks.lottery`).
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from engine.networks.sight import Emphasis, Network

EDGE = 192  # px
MEAN, DEVIATION = 118.0, 62.0  # grey levels, about those of ImageNet
SHARED = 0.85  # of a channel's noise that all three have: photographs are mostly grey
# What VGG-19 with the bundled weights makes of the picture: the mean square of its content layers,
# and of the Gram matrices of its style layers, divided as the losses divide them.
CONTENT = (9.7e5, 2.5e3)
STYLE = (4.3e2, 1.6e5, 6.8e4, 5.9e6, 1.2e2)
TINY = 1e-30


@cache
def reference_picture() -> Tensor:
    """(1, 3, EDGE, EDGE), RGB 0..255, float64: amplitudes fall as 1 / f, the same every time."""
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn((4, EDGE, EDGE), generator=generator, dtype=torch.float64)
    noise = SHARED * noise[3:] + (1 - SHARED**2) ** 0.5 * noise[:3]
    frequencies = torch.fft.fftfreq(EDGE, dtype=torch.float64)
    radius = (frequencies[:, None] ** 2 + frequencies[None] ** 2).sqrt().clamp_min(1 / EDGE)
    picture = torch.fft.ifft2(torch.fft.fft2(noise) / radius).real
    picture = (picture - picture.mean((1, 2), keepdim=True)) / picture.std((1, 2), keepdim=True)
    levels: Tensor = MEAN + DEVIATION * picture
    return levels.clamp(0, 255)[None]


def emphasis_of(network: Network) -> Emphasis:
    """What brings the losses of a network's layers to the scale of VGG-19's.

    A layer's content loss is then as large as that of VGG-19's layer against a picture of nothing,
    a style layer's as that of the layer as deep in its row.
    """
    architecture = network.architecture
    layers = set(architecture.layers)
    image = reference_picture().to(network.device, network.dtype)
    last = architecture.geometry.deepest(layers)
    features = network.forward(image, last, keep=layers).features
    content = {
        layer: _at(CONTENT, place, len(architecture.content)) / energy(features[layer])
        for place, layer in enumerate(architecture.content)
    }
    style = {
        layer: _at(STYLE, place, len(architecture.style)) / gram_energy(features[layer])
        for place, layer in enumerate(architecture.style)
    }
    return Emphasis(content, style)


def energy(features: Tensor) -> float:
    """The mean square of features (1, C, h, w)."""
    return max(float(features.double().square().mean()), TINY)


def gram_energy(features: Tensor) -> float:
    """The mean square of their Gram matrix, FᵀF / F.size."""
    rows = features[0].flatten(1).double()
    return max(float((rows @ rows.T / rows.numel()).square().mean()), TINY)


def _at(values: tuple[float, ...], place: int, count: int) -> float:
    """The value as far along as a place among so many."""
    return values[round(place * (len(values) - 1) / max(1, count - 1))]
