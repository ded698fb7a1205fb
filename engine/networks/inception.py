"""Inception v3 in torchvision's form.

Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception Architecture for Computer
Vision", 2015. The layers have the names of its published weights, `Mixed_5b` to `Mixed_7c`; pixels
are from -1 to 1. The auxiliary classifier, which a file of weights may hold, is for training and
left out.
"""

from __future__ import annotations

from typing import Any

from engine.networks.chart import Chart
from engine.networks.graph import IMAGE, Graph, Pair
from engine.networks.heads import mean_and_linear

EPSILON = 0.001
WIDE: dict[str, Any] = {"kernel": (1, 7), "padding": (0, 3)}
TALL: dict[str, Any] = {"kernel": (7, 1), "padding": (3, 0)}


def inception_v3() -> Graph:
    """The graph; layers Conv2d_1a_3x3 to Conv2d_4a_3x3, pool1, pool2, Mixed_5b to Mixed_7c."""
    chart = Chart(epsilon=EPSILON)
    x = _stem(chart)
    for name, projection in (("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)):
        x = chart.named(name, _squares(chart, x, name, projection))
    x = chart.named("Mixed_6a", _halved(chart, x, "Mixed_6a"))
    for letter, channels in (("b", 128), ("c", 160), ("d", 160), ("e", 192)):
        x = chart.named(f"Mixed_6{letter}", _factors(chart, x, f"Mixed_6{letter}", channels))
    x = chart.named("Mixed_7a", _halved_again(chart, x, "Mixed_7a"))
    for name in ("Mixed_7b", "Mixed_7c"):
        x = chart.named(name, _forks(chart, x, name))
    mean_and_linear(chart, x, "fc")
    return chart.graph()


def _stem(chart: Chart) -> str:
    x = _unit(chart, IMAGE, "Conv2d_1a_3x3", 32, 3, stride=2)
    x = _unit(chart, chart.named("Conv2d_1a_3x3", x), "Conv2d_2a_3x3", 32, 3)
    x = _unit(chart, chart.named("Conv2d_2a_3x3", x), "Conv2d_2b_3x3", 64, 3, padding=1)
    x = chart.named("pool1", chart.max(chart.named("Conv2d_2b_3x3", x), 3, 2))
    x = chart.named("Conv2d_3b_1x1", _unit(chart, x, "Conv2d_3b_1x1", 80, 1))
    x = chart.named("Conv2d_4a_3x3", _unit(chart, x, "Conv2d_4a_3x3", 192, 3))
    return chart.named("pool2", chart.max(x, 3, 2))


def _squares(chart: Chart, x: str, key: str, projection: int) -> str:
    """1x1, 5x5, double 3x3."""
    one = _unit(chart, x, f"{key}.branch1x1", 64, 1)
    five = _unit(chart, x, f"{key}.branch5x5_1", 48, 1)
    five = _unit(chart, five, f"{key}.branch5x5_2", 64, 5, padding=2)
    three = _unit(chart, x, f"{key}.branch3x3dbl_1", 64, 1)
    for number in (2, 3):
        three = _unit(chart, three, f"{key}.branch3x3dbl_{number}", 96, 3, padding=1)
    return chart.concat(key, one, five, three, _pooled(chart, x, key, projection))


def _halved(chart: Chart, x: str, key: str) -> str:
    three = _unit(chart, x, f"{key}.branch3x3", 384, 3, stride=2)
    double = _unit(chart, x, f"{key}.branch3x3dbl_1", 64, 1)
    double = _unit(chart, double, f"{key}.branch3x3dbl_2", 96, 3, padding=1)
    double = _unit(chart, double, f"{key}.branch3x3dbl_3", 96, 3, stride=2)
    return chart.concat(key, three, double, chart.max(x, 3, 2))


def _factors(chart: Chart, x: str, key: str, channels: int) -> str:
    """1x1, 7x7 as 1x7 and 7x1, and that twice."""
    one = _unit(chart, x, f"{key}.branch1x1", 192, 1)
    seven = _unit(chart, x, f"{key}.branch7x7_1", channels, 1)
    seven = _unit(chart, seven, f"{key}.branch7x7_2", channels, **WIDE)
    seven = _unit(chart, seven, f"{key}.branch7x7_3", 192, **TALL)
    double = _unit(chart, x, f"{key}.branch7x7dbl_1", channels, 1)
    for number, way in ((2, TALL), (3, WIDE), (4, TALL)):
        double = _unit(chart, double, f"{key}.branch7x7dbl_{number}", channels, **way)
    double = _unit(chart, double, f"{key}.branch7x7dbl_5", 192, **WIDE)
    return chart.concat(key, one, seven, double, _pooled(chart, x, key, 192))


def _halved_again(chart: Chart, x: str, key: str) -> str:
    three = _unit(chart, x, f"{key}.branch3x3_1", 192, 1)
    three = _unit(chart, three, f"{key}.branch3x3_2", 320, 3, stride=2)
    seven = _unit(chart, x, f"{key}.branch7x7x3_1", 192, 1)
    seven = _unit(chart, seven, f"{key}.branch7x7x3_2", 192, **WIDE)
    seven = _unit(chart, seven, f"{key}.branch7x7x3_3", 192, **TALL)
    seven = _unit(chart, seven, f"{key}.branch7x7x3_4", 192, 3, stride=2)
    return chart.concat(key, three, seven, chart.max(x, 3, 2))


def _forks(chart: Chart, x: str, key: str) -> str:
    """1x1, and 3x3 branches that end as 1x3 beside 3x1."""
    one = _unit(chart, x, f"{key}.branch1x1", 320, 1)
    three = _unit(chart, x, f"{key}.branch3x3_1", 384, 1)
    three = _fork(chart, three, f"{key}.branch3x3_2")
    double = _unit(chart, x, f"{key}.branch3x3dbl_1", 448, 1)
    double = _unit(chart, double, f"{key}.branch3x3dbl_2", 384, 3, padding=1)
    double = _fork(chart, double, f"{key}.branch3x3dbl_3")
    return chart.concat(key, one, three, double, _pooled(chart, x, key, 192))


def _fork(chart: Chart, x: str, key: str) -> str:
    wide = _unit(chart, x, f"{key}a", 384, (1, 3), padding=(0, 1))
    tall = _unit(chart, x, f"{key}b", 384, (3, 1), padding=(1, 0))
    return chart.concat(key, wide, tall)


def _pooled(chart: Chart, x: str, key: str, channels: int) -> str:
    return _unit(chart, chart.mean(x, 3, 1, padding=1), f"{key}.branch_pool", channels, 1)


def _unit(chart: Chart, x: str, key: str, channels: int, kernel: int | Pair, **more: Any) -> str:
    x = chart.conv(x, f"{key}.conv", channels, kernel, bias=False, **more)
    return chart.relu(chart.norm(x, f"{key}.bn"))
