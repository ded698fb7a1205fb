"""The original program put into PyTorch the obvious way: what Easel's own way is measured against.

A stack of modules, all of whose layers run, and autograd; of the engine it has only the weights and
the words. docs/engine.md has the formulas.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from engine.layers import BLOCKS
from engine.runner import Losses
from engine.settings import Settings
from engine.weights import Weights, bundled

CONTENT_LAYER = "relu4_2"
STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
NOISE_DEVIATION = 0.256  # grey levels
EPSILON = 1e-8


def vgg19(weights: Weights) -> nn.Sequential:
    """All of VGG-19 but its classifier, frozen, by name: conv1_1, relu1_1, conv1_2, ... pool5."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for block, (count, _) in enumerate(BLOCKS, start=1):
        for number in range(1, count + 1):
            name = f"conv{block}_{number}"
            outputs, inputs, *_ = weights.kernels[name].shape
            convolution = nn.Conv2d(inputs, outputs, 3, padding=1)
            convolution.load_state_dict(
                {"weight": weights.kernels[name], "bias": weights.biases[name]}
            )
            layers[name] = convolution
            layers[f"relu{block}_{number}"] = nn.ReLU()
        layers[f"pool{block}"] = nn.MaxPool2d(2, ceil_mode=True)
    return nn.Sequential(layers).requires_grad_(False)


def gram(features: Tensor) -> Tensor:
    """The Gram matrix (C, C) of features (1, C, h, w), divided by their number."""
    rows = features.flatten(2)[0]
    return rows @ rows.T / features.numel()


def to_tensor(picture: Image.Image) -> Tensor:
    """An RGB picture as (1, 3, H, W), float32, 0..255."""
    return torch.from_numpy(np.array(picture, np.float32)).permute(2, 0, 1)[None].contiguous()


class Port:
    """A painting under way: `image` is (1, 3, H, W), float32, RGB 0..255 but never clipped.

    All pictures are RGB and stay as large as they come; `initial` is as large as the content, and
    without it the settings' `start` and `seed` say what the painting starts from. Of the other
    settings it heeds the three weights and the learning rate only. `blend` are the styles' shares,
    of sum 1; all alike if None.
    """

    def __init__(
        self,
        content: Image.Image,
        styles: Sequence[Image.Image],
        settings: Settings,
        *,
        blend: Sequence[float] | None = None,
        initial: Image.Image | None = None,
    ) -> None:
        weights = bundled()
        self._settings = settings
        self._mean = torch.tensor(weights.mean).view(1, 3, 1, 1)
        self._network = vgg19(weights)
        self._blend = blend or [1 / len(styles)] * len(styles)
        photo = to_tensor(content)
        with torch.no_grad():
            self._content = self._features(photo)[CONTENT_LAYER]
            self._grams = [self._gram_of_each(to_tensor(style)) for style in styles]
        if initial is None and settings.start == "content":
            initial = content
        start = self._noise(photo.shape) if initial is None else to_tensor(initial)
        self.image = nn.Parameter(start)
        self._adam = torch.optim.Adam([self.image], lr=settings.learning_rate, eps=EPSILON)

    def step(self) -> Losses:
        """One step of Adam; the loss terms are those before it."""
        self._adam.zero_grad()
        terms = self._terms(self.image)
        torch.stack(terms).sum().backward()  # type: ignore[no-untyped-call]
        self._adam.step()
        return Losses(*(term.item() for term in terms))

    def losses(self, image: Tensor) -> Losses:
        """The loss terms of any image (1, 3, H, W), RGB 0..255, as large as the content."""
        with torch.no_grad():
            return Losses(*(term.item() for term in self._terms(image)))

    def _terms(self, image: Tensor) -> list[Tensor]:
        """Content, style and total variation, weighted: three scalars."""
        features = self._features(image)
        style = torch.zeros(())
        for share, grams in zip(self._blend, self._grams, strict=True):
            for layer, target in grams.items():
                style = style + share * mse_loss(gram(features[layer]), target)
        rows = mse_loss(image[:, :, 1:], image[:, :, :-1])
        columns = mse_loss(image[:, :, :, 1:], image[:, :, :, :-1])
        return [
            self._settings.content_weight * mse_loss(features[CONTENT_LAYER], self._content),
            self._settings.style_weight * style,
            self._settings.tv_weight * (rows + columns),
        ]

    def _features(self, image: Tensor) -> dict[str, Tensor]:
        """What every layer makes of an image."""
        features, x = {}, image - self._mean
        for name, layer in self._network.named_children():
            features[name] = x = layer(x)
        return features

    def _gram_of_each(self, style: Tensor) -> dict[str, Tensor]:
        features = self._features(style)
        return {layer: gram(features[layer]) for layer in STYLE_LAYERS}

    def _noise(self, shape: torch.Size) -> Tensor:
        seed = self._settings.seed
        generator = None if seed is None else torch.Generator().manual_seed(seed)
        return self._mean + NOISE_DEVIATION * torch.randn(shape, generator=generator)
