"""VGG-19 as MatConvNet publishes it: imagenet-vgg-verydeep-19.mat, in its old and its new layout.

Kernels are (3, 3, in, out) for RGB input. Whether the first two axes are height and width or the
other way round differs from file to file, and so does the nesting of MATLAB's cells and structs:
the orientation is found by comparison with the bundled kernels, the convolutions by their shape.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy.io import loadmat
from scipy.io.matlab import MatReadError
from torch import Tensor

from engine.errors import InvalidWeights
from engine.layers import CONVOLUTIONS, KERNEL
from engine.weights import Weights, bundled, likeness

Array = npt.NDArray[Any]

# (h, w, in, out) or (w, h, in, out) → (out, in, h, w)
ORIENTATIONS = ((3, 2, 0, 1), (3, 2, 1, 0))
ENOUGH = 0.9  # 8-bit codebooks correlate above 0.999 with the original kernels, foreign ones near 0
DAMAGED = (
    MatReadError, OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError,
    RuntimeError, MemoryError, zlib.error,
)  # fmt: skip


def read(path: Path) -> Weights:
    """The weights of a .mat file. Raises InvalidWeights when it is not VGG-19's."""
    try:
        content = loadmat(path, variable_names=["layers", "normalization", "meta"])
    except DAMAGED as error:
        raise InvalidWeights(f"{path.name} cannot be read as a MATLAB file: {error}") from error
    found = _convolutions(content.get("layers"))
    if len(found) != len(CONVOLUTIONS):
        raise InvalidWeights(
            f"{path.name} has {len(found)} convolutions of 3 x 3; VGG-19 has {len(CONVOLUTIONS)}."
        )
    named = dict(zip(CONVOLUTIONS, found, strict=True))
    return Weights(
        kernels=_oriented({name: pair[0] for name, pair in named.items()}, path),
        biases={name: torch.from_numpy(pair[1]) for name, pair in named.items()},
        mean=_mean(content, path),
        source=path.name,
    )


def _convolutions(node: Any) -> list[tuple[Array, Array]]:
    """The (kernels, biases) of 3 x 3 in MATLAB's nested cells and structs, in their order."""
    if isinstance(node, np.void):
        return [pair for name in node.dtype.names or () for pair in _convolutions(node[name])]
    if not isinstance(node, np.ndarray) or not (node.dtype == object or node.dtype.names):
        return []
    items = list(node.ravel())
    if len(items) == 2 and all(_is_numeric(item) for item in items):
        kernel, bias = items
        if kernel.ndim != 4 or kernel.shape[:2] != KERNEL:
            return []
        return [(kernel.astype(np.float32), bias.ravel().astype(np.float32))]
    return [pair for item in items for pair in _convolutions(item)]


def _is_numeric(item: Any) -> bool:
    return isinstance(item, np.ndarray) and item.dtype.kind in "fiu"


def _oriented(kernels: dict[str, Array], path: Path) -> dict[str, Tensor]:
    expected = bundled().kernels
    for orientation in ORIENTATIONS:
        turned = {
            name: torch.from_numpy(np.ascontiguousarray(kernel.transpose(orientation)))
            for name, kernel in kernels.items()
        }
        if all(likeness(turned[name], expected[name]) > ENOUGH for name in turned):
            return turned
    raise InvalidWeights(f"{path.name} has other kernels than the published VGG-19, either way up.")


def _mean(content: dict[str, Any], path: Path) -> tuple[float, float, float]:
    """The mean pixel (R, G, B) of `normalization`, which the new layout keeps in `meta`."""
    node = content.get("normalization")
    if node is None:
        node = _field(content.get("meta"), "normalization")
    image = _field(node, "averageImage")
    if not _is_numeric(image) or image.size == 0 or image.size % 3:
        raise InvalidWeights(f"{path.name} does not say its mean pixel.")
    pixels = image.reshape(-1, 3).astype(np.float64)  # (H, W, 3), (1, 1, 3) or (3,)
    red, green, blue = (float(value) for value in pixels.mean(axis=0))
    return red, green, blue


def _field(node: Any, name: str) -> Any:
    """A field of MATLAB's 1 x 1 struct or cell, by name; the first one where that is unknown."""
    while isinstance(node, np.ndarray) and node.size == 1:
        node = node.ravel()[0]
        if isinstance(node, np.void) and node.dtype.names:
            return node[name if name in node.dtype.names else node.dtype.names[0]]
    if isinstance(node, np.ndarray) and node.dtype == object and node.size:
        return node.ravel()[0]
    return None
