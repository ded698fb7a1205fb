"""The layers of VGG-19: which there are, how large they are, and how far they look.

Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2014,
configuration E: five blocks of 3x3 convolutions, each with its ReLU, and 2x2 pooling between them.
Nothing here needs torch.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

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
# Those that the losses look at.
CONTENT_LAYERS = ("relu4_2", "relu5_2")
STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")


def convolution_of(layer: str) -> str:
    """The name of the convolution whose ReLU a layer is."""
    return layer.replace("relu", "conv")


def block(layer: str) -> int:
    """The number of a layer's block, from 1."""
    return int(layer[len("relu")])


def begins_block(layer: str) -> bool:
    """Whether there is a pooling before the layer's convolution."""
    return layer.endswith("_1") and block(layer) > 1


def stride(layer: str) -> int:
    """Pixels of the image for one step of a layer's features, along either side."""
    return 1 << (block(layer) - 1)


def up_to(last: str) -> tuple[str, ...]:
    """The layers from the image to the last one asked for."""
    return LAYERS[: LAYERS.index(last) + 1]


def reach(deepest: str) -> int:
    """How far, in pixels, a feature up to a layer looks beyond its own cell of the image.

    Each 3x3 convolution looks one cell further on both sides; 2x2 pooling stays inside its cell.
    """
    return sum(stride(layer) for layer in up_to(deepest))


def deepest(layers: Collection[str]) -> str:
    """The last of the layers, where the network may be cut."""
    return max(layers, key=LAYERS.index)


def content_blend(blend: float) -> dict[str, float]:
    """The weight of each content layer: relu4_2 at 1, relu5_2 at 0; weightless ones left out."""
    weights = dict(zip(CONTENT_LAYERS, (blend, 1 - blend), strict=True))
    return {layer: weight for layer, weight in weights.items() if weight > 0}


def layer_weights(exponent: float) -> dict[str, float]:
    """The weight of each style layer: every deeper one `exponent` times the one before, mean 1."""
    powers = [exponent**depth for depth in range(len(STYLE_LAYERS))]
    mean = sum(powers) / len(powers)
    return {layer: power / mean for layer, power in zip(STYLE_LAYERS, powers, strict=True)}
