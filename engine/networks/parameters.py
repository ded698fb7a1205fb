"""The tensors of a network, from a file with every key and shape checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from engine.errors import InvalidWeights
from engine.networks.graph import GLOBAL
from engine.networks.registry import NETWORKS, Architecture, did_you_mean

Shapes = Mapping[str, tuple[int, ...]]
COUNTER = "num_batches_tracked"  # of training; says nothing of the network
WRAPPER = "module."  # what torch.nn.DataParallel puts before every key
LIKE = 0.5  # of all tensors, for a file to be of a network


@dataclass(frozen=True, slots=True)
class Parameters:
    """Tensors by their keys; `source` says where they are from, `seed` that they were drawn."""

    tensors: Mapping[str, Tensor]
    source: str
    seed: int | None = None


def checked(
    tensors: Mapping[str, Tensor], name: str, network: Architecture, *, whole: bool = True
) -> Parameters:
    """Tensors as a network's, from a file of a name; not `whole`, they end before the classifier.

    Raises InvalidWeights.
    """
    nodes = [n for n in network.graph.nodes.values() if whole or n.kind not in GLOBAL]
    wanted = {key: shape for node in nodes for key, shape in node.keys().items()}
    own = {key: tensor for key, tensor in tensors.items() if not key.startswith(network.spare)}
    if own.keys() != wanted.keys() or any(tuple(own[k].shape) != s for k, s in wanted.items()):
        other = recognised(tensors)
        if other is not None and other.name != network.name and _fits(tensors, other):
            raise InvalidWeights(f"{name} holds {other.title}, not {network.title}.")
    for key, shape in wanted.items():
        if key not in own:
            lacking = sum(each not in own for each in wanted)
            near = did_you_mean(key, own.keys() - wanted.keys()).replace("Did you mean", "Is it")
            raise InvalidWeights(
                f"{name} lacks {key} of {network.title}, and {lacking - 1} more.{near}"
            )
        if tuple(own[key].shape) != shape:
            raise InvalidWeights(
                f"{name} is not {network.title}: {key} is {tuple(own[key].shape)}, not {shape}."
            )
    for key in own:
        if key not in wanted:
            raise InvalidWeights(
                f"{name} has {key}, which {network.title} has not.{did_you_mean(key, wanted)}"
            )
        if not own[key].isfinite().all():
            raise InvalidWeights(f"{name} is damaged: {key} is not all numbers.")
    return Parameters(own, name)


def recognised(tensors: Mapping[str, Tensor]) -> Architecture | None:
    """The network whose keys and shapes the tensors have most of; None where that is too few."""
    found = {(key, tuple(tensor.shape)) for key, tensor in tensors.items()}

    def likeness(network: Architecture) -> float:
        wanted = set(network.graph.keys().items())
        return len(found & wanted) / len(found | wanted)

    best = max(NETWORKS.values(), key=likeness)
    return best if likeness(best) > LIKE else None


def stripped(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Without what training leaves in a file."""
    return {
        key.removeprefix(WRAPPER): tensor
        for key, tensor in tensors.items()
        if not key.endswith(COUNTER)
    }


def _fits(tensors: Mapping[str, Tensor], network: Architecture) -> bool:
    try:
        checked(tensors, "", network)
    except InvalidWeights:
        return False
    return True
