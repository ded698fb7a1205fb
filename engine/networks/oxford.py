"""VGG-16 and VGG-19.

Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2014,
configurations D and E. Pooling rounds odd sides up, as the original style transfer program has it;
torchvision's rounds down. A convolution and its ReLU are the layer `relu4_2`, its pooling `pool4`.
"""

from __future__ import annotations

from engine.networks.chart import Chart
from engine.networks.graph import IMAGE, Graph
from engine.networks.heads import CLASSES, HIDDEN

CHANNELS = (64, 128, 256, 512, 512)
EDGE = 7


def vgg16() -> Graph:
    """Configuration D."""
    return _drawn((2, 2, 3, 3, 3))


def vgg19() -> Graph:
    """Configuration E."""
    return _drawn((2, 2, 4, 4, 4))


def _drawn(counts: tuple[int, ...]) -> Graph:
    chart, x, place = Chart(), IMAGE, 0
    for block, (count, channels) in enumerate(zip(counts, CHANNELS, strict=True), start=1):
        for number in range(1, count + 1):
            x = chart.relu(chart.conv(x, f"features.{place}", channels, 3, padding=1))
            chart.named(f"relu{block}_{number}", x)
            place += 2
        x = chart.named(f"pool{block}", chart.max(x, 2, 2, ceil=True))
        place += 1
    x = chart.cells(x, EDGE)
    inputs = EDGE**2 * chart.channels(x)
    for name, number in (("fc6", 0), ("fc7", 3)):
        x = chart.linear(x, f"classifier.{number}", inputs, HIDDEN)
        x, inputs = chart.named(name, chart.relu(x)), HIDDEN
    chart.named("fc8", chart.linear(x, "classifier.6", inputs, CLASSES))
    return chart.graph()
