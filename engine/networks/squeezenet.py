"""SqueezeNet 1.0 and 1.1 in torchvision's form.

Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model
size", 2016; 1.1 is its authors' cheaper version. The layers have their names, fire2 to fire9.
"""

from __future__ import annotations

from engine.networks.chart import Chart
from engine.networks.graph import IMAGE, Graph
from engine.networks.heads import CLASSES

# Place among torchvision's `features`, channels of the squeeze and of each of both expansions.
FIRES_1_0 = ((3, 16, 64), (4, 16, 64), (5, 32, 128), (7, 32, 128), (8, 48, 192), (9, 48, 192),
             (10, 64, 256), (12, 64, 256))  # fmt: skip
FIRES_1_1 = ((3, 16, 64), (4, 16, 64), (6, 32, 128), (7, 32, 128), (9, 48, 192), (10, 48, 192),
             (11, 64, 256), (12, 64, 256))  # fmt: skip


def squeezenet1_0() -> Graph:
    """Version 1.0."""
    return _drawn(96, 7, FIRES_1_0)


def squeezenet1_1() -> Graph:
    """Version 1.1."""
    return _drawn(64, 3, FIRES_1_1)


def _drawn(channels: int, kernel: int, fires: tuple[tuple[int, int, int], ...]) -> Graph:
    chart = Chart()
    x = chart.relu(chart.conv(IMAGE, "features.0", channels, kernel, stride=2))
    x = chart.named("pool1", chart.max(chart.named("conv1", x), 3, 2, ceil=True))
    before = fires[0][0] - 1
    for number, (place, squeeze, expand) in enumerate(fires, start=2):
        if place > before + 1:  # the place between is a pooling's
            x = chart.named(f"pool{number - 1}", chart.max(x, 3, 2, ceil=True))
        x = chart.named(f"fire{number}", _fire(chart, x, f"features.{place}", squeeze, expand))
        before = place
    x = chart.named("conv10", chart.relu(chart.conv(x, "classifier.1", CLASSES, 1)))
    chart.named("avgpool", chart.cells(x))
    return chart.graph()


def _fire(chart: Chart, x: str, key: str, squeeze: int, expand: int) -> str:
    x = chart.relu(chart.conv(x, f"{key}.squeeze", squeeze, 1))
    one = chart.relu(chart.conv(x, f"{key}.expand1x1", expand, 1))
    three = chart.relu(chart.conv(x, f"{key}.expand3x3", expand, 3, padding=1))
    return chart.concat(key, one, three)
