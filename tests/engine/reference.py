"""Neural style written a second time, in float64 NumPy, for the engine to be compared with.

Gatys, Ecker and Bethge, "A Neural Algorithm of Artistic Style" (2015), with the constants and the
TensorFlow semantics of the original program. It knows nothing of the engine and shares none of its
code: the weights are read byte by byte, a convolution is a matrix product, and every derivative is
written by hand. Arrays are (C, H, W), pictures are RGB 0..255.
"""

import itertools
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

Array = npt.NDArray[np.float64]
Pull = Callable[[Array], Array]  # the gradient by an operation's output -> by its input
Weights = tuple[dict[str, tuple[Array, Array]], Array]
Style = tuple[Image.Image, float, float]  # picture, blend weight, scale
Tape = list[tuple[str, Array, Pull]]  # (name, output, pull) of each operation, in forward order

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
DEEPEST = "5_2"
BICUBIC = Image.Resampling.BICUBIC
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True)
class Terms:
    """The weighted loss terms of one picture."""

    content: float
    style: float
    tv: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """The original program's flags, with its defaults."""

    content_weight: float = 5.0
    style_weight: float = 100.0
    tv_weight: float = 100.0
    content_weight_blend: float = 1.0
    style_layer_weight_exp: float = 1.0
    pooling: str = "max"
    learning_rate: float = 10.0


def read_weights(path: Path) -> Weights:
    """VGG-19 as {"1_1": (kernels (out, in, 3, 3), biases (out,))} for BGR, and the BGR mean (3,).

    The file is safetensors (header length, JSON header, raw bytes) with 8-bit codebooks.
    """
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])

    def tensor(name: str) -> npt.NDArray[np.generic]:
        entry = header[name]
        first, last = entry["data_offsets"]
        kind = {"F32": "<f4", "U8": "u1"}[entry["dtype"]]
        return np.frombuffer(raw[start + first : start + last], kind).reshape(entry["shape"])

    convolutions: dict[str, tuple[Array, Array]] = {}
    for name in sorted(key.removesuffix(".bias") for key in header if key.endswith(".bias")):
        codebook = tensor(f"{name}.weight.codebook").astype(np.float64)
        kernel = codebook[tensor(f"{name}.weight.codes").astype(np.intp)]
        convolutions[name.removeprefix("conv")] = kernel, tensor(f"{name}.bias").astype(np.float64)
    mean = np.array([float(part) for part in header["__metadata__"]["mean_bgr"].split(",")])
    return convolutions, mean


def convolve(x: Array, kernel: Array, bias: Array) -> tuple[Array, Pull]:
    """Correlate (C, H, W) with 3x3 kernels, zeros around it, and rectify: (out, H, W)."""
    channels, height, width = x.shape
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    columns = windows.transpose(0, 3, 4, 1, 2).reshape(channels * 9, height * width)
    matrix = kernel.reshape(len(kernel), channels * 9)
    output = np.maximum(matrix @ columns + bias[:, None], 0.0).reshape(-1, height, width)

    def pull(gradient: Array) -> Array:
        scattered = matrix.T @ (gradient * (output > 0)).reshape(len(kernel), -1)
        patches = scattered.reshape(channels, 3, 3, height, width)
        image = np.zeros_like(padded)
        for row in range(3):
            for column in range(3):
                image[:, row : row + height, column : column + width] += patches[:, row, column]
        return image[:, 1:-1, 1:-1]

    return output, pull


def cells(plane: Array, filling: float) -> Array:
    """Cut (C, H, W) into 2x2 cells, filled up at the end of odd sides: (C, ⌈H/2⌉, ⌈W/2⌉, 4)."""
    _, height, width = plane.shape
    padded = np.pad(plane, ((0, 0), (0, height % 2), (0, width % 2)), constant_values=filling)
    pairs = padded.reshape(-1, math.ceil(height / 2), 2, math.ceil(width / 2), 2)
    return pairs.transpose(0, 1, 3, 2, 4).reshape(*pairs.shape[:2], pairs.shape[3], 4)


def pool(x: Array, mode: str) -> tuple[Array, Pull]:
    """2x2 pooling by TensorFlow's SAME rule: (C, ⌈H/2⌉, ⌈W/2⌉).

    The filling at an odd side never wins a maximum (the first of equals does), and an average
    leaves it out.
    """
    channels, height, width = x.shape
    if mode == "max":
        values = cells(x, -np.inf)
        share = np.eye(4)[values.argmax(-1)]  # one in the winner's place
        output = values.max(-1)
    else:
        present = cells(np.ones((1, height, width)), 0.0)
        share = present / present.sum(-1, keepdims=True)
        output = (cells(x, 0.0) * share).sum(-1)

    def pull(gradient: Array) -> Array:
        spread = (share * gradient[..., None]).reshape(*gradient.shape, 2, 2)
        rows = spread.transpose(0, 1, 3, 2, 4)
        whole: Array = rows.reshape(channels, 2 * rows.shape[1], 2 * rows.shape[3])
        return whole[:, :height, :width]

    return output, pull


def run_network(image: Array, weights: Weights, pooling: str) -> Tape:
    """Every operation from an RGB image (3, H, W) to the ReLU at `DEEPEST`."""
    convolutions, mean = weights
    x = image[::-1] - mean[:, None, None]
    tape: Tape = [("input", x, lambda gradient: gradient[::-1])]
    for place, (kernel, bias) in convolutions.items():
        if place.endswith("_1") and place != "1_1":
            x, pull = pool(x, pooling)
            tape.append((f"pool{int(place[0]) - 1}", x, pull))
        x, pull = convolve(x, kernel, bias)
        tape.append((f"relu{place}", x, pull))
        if place == DEEPEST:
            break
    return tape


def pull_back(tape: Tape, gradients: dict[str, Array]) -> Array:
    """The gradient by the image, from those by every output."""
    flow = np.zeros_like(tape[-1][1])
    for name, _, pull in reversed(tape):
        flow = pull(flow + gradients[name])
    return flow


def gram(features: Array) -> Array:
    """The Gram matrix (C, C) of (C, H, W), divided by the number of its features."""
    return np.tensordot(features, features, ((1, 2), (1, 2))) / features.size


def to_array(picture: Image.Image) -> Array:
    """An RGB picture as (3, H, W)."""
    return np.asarray(picture, np.float64).transpose(2, 0, 1)


def fit_style(style: Image.Image, width: int, scale: float) -> Image.Image:
    """Each side times scale times the content's width over the style's own, rounded down."""
    wide, tall = (int(side * scale * width / style.width) for side in style.size)
    return style.resize((wide, tall), BICUBIC)


def adam_step(first: Array, second: Array, step: int, form: str) -> Array:
    """Adam's move at rate 1 from the running moments of the gradient; `step` counts from 1.

    Kingma and Ba, "Adam" (2014): Algorithm 1 ("paper") adds ε to the corrected root; TensorFlow
    has the form before Section 2.1, which corrects the rate and adds ε to the raw root.
    """
    unbias_first, unbias_second = 1 - BETA_1**step, math.sqrt(1 - BETA_2**step)
    if form == "paper":
        return first / unbias_first / (np.sqrt(second) / unbias_second + EPSILON)
    return first * (unbias_second / unbias_first) / (np.sqrt(second) + EPSILON)


class Reference:
    """The loss of one content and its styles, with a gradient; every size is the content's."""

    def __init__(
        self, weights: Weights, recipe: Recipe, content: Image.Image, styles: Sequence[Style]
    ) -> None:
        """Run the pictures through the network once and keep what the losses aim at."""
        self.weights, self.recipe, self.size = weights, recipe, content.size
        _, features = self._run(to_array(content))
        blend = recipe.content_weight_blend
        shares = {"relu4_2": blend, "relu5_2": 1 - blend}
        self.contents = [(layer, share, features[layer]) for layer, share in shares.items()]
        emphasis = recipe.style_layer_weight_exp ** np.arange(float(len(STYLE_LAYERS)))
        emphasis /= emphasis.mean()
        total = sum(weight for _, weight, _ in styles)
        self.styles: list[tuple[str, float, Array]] = []
        for picture, weight, scale in styles:
            _, features = self._run(to_array(fit_style(picture, content.width, scale)))
            for layer, layer_weight in zip(STYLE_LAYERS, emphasis, strict=True):
                share = weight / total * float(layer_weight)
                self.styles.append((layer, share, gram(features[layer])))

    def _run(self, image: Array) -> tuple[Tape, dict[str, Array]]:
        tape = run_network(image, self.weights, self.recipe.pooling)
        return tape, {name: output for name, output, _ in tape}

    def measure(self, image: Array) -> tuple[Terms, Array]:
        """The loss terms of an image (3, H, W), and the gradient of their sum."""
        tape, features = self._run(image)
        gradients = {name: np.zeros_like(output) for name, output in features.items()}
        content = style = 0.0
        for layer, share, target in self.contents:
            weight = self.recipe.content_weight * share / target.size
            difference = features[layer] - target
            content += weight * float((difference**2).sum())
            gradients[layer] += 2 * weight * difference
        for layer, share, target in self.styles:
            weight = self.recipe.style_weight * share / target.size
            difference = gram(features[layer]) - target
            style += weight * float((difference**2).sum())
            slope = 4 * weight * difference / features[layer].size  # G = FFᵀ / size, symmetric
            gradients[layer] += np.tensordot(slope, features[layer], 1)
        tv, gradient = self._variation(image)
        return Terms(content, style, tv), gradient + pull_back(tape, gradients)

    def _variation(self, image: Array) -> tuple[float, Array]:
        loss, gradient = 0.0, np.zeros_like(image)
        for axis in (1, 2):
            steps = np.diff(image, axis=axis)
            weight = self.recipe.tv_weight / steps.size
            loss += weight * float((steps**2).sum())
            margin = [(1, 1) if axis == side else (0, 0) for side in range(3)]
            gradient -= 2 * weight * np.diff(np.pad(steps, margin), axis=axis)
        return loss, gradient

    def descend(self, initial: Image.Image, form: str) -> Iterator[tuple[Terms, Array]]:
        """Adam from an initial image: the terms before each step, and the image after it."""
        image = to_array(initial.resize(self.size, BICUBIC))
        first, second = np.zeros_like(image), np.zeros_like(image)
        for step in itertools.count(1):
            terms, gradient = self.measure(image)
            first = BETA_1 * first + (1 - BETA_1) * gradient
            second = BETA_2 * second + (1 - BETA_2) * gradient**2
            image = image - self.recipe.learning_rate * adam_step(first, second, step, form)
            yield terms, image
