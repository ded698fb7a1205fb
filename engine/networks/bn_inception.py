"""BN-Inception (Inception v2), in the form of the published Caffe weights.

Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
Covariate Shift", 2015. The weights' form differs from the paper's figure 5 in the pooling's
projection of modules 4c and 4d, 128 channels instead of 96. Keys are those of their usual PyTorch
conversion: pixels are BGR, 0..255, minus a mean pixel. Where a maximum rounds an odd side down and
the convolutions beside it round up, the last row or column of these is left out.
"""

from __future__ import annotations

from typing import Any

from engine.networks.chart import Chart
from engine.networks.graph import IMAGE, Graph
from engine.networks.heads import mean_and_linear

# Channels of: 1x1, reduction and 3x3, reduction and both of double 3x3, projection of the pooling.
# A module without the first and the last halves the sides.
MODULES = {
    "3a": (64, 64, 64, 64, 96, 32),
    "3b": (64, 64, 96, 64, 96, 64),
    "3c": (0, 128, 160, 64, 96, 0),
    "4a": (224, 64, 96, 96, 128, 128),
    "4b": (192, 96, 128, 96, 128, 128),
    "4c": (160, 128, 160, 128, 160, 128),
    "4d": (96, 128, 192, 160, 192, 128),
    "4e": (0, 128, 192, 192, 256, 0),
    "5a": (352, 192, 320, 160, 224, 128),
    "5b": (352, 192, 320, 192, 224, 128),
}
MAXIMUM = "5b"  # whose pooling is a maximum; the others' are means


def bn_inception() -> Graph:
    """The graph; layers conv1, conv2, pool1, pool2, inception3a to inception5b."""
    chart = Chart()
    x = _unit(chart, IMAGE, "conv1_7x7_s2", 64, 7, stride=2, padding=3)
    x = chart.named("pool1", chart.max(chart.named("conv1", x), 3, 2, ceil=True))
    x = _unit(chart, x, "conv2_3x3_reduce", 64, 1)
    x = chart.named("conv2", _unit(chart, x, "conv2_3x3", 192, 3, padding=1))
    x = chart.named("pool2", chart.max(x, 3, 2, ceil=True))
    for name, channels in MODULES.items():
        x = chart.named(f"inception{name}", _module(chart, x, name, channels))
    mean_and_linear(chart, x, "last_linear")
    return chart.graph()


def _module(chart: Chart, x: str, name: str, channels: tuple[int, ...]) -> str:
    key = f"inception_{name}"
    one, reduce, three, reduce_again, double, projection = channels
    stride = 1 if one else 2
    branches = [_unit(chart, x, f"{key}_1x1", one, 1)] if one else []
    narrow = _unit(chart, x, f"{key}_3x3_reduce", reduce, 1)
    branches.append(_unit(chart, narrow, f"{key}_3x3", three, 3, padding=1, stride=stride))
    narrow = _unit(chart, x, f"{key}_double_3x3_reduce", reduce_again, 1)
    narrow = _unit(chart, narrow, f"{key}_double_3x3_1", double, 3, padding=1)
    wide = _unit(chart, narrow, f"{key}_double_3x3_2", double, 3, padding=1, stride=stride)
    branches.append(wide)
    if not projection:
        pooled = chart.max(x, 3, 2, ceil=True)
    else:
        is_maximum = name == MAXIMUM
        pooled = chart.max(x, 3, 1, padding=1) if is_maximum else chart.mean(x, 3, 1, padding=1)
        pooled = _unit(chart, pooled, f"{key}_pool_proj", projection, 1)
    return chart.concat(key, *branches, pooled)


def _unit(chart: Chart, x: str, key: str, channels: int, kernel: int, **more: Any) -> str:
    return chart.relu(chart.norm(chart.conv(x, key, channels, kernel, **more), f"{key}_bn"))
