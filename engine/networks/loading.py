"""A network ready to run: by its name, from a file of a known format, or with random weights."""

from __future__ import annotations

from pathlib import Path

import torch

from engine import matconvnet, statedicts
from engine.errors import InvalidWeights
from engine.networks.lottery import drawn
from engine.networks.parameters import Parameters, checked, recognised, stripped
from engine.networks.registry import DEFAULT, NETWORKS, Architecture, architecture
from engine.networks.sight import Network
from engine.networks.vgg import Vgg19
from engine.networks.vggnames import is_vgg, renamed
from engine.networks.walked import Walked
from engine.weights import Weights, bundled

MATLAB = ".mat"
DICTIONARIES = (".safetensors", ".pth", ".pt")


def load_network(
    weights: Path | None = None,
    *,
    network: str | None = None,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Network:
    """A network on a device; serves many runs.

    Without a file, VGG-19 has the bundled weights and any other random ones, the same every time.
    A file tells by itself which network it holds; with a name too it has to be that one. Raises
    InvalidWeights when the file is missing, of a foreign format, of another network, or damaged,
    and InvalidInput for an unknown name.
    """
    asked = None if network is None else architecture(network)
    if weights is not None:
        return _from_file(weights, asked, device, dtype)
    asked = asked or architecture(DEFAULT)
    if asked.name == DEFAULT:
        return Vgg19(bundled(), device=device, dtype=dtype)
    return Walked(asked, drawn(asked, asked.layers), device=device, dtype=dtype)


def read(path: Path) -> Weights:
    """The weights of VGG-19 in a file, by its extension. Raises InvalidWeights."""
    _check(path)
    return matconvnet.read(path) if _suffix(path) == MATLAB else statedicts.read(path)


def weights_of(name: str, folder: Path) -> Path | None:
    """The file of a network's weights in a folder of models, called for the network; or None."""
    suffixes = (MATLAB, *DICTIONARIES) if name == DEFAULT else DICTIONARIES
    paths = (folder / f"{name}{suffix}" for suffix in suffixes)
    return next((path for path in paths if path.is_file()), None)


def _from_file(
    path: Path, asked: Architecture | None, device: torch.device | str, dtype: torch.dtype
) -> Network:
    _check(path)
    if _suffix(path) == MATLAB:
        if asked is not None and asked.name != DEFAULT:
            raise InvalidWeights(f"{path.name} is MATLAB's, and {asked.title} is not read from it.")
        return Vgg19(matconvnet.read(path), device=device, dtype=dtype)
    tensors = stripped(statedicts.tensors_of(path))
    found = asked or recognised(tensors)
    if found is None:
        # What is near to VGG-19 is told what it lacks of that.
        found = architecture(is_vgg(tensors) or DEFAULT)
        if not is_vgg(tensors):
            titles = ", ".join(each.title for each in NETWORKS.values())
            raise InvalidWeights(f"{path.name} holds none of the networks: {titles}.")
    if found.name == DEFAULT:
        if asked is not None:
            _check_other(tensors, path, found)
        return Vgg19(statedicts.weights_of(tensors, path), device=device, dtype=dtype)
    return Walked(found, _parameters(tensors, path, found), device=device, dtype=dtype)


def _parameters(tensors: dict[str, torch.Tensor], path: Path, network: Architecture) -> Parameters:
    other_names = renamed(tensors, network)
    if other_names is not None:
        return checked(other_names, path.name, network, whole=False)
    return checked(tensors, path.name, network)


def _check_other(tensors: dict[str, torch.Tensor], path: Path, wanted: Architecture) -> None:
    """Refuse a file that is another network's by its tensors."""
    other = recognised(tensors)
    if other is not None and other.name != wanted.name:
        raise InvalidWeights(f"{path.name} holds {other.title}, not {wanted.title}.")


def _suffix(path: Path) -> str:
    return path.suffix.lower()


def _check(path: Path) -> None:
    if not path.is_file():
        raise InvalidWeights(f"There are no weights {path}.")
    if _suffix(path) not in (MATLAB, *DICTIONARIES):
        known = ", ".join((MATLAB, *DICTIONARIES))
        raise InvalidWeights(f"{path.name} is no weights file; those end in one of: {known}.")
