"""VGG-19 from a dictionary of tensors: PyTorch's .pth, .safetensors, and what names they use.

Names of torchvision (`features.0.weight`), of Keras (`block1_conv1.weight`), and the plain ones
(`conv1_1.weight`). Kernels may be for RGB or BGR, for 0..255 minus a mean pixel, or for
torchvision's normalisation, which is then folded into the first convolution.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from engine.errors import InvalidWeights
from engine.layers import CONVOLUTIONS
from engine.weights import Weights, bundled, likeness

# torchvision.transforms: the mean and deviation of ImageNet's RGB pixels, on a scale of 0..1.
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)
ENOUGH = 0.95  # of likeness; the bundled first kernel and itself with red and blue swapped: 0.84
FIRST = "conv1_1"
_TORCHVISION = re.compile(r"(?:.*\.)?features\.(\d+)\.(weight|bias)")
_KERAS = re.compile(r"(?:.*[./])?block(\d)_conv(\d)[./](weight|kernel|bias)(?::0)?")
_PLAIN = re.compile(r"(?:.*\.)?conv(\d)_(\d)\.(weight|bias)")
NAMES = (_TORCHVISION, _KERAS, _PLAIN)


def read(path: Path) -> Weights:
    """The weights of a file; no code in it is ever run. Raises InvalidWeights."""
    return weights_of(tensors_of(path), path)


def weights_of(tensors: Mapping[str, Tensor], path: Path) -> Weights:
    """The weights among the tensors of a file. Raises InvalidWeights."""
    named = _named(tensors, path)
    kernels = {name: named[f"{name}.weight"] for name in CONVOLUTIONS}
    biases = {name: named[f"{name}.bias"] for name in CONVOLUTIONS}
    kernels[FIRST], mean = _first(kernels[FIRST])
    return Weights(kernels, biases, mean, path.name)


def tensors_of(path: Path) -> Mapping[str, Tensor]:
    """The tensors in a file; no code in it is ever run. Raises InvalidWeights."""
    try:
        found: Any = load_file(path) if path.suffix == ".safetensors" else _unpickled(path)
    except Exception as error:  # unpickling damaged bytes raises anything
        raise InvalidWeights(f"{path.name} cannot be read as a dictionary of tensors.") from error
    if isinstance(found, dict):
        found = found.get("state_dict", found)
    if not isinstance(found, dict):
        raise InvalidWeights(f"{path.name} holds no dictionary of tensors.")
    return {name: value for name, value in found.items() if isinstance(value, Tensor)}


def _unpickled(path: Path) -> Any:
    with warnings.catch_warnings(action="ignore"):  # of old pickles, which may well be read
        return torch.load(path, map_location="cpu", weights_only=True)


def _named(tensors: Mapping[str, Tensor], path: Path) -> dict[str, Tensor]:
    """The tensors by our names, `conv1_1.weight` and so on, float32, kernels (out, in, h, w)."""
    places = {int(m[1]) for n in tensors if (m := _TORCHVISION.fullmatch(n))}
    order = dict(zip(sorted(places), CONVOLUTIONS, strict=False))
    named = {}
    for name, tensor in tensors.items():
        if match := _TORCHVISION.fullmatch(name):
            ours = f"{order.get(int(match[1]), 'beyond')}.{match[2]}"
        elif match := _KERAS.fullmatch(name):
            ours = f"conv{match[1]}_{match[2]}.{match[3].replace('kernel', 'weight')}"
        elif match := _PLAIN.fullmatch(name):
            ours = f"conv{match[1]}_{match[2]}.{match[3]}"
        else:
            continue
        named[ours] = channels_first(tensor.float())
    missing = [name for name in CONVOLUTIONS if not {f"{name}.weight", f"{name}.bias"} <= {*named}]
    if missing or len(places) > len(CONVOLUTIONS):
        raise InvalidWeights(f"{path.name} does not hold the convolutions of VGG-19.")
    return named


def channels_first(tensor: Tensor) -> Tensor:
    """Keras keeps kernels as (h, w, in, out)."""
    is_keras = tensor.ndim == 4 and tensor.shape[:2] == (3, 3) and tensor.shape[2:] != (3, 3)
    return tensor.permute(3, 2, 0, 1).contiguous() if is_keras else tensor


def _first(kernel: Tensor) -> tuple[Tensor, tuple[float, float, float]]:
    """The first kernel for RGB 0..255, and the mean pixel that goes with it."""
    original = bundled()
    expected = original.kernels[FIRST]
    if kernel.shape != expected.shape:
        return kernel, original.mean  # for Weights to refuse
    for candidate in (kernel, kernel.flip(1).contiguous()):
        if likeness(candidate, expected) > ENOUGH and _is_as_large(candidate, expected):
            return candidate, original.mean
    return _unfolded(kernel, expected), (255 * MEAN[0], 255 * MEAN[1], 255 * MEAN[2])


def _is_as_large(kernel: Tensor, expected: Tensor) -> bool:
    """Whether a kernel that is alike is for 0..255 too: else it is larger by 255 x 0.225."""
    return bool(kernel.norm() < 2 * expected.norm())


def _unfolded(kernel: Tensor, expected: Tensor) -> Tensor:
    """A kernel for (x / 255 - mean) / deviation as one for x - 255 · mean; zero padding is kept."""
    scale = 255 * torch.tensor(DEVIATION, dtype=torch.float64).view(1, 3, 1, 1)
    # Float32 has lost the last bit of a product on the way into the file. Where the file differs
    # from the bundled kernel by no more than that, the bundled one is what it was made from.
    same = torch.isclose((expected * scale).float(), kernel, rtol=2**-23, atol=0)
    return torch.where(same, expected, (kernel / scale).float())
