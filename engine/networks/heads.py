"""The ends of ImageNet's classifiers, which see a whole picture at once."""

from __future__ import annotations

from engine.networks.chart import Chart

CLASSES = 1000
HIDDEN = 4096


def mean_and_linear(chart: Chart, x: str, key: str) -> None:
    """The mean of every channel as the layer `avgpool`, and a linear layer as `fc`."""
    x = chart.named("avgpool", chart.cells(x))
    chart.named("fc", chart.linear(x, key, chart.channels(x), CLASSES))
