"""ENet, a network for segmentation with a decoder.

Paszke, Chaurasia, Kim and Culurciello, "ENet: A Deep Neural Network Architecture for Real-Time
Semantic Segmentation", 2016, table 1 and figure 2. The layers have the paper's names: initial,
bottleneck1.0 to bottleneck5.1, fullconv. The paper says nothing of odd sides; here halving rounds
up, with zeros beyond the border, and the decoder cuts what it doubled back to the size it had. Keys
are ours: no weights were published for PyTorch.
"""

from __future__ import annotations

from typing import Any

from engine.networks.chart import Chart
from engine.networks.graph import IMAGE, Graph

EPSILON = 1e-3
CLASSES = 19  # of Cityscapes
SHRINK = 4  # what a bottleneck divides its channels by
# The kinds of bottlenecks 2.1 to 2.8, and of 3.0 to 3.7: dilation, and whether a 5 x 5 convolution
# in two factors takes its place.
SECTION = ((1, False), (2, False), (1, True), (4, False), (1, False), (8, False), (1, True),
           (16, False))  # fmt: skip


def enet() -> Graph:
    """The graph with its decoder."""
    chart = Chart(epsilon=EPSILON)
    convolved = chart.conv(IMAGE, "initial", 13, 3, stride=2, padding=1)
    first = chart.concat("initial.both", convolved, chart.max(IMAGE, 2, 2, ceil=True))
    first = chart.prelu(chart.norm(first, "initial.norm"), "initial.prelu")
    x = chart.named("initial", first)
    x, pool1 = _down(chart, x, "bottleneck1.0", 64)
    for number in range(1, 5):
        x = _plain(chart, x, f"bottleneck1.{number}")
    x, pool2 = _down(chart, x, "bottleneck2.0", 128)
    for stage, start in ((2, 1), (3, 0)):
        for number, (dilation, factored) in enumerate(SECTION, start=start):
            x = _plain(chart, x, f"bottleneck{stage}.{number}", dilation, factored)
    x = _up(chart, x, "bottleneck4.0", 64, pool2)
    for number in (1, 2):
        x = _plain(chart, x, f"bottleneck4.{number}")
    x = _up(chart, x, "bottleneck5.0", 16, pool1)
    x = _plain(chart, x, "bottleneck5.1")
    chart.named("fullconv", chart.deconv(x, "fullconv", CLASSES, 2, IMAGE, 0))
    return chart.graph()


def _plain(chart: Chart, x: str, key: str, dilation: int = 1, factored: bool = False) -> str:
    channels = chart.channels(x)
    y = _unit(chart, x, f"{key}.reduce", channels // SHRINK, 1)
    if factored:
        y = chart.conv(y, f"{key}.tall", channels // SHRINK, (5, 1), padding=(2, 0), bias=False)
        y = _unit(chart, y, f"{key}.wide", channels // SHRINK, (1, 5), padding=(0, 2))
    else:
        given = {"padding": dilation, "dilation": dilation}
        y = _unit(chart, y, f"{key}.conv", channels // SHRINK, 3, **given)
    return _ended(chart, x, y, key, channels)


def _down(chart: Chart, x: str, key: str, channels: int) -> tuple[str, str]:
    """Half the sides; also the maximum whose places the decoder needs."""
    pool = chart.max(x, 2, 2, ceil=True)
    narrow = chart.channels(x) // SHRINK
    y = _unit(chart, x, f"{key}.reduce", narrow, 2, stride=2, ceil=True)
    y = _unit(chart, y, f"{key}.conv", narrow, 3, padding=1)
    return _ended(chart, pool, y, key, channels), pool


def _up(chart: Chart, x: str, key: str, channels: int, pool: str) -> str:
    """Twice the sides, with the maxima back in their places."""
    main = chart.conv(x, f"{key}.main", channels, 1, bias=False)
    main = chart.unpool(f"{key}.unpool", chart.norm(main, f"{key}.main.norm"), pool)
    narrow = chart.channels(x) // SHRINK
    y = _unit(chart, x, f"{key}.reduce", narrow, 1)
    y = chart.deconv(y, f"{key}.deconv", narrow, 3, main, 1)
    y = chart.prelu(chart.norm(y, f"{key}.deconv.norm"), f"{key}.deconv.prelu")
    return _ended(chart, main, y, key, channels)


def _ended(chart: Chart, x: str, y: str, key: str, channels: int) -> str:
    y = chart.norm(chart.conv(y, f"{key}.expand", channels, 1, bias=False), f"{key}.norm")
    return chart.named(key, chart.prelu(chart.sum(f"{key}.sum", y, x), f"{key}.prelu"))


def _unit(chart: Chart, x: str, key: str, channels: int, kernel: Any, **more: Any) -> str:
    x = chart.norm(chart.conv(x, key, channels, kernel, bias=False, **more), f"{key}.norm")
    return chart.prelu(x, f"{key}.prelu")
