"""The convolutions of VGG-19, as its weights and its passes by hand know them.

Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2014,
configuration E: five blocks of 3x3 convolutions, each with its ReLU, and 2x2 pooling between them.
Nothing here needs torch.
"""

from __future__ import annotations

from collections.abc import Mapping

# Convolutions in each of the five blocks, and the channels they give.
BLOCKS = ((2, 64), (2, 128), (4, 256), (4, 512), (4, 512))
KERNEL = (3, 3)


def _shapes() -> dict[str, tuple[int, int]]:
    shapes = {}
    inputs = 3
    for block, (count, outputs) in enumerate(BLOCKS, start=1):
        for number in range(1, count + 1):
            shapes[f"conv{block}_{number}"] = (outputs, inputs)
            inputs = outputs
    return shapes


# Name of each convolution, in order, with its (output, input) channels.
CONVOLUTIONS: Mapping[str, tuple[int, int]] = _shapes()
# relu4_2 is the output of the ReLU after conv4_2; block 4 works at an eighth of the image's size.
LAYERS: tuple[str, ...] = tuple(name.replace("conv", "relu") for name in CONVOLUTIONS)


def convolution_of(layer: str) -> str:
    """The name of the convolution whose ReLU a layer is."""
    return layer.replace("relu", "conv")


def block(layer: str) -> int:
    """The number of a layer's block, from 1."""
    return int(layer[len("relu")])


def begins_block(layer: str) -> bool:
    """Whether there is a pooling before the layer's convolution."""
    return layer.endswith("_1") and block(layer) > 1


def up_to(last: str) -> tuple[str, ...]:
    """The layers from the image to the last one asked for."""
    return LAYERS[: LAYERS.index(last) + 1]
