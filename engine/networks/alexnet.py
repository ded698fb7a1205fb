"""AlexNet in torchvision's form.

Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014. It differs from
Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks",
2012: one column instead of two halves with groups, 64, 192, 384, 256 and 256 channels instead of
96, 256, 384, 384 and 256, and no local response normalisation.
"""

from __future__ import annotations

from engine.networks.chart import Chart
from engine.networks.graph import IMAGE, Graph
from engine.networks.heads import CLASSES, HIDDEN

# Place among torchvision's `features`, channels, kernel, stride, padding, pooled afterwards.
CONVOLUTIONS = (
    (0, 64, 11, 4, 2, True),
    (3, 192, 5, 1, 2, True),
    (6, 384, 3, 1, 1, False),
    (8, 256, 3, 1, 1, False),
    (10, 256, 3, 1, 1, True),
)
EDGE = 6


def alexnet() -> Graph:
    """The graph; layers relu1 to relu5, pool1, pool2, pool5, and fc6 to fc8."""
    chart, x = Chart(), IMAGE
    for number, convolution in enumerate(CONVOLUTIONS, start=1):
        place, channels, kernel, stride, padding, pooled = convolution
        key = f"features.{place}"
        x = chart.conv(x, key, channels, kernel, stride=stride, padding=padding)
        x = chart.named(f"relu{number}", chart.relu(x))
        if pooled:
            x = chart.named(f"pool{number}", chart.max(x, 3, 2))
    x = chart.cells(x, EDGE)
    inputs = EDGE**2 * chart.channels(x)
    for name, place in (("fc6", 1), ("fc7", 4)):
        x = chart.linear(x, f"classifier.{place}", inputs, HIDDEN)
        x, inputs = chart.named(name, chart.relu(x)), HIDDEN
    chart.named("fc8", chart.linear(x, "classifier.6", inputs, CLASSES))
    return chart.graph()
