"""GoogLeNet (Inception v1) in torchvision's form.

Szegedy et al., "Going Deeper with Convolutions", 2014. The form differs from the paper: batch
normalisation after every convolution instead of biases and local response normalisation, 3 x 3
kernels where the paper has 5 x 5, and pixels from -1 to 1. The auxiliary classifiers, which a file
of weights may hold, are for training and left out.
"""

from __future__ import annotations

from typing import Any

from engine.networks.chart import Chart
from engine.networks.graph import IMAGE, Graph
from engine.networks.heads import mean_and_linear

EPSILON = 0.001
# Channels of: 1x1, reduction and 3x3, reduction and second 3x3, projection of the pooling.
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
POOLED = {"3b": 3, "4e": 2}  # and the pooling's kernel


def googlenet() -> Graph:
    """The graph; layers conv1 to conv3, inception3a to inception5b, pool1 to pool4."""
    chart = Chart(epsilon=EPSILON)
    x = chart.named("conv1", _unit(chart, IMAGE, "conv1", 64, 7, stride=2, padding=3))
    x = chart.named("pool1", chart.max(x, 3, 2, ceil=True))
    x = chart.named("conv2", _unit(chart, x, "conv2", 64, 1))
    x = chart.named("conv3", _unit(chart, x, "conv3", 192, 3, padding=1))
    x, pools = chart.named("pool2", chart.max(x, 3, 2, ceil=True)), 2
    for name, channels in MODULES.items():
        x = chart.named(f"inception{name}", _module(chart, x, f"inception{name}", channels))
        if name in POOLED:
            pools += 1
            x = chart.named(f"pool{pools}", chart.max(x, POOLED[name], 2, ceil=True))
    mean_and_linear(chart, x, "fc")
    return chart.graph()


def _module(chart: Chart, x: str, key: str, channels: tuple[int, ...]) -> str:
    one, reduce, three, reduce_again, second, projection = channels
    first = _unit(chart, x, f"{key}.branch1", one, 1)
    narrow = _unit(chart, x, f"{key}.branch2.0", reduce, 1)
    wide = _unit(chart, narrow, f"{key}.branch2.1", three, 3, padding=1)
    narrow = _unit(chart, x, f"{key}.branch3.0", reduce_again, 1)
    wider = _unit(chart, narrow, f"{key}.branch3.1", second, 3, padding=1)
    pooled = chart.max(x, 3, 1, padding=1, ceil=True)
    pooled = _unit(chart, pooled, f"{key}.branch4.1", projection, 1)
    return chart.concat(key, first, wide, wider, pooled)


def _unit(chart: Chart, x: str, key: str, channels: int, kernel: int, **more: Any) -> str:
    x = chart.conv(x, f"{key}.conv", channels, kernel, bias=False, **more)
    return chart.relu(chart.norm(x, f"{key}.bn"))
