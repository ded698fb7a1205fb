"""Weights of VGG-19 from a file, in one form whatever the file's: RGB in, 0..255, mean subtracted.

The bundled file holds the original Oxford weights as 8-bit codebooks. Nothing here unpickles code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.errors import InvalidWeights
from engine.layers import CONVOLUTIONS, KERNEL

BUNDLED = "vgg19.safetensors"


@dataclass(frozen=True, slots=True)
class Weights:
    """The sixteen convolutions of VGG-19.

    `kernels[name]` has shape (out, in, 3, 3) and `biases[name]` (out,), float32; the first
    convolution takes RGB, 0..255, minus `mean`, the mean pixel in RGB. Raises InvalidWeights when a
    convolution is missing, has another shape, or holds a number that is not finite.
    """

    kernels: Mapping[str, Tensor]
    biases: Mapping[str, Tensor]
    mean: tuple[float, float, float]
    source: str

    def __post_init__(self) -> None:
        for name, channels in CONVOLUTIONS.items():
            if name not in self.kernels or name not in self.biases:
                raise InvalidWeights(f"{self.source} lacks {name} of VGG-19.")
            found = tuple(self.kernels[name].shape), tuple(self.biases[name].shape)
            wanted = (*channels, *KERNEL), (channels[0],)
            if found != wanted:
                raise InvalidWeights(
                    f"{self.source} is not VGG-19: {name} is {found[0]} with {found[1]} biases, "
                    f"not {wanted[0]} with {wanted[1]}."
                )
            if not all(part[name].isfinite().all() for part in (self.kernels, self.biases)):
                raise InvalidWeights(f"{self.source} is damaged: {name} is not all numbers.")


def bundled() -> Weights:
    """The weights that come with Easel, exactly as its file states them."""
    with resources.as_file(resources.files("engine") / "data" / BUNDLED) as path:
        return _read_codebooks(path)


def _read_codebooks(path: Path) -> Weights:
    kernels, biases = {}, {}
    try:
        with safe_open(path, framework="pt") as file:
            mean_bgr = tuple(float(value) for value in file.metadata()["mean_bgr"].split(","))
            for name in CONVOLUTIONS:
                codes = file.get_tensor(f"{name}.weight.codes").int()
                kernels[name] = file.get_tensor(f"{name}.weight.codebook")[codes]
                biases[name] = file.get_tensor(f"{name}.bias")
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise InvalidWeights(f"{path.name} cannot be read as VGG-19 codebooks: {error}.") from error
    blue, green, red = mean_bgr
    # The file's first convolution takes BGR.
    kernels["conv1_1"] = kernels["conv1_1"].flip(1).contiguous()
    return Weights(kernels, biases, (red, green, blue), BUNDLED)


def likeness(kernel: Tensor, expected: Tensor) -> float:
    """The cosine between two kernels, 0 for different shapes: near 1 for copies of one network."""
    if kernel.shape != expected.shape:
        return 0.0
    one, other = kernel.double().flatten(), expected.double().flatten()
    return float(one @ other / (one.norm() * other.norm()).clamp_min(1e-12))
