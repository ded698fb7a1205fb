"""Weights for a network that has none: drawn from a seed, and scaled on a reference picture."""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection

import torch
from torch import Tensor

from engine.networks.graph import WEIGHTED, Node
from engine.networks.parameters import Parameters
from engine.networks.reference import reference_picture
from engine.networks.registry import Architecture
from engine.networks.walked import Walked

SEED = 0
GAIN = math.sqrt(2)  # of ReLUs: He et al., "Delving Deep into Rectifiers", 2015
SLOPE = 0.25  # of a PReLU, where torch has it begin


def drawn(network: Architecture, layers: Collection[str], seed: int = SEED) -> Parameters:
    """Orthogonal kernels for the nodes up to some layers, scaled to give numbers of deviation 1.

    Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks", 2013. Random features paint too: He, Wang and Hopcroft, "A Powerful
    Generative Model Using Random Weights for the Deep Image Representation", 2016; Ustyuzhaninov,
    Brendel, Gatys and Bethge, "Texture Synthesis Using Shallow Convolutional Networks with Random
    Filters", 2016. Each key's numbers depend on the seed alone.
    """
    tensors: dict[str, Tensor] = {}
    for node in network.graph.up_to(layers):
        for key, shape in node.keys().items():
            tensors[key] = _drawn(key, shape, node.kind, seed)
    return _scaled(network, layers, Parameters(tensors, f"random, seed {seed}", seed))


def _drawn(key: str, shape: tuple[int, ...], kind: str, seed: int) -> Tensor:
    tensor = torch.empty(shape)
    if len(shape) > 1:
        generator = torch.Generator().manual_seed(zlib.crc32(key.encode()) ^ seed)
        return torch.nn.init.orthogonal_(tensor, GAIN, generator)
    if kind == "prelu":
        return tensor.fill_(SLOPE)
    is_one = key.endswith(("running_var", ".weight"))
    return tensor.fill_(1.0 if is_one else 0.0)


def _scaled(network: Architecture, layers: Collection[str], parameters: Parameters) -> Parameters:
    """Every convolution's output on the reference picture gets the deviation 1.

    Mishkin and Matas, "All you need is a good init", 2015. A normalisation takes each channel's
    mean and variance there for its statistics instead.
    """
    tensors, graph = dict(parameters.tensors), network.graph

    def change(node: Node, output: Tensor) -> Tensor:
        if node.kind == "norm":
            mean, variance = output.mean((0, 2, 3)), output.var((0, 2, 3), correction=0)
            tensors[f"{node.key}.running_mean"] = mean
            tensors[f"{node.key}.running_var"] = variance
            shape = 1, -1, 1, 1
            return (output - mean.view(shape)) / (variance + node.epsilon).sqrt().view(shape)
        readers = graph.consumers(node.name)
        if node.kind not in WEIGHTED or any(reader.kind == "norm" for reader in readers):
            return output
        scale = float(output.std()) or 1.0  # nothing to scale in a flat one
        tensors[f"{node.key}.weight"] = tensors[f"{node.key}.weight"] / scale
        return output / scale

    walked = Walked(network, parameters, layers=layers, fold=False)
    walked.observe(reference_picture().float(), layers, change)
    return Parameters(tensors, parameters.source, parameters.seed)
