"""Every network there is to paint through: what it is made of, and how a painting looks through it.

Nothing here needs torch.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

from engine.errors import InvalidInput
from engine.networks.alexnet import alexnet
from engine.networks.bn_inception import bn_inception
from engine.networks.enet import enet
from engine.networks.fractalnet import fractalnet
from engine.networks.geometry import Geometry
from engine.networks.googlenet import googlenet
from engine.networks.graph import Graph
from engine.networks.inception import inception_v3
from engine.networks.lenet import lenet5
from engine.networks.oxford import vgg16, vgg19
from engine.networks.resnet import resnet
from engine.networks.squeezenet import squeezenet1_0, squeezenet1_1

Channels = tuple[float, float, float]
DEFAULT = "vgg19"
TORCHVISION = "torchvision, BSD 3-Clause; trained on ImageNet"
OXFORD = "Oxford VGG, CC BY 4.0; trained on ImageNet"
NOWHERE = "none published for PyTorch"


@dataclass(frozen=True)
class Normalization:
    """What is done to a pixel (RGB, 0..255) before the first operation: (x - mean) / deviation."""

    mean: Channels
    deviation: Channels = (1.0, 1.0, 1.0)
    bgr: bool = False


IMAGENET = Normalization((123.675, 116.28, 103.53), (58.395, 57.12, 57.375))
HALVES = Normalization((127.5, 127.5, 127.5), (127.5, 127.5, 127.5))
CAFFE = Normalization((128.0, 117.0, 104.0), bgr=True)
INK = Normalization((0.0, 0.0, 0.0), (255.0, 255.0, 255.0))


@dataclass(frozen=True)
class Architecture:
    """A network by its name.

    `content` are the content layer and a deeper one to blend it with, `style` the style layers,
    both from shallow to deep. `origin` says whose the published weights are and under which
    licence; `spare` begins the keys in them that belong to no part of this network.
    """

    name: str
    title: str
    draw: Callable[[], Graph]
    content: tuple[str, ...]
    style: tuple[str, ...]
    normalization: Normalization = IMAGENET
    origin: str = TORCHVISION
    spare: tuple[str, ...] = ()

    @cached_property
    def graph(self) -> Graph:
        """Its operations."""
        return self.draw()

    @cached_property
    def geometry(self) -> Geometry:
        """Its measures."""
        return Geometry(self.graph)

    @property
    def layers(self) -> tuple[str, ...]:
        """Those that a painting looks at by default."""
        return (*self.style, *self.content)

    @property
    def smallest(self) -> int:
        """The smallest side of a picture, in pixels, for these layers."""
        return self.geometry.smallest(self.layers)

    @property
    def by_hand(self) -> bool:
        """Whether its passes are written by hand, and keep less for the way back."""
        return self.name == DEFAULT

    def content_blend(self, blend: float) -> dict[str, float]:
        """The weight of each content layer: the first at 1, the second at 0; none without one."""
        if len(self.content) == 1:
            return {self.content[0]: 1.0}
        weights = dict(zip(self.content, (blend, 1 - blend), strict=True))
        return {layer: weight for layer, weight in weights.items() if weight > 0}

    def layer_weights(self, exponent: float) -> dict[str, float]:
        """The weight of each style layer: a deeper one `exponent` times the one before, mean 1."""
        powers = [exponent**depth for depth in range(len(self.style))]
        mean = sum(powers) / len(powers)
        return {layer: power / mean for layer, power in zip(self.style, powers, strict=True)}


VGG: dict[str, Any] = {
    "content": ("relu4_2", "relu5_2"),
    "style": ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"),
    "origin": OXFORD,
}
RESIDUAL: dict[str, Any] = {
    "content": ("layer2", "layer3"),
    "style": ("conv1", "layer1", "layer2", "layer3"),
}
FIRES: dict[str, Any] = {
    "content": ("fire5", "fire8"),
    "style": ("conv1", "fire3", "fire5", "fire7", "fire9"),
}


def _all() -> Iterable[Architecture]:
    make = Architecture
    yield make("lenet5", "LeNet-5", lenet5, ("c3", "c5"), ("c1", "s2", "c3", "c5"), INK,
               "`python -m engine train`: on scikit-learn's digits (UCI, CC BY 4.0)")  # fmt: skip
    yield make("alexnet", "AlexNet", alexnet, ("relu3", "relu4"),
               ("relu1", "relu2", "relu3", "relu4", "relu5"))  # fmt: skip
    yield make("vgg16", "VGG-16", vgg16, **VGG)
    yield make("vgg19", "VGG-19", vgg19, **VGG)
    yield make("googlenet", "GoogLeNet", googlenet, ("inception4a", "inception4c"),
               ("conv1", "conv3", "inception3b", "inception4a", "inception4d"), HALVES,
               spare=("aux1.", "aux2."))  # fmt: skip
    yield make("bn_inception", "BN-Inception", bn_inception, ("inception3c", "inception4c"),
               ("conv1", "conv2", "inception3b", "inception4a", "inception4d"), CAFFE,
               "Y. Xiong's Caffe model, converted; trained on ImageNet")  # fmt: skip
    yield make("inception_v3", "Inception v3", inception_v3, ("Mixed_5d", "Mixed_6b"),
               ("Conv2d_2b_3x3", "Conv2d_4a_3x3", "Mixed_5b", "Mixed_5d", "Mixed_6a"), HALVES,
               spare=("AuxLogits.",))  # fmt: skip
    for depth in (18, 34, 50, 101, 152):
        drawing = partial(resnet, depth)
        yield make(f"resnet{depth}", f"ResNet-{depth}", drawing, **RESIDUAL)
    yield make("squeezenet1_0", "SqueezeNet 1.0", squeezenet1_0, **FIRES)
    yield make("squeezenet1_1", "SqueezeNet 1.1", squeezenet1_1, **FIRES)
    yield make("enet", "ENet", enet, ("bottleneck2.0", "bottleneck2.4"),
               ("initial", "bottleneck1.0", "bottleneck1.4", "bottleneck2.0", "bottleneck2.2"), INK,
               NOWHERE)  # fmt: skip
    yield make("fractalnet", "FractalNet-20", fractalnet, ("block3", "block4"),
               ("block1", "block2", "block3", "block4"), IMAGENET, NOWHERE)  # fmt: skip


NETWORKS: Mapping[str, Architecture] = MappingProxyType({a.name: a for a in _all()})


def architecture(name: str) -> Architecture:
    """A network by its name. Raises InvalidInput for an unknown one, with the nearest."""
    found = NETWORKS.get(name)
    if found is None:
        raise InvalidInput(f"There is no network {name}.{did_you_mean(name, NETWORKS)}")
    return found


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A question to end a sentence with, or nothing where no word is near."""
    near = difflib.get_close_matches(word, list(words), n=1)
    return f" Did you mean {near[0]}?" if near else ""
