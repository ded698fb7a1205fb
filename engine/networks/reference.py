"""Two pictures like no other and like all: noise whose spectrum falls as that of photographs does.

One is smooth noise, the other has hard edges between flat areas, as prints and brush strokes have;
colours and contrast are the same. What a network says of their distance is compared with what
VGG-19 says, so that one set of weights of content, style and smoothness suits all networks. On the
first of them random kernels are scaled (`engine.networks.lottery`).
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from engine.networks.sight import Emphasis, Network

EDGE = 192  # px
MEAN, DEVIATION = 118.0, 62.0  # grey levels, about those of ImageNet
SHARED = 0.85  # of a channel's noise that all three have: photographs are mostly grey
HARDNESS = 6.0  # of the edges
# The distances that VGG-19 with the bundled weights finds: the mean square of the differences of
# its content layers, and of the Gram matrices, as the losses divide them, of its style layers.
CONTENT = (7.7e5, 1.6e3)
STYLE = (1.4e1, 4.8e3, 1.4e4, 2.2e6, 6.0e1)
TINY = 1e-30


@cache
def reference_picture(*, hard: bool = False) -> Tensor:
    """(1, 3, EDGE, EDGE), RGB 0..255, float64: amplitudes fall as 1 / f, the same every time."""
    generator = torch.Generator().manual_seed(int(hard))
    noise = torch.randn((4, EDGE, EDGE), generator=generator, dtype=torch.float64)
    noise = SHARED * noise[3:] + (1 - SHARED**2) ** 0.5 * noise[:3]
    frequencies = torch.fft.fftfreq(EDGE, dtype=torch.float64)
    radius = (frequencies[:, None] ** 2 + frequencies[None] ** 2).sqrt().clamp_min(1 / EDGE)
    picture = _standard(torch.fft.ifft2(torch.fft.fft2(noise) / radius).real)
    if hard:
        picture = _standard(torch.tanh(HARDNESS * picture))
    levels: Tensor = MEAN + DEVIATION * picture
    return levels.clamp(0, 255)[None]


def emphasis_of(network: Network) -> Emphasis:
    """What brings the losses of a network's layers to the scale of VGG-19's.

    A layer's loss of one picture against the other is then that of VGG-19's layer as far along in
    its row.
    """
    architecture = network.architecture
    found = distances(network)
    content, style = architecture.content, architecture.style
    return Emphasis(
        {layer: _at(CONTENT, n, len(content)) / found[0][layer] for n, layer in enumerate(content)},
        {layer: _at(STYLE, n, len(style)) / found[1][layer] for n, layer in enumerate(style)},
    )


def distances(network: Network) -> tuple[dict[str, float], dict[str, float]]:
    """The content losses and the style losses of one picture against the other, by layer."""
    architecture = network.architecture
    layers = set(architecture.layers)
    last = architecture.geometry.deepest(layers)
    smooth, edged = (
        network.forward(
            reference_picture(hard=hard).to(network.device, network.dtype), last, keep=layers
        ).features
        for hard in (False, True)
    )
    grams = {layer: _gram(smooth[layer]) - _gram(edged[layer]) for layer in architecture.style}
    return (
        {layer: _square(smooth[layer] - edged[layer]) for layer in architecture.content},
        {layer: _square(gram) for layer, gram in grams.items()},
    )


def _standard(picture: Tensor) -> Tensor:
    """Each channel with mean 0 and deviation 1."""
    centred = picture - picture.mean((1, 2), keepdim=True)
    return centred / centred.std((1, 2), keepdim=True)


def _square(tensor: Tensor) -> float:
    return max(float(tensor.double().square().mean()), TINY)


def _gram(features: Tensor) -> Tensor:
    rows = features[0].flatten(1).double()
    return rows @ rows.T / rows.numel()


def _at(values: tuple[float, ...], place: int, count: int) -> float:
    """The value as far along as a place among so many."""
    return values[round(place * (len(values) - 1) / max(1, count - 1))]
