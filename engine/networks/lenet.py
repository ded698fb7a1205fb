"""LeNet-5.

LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998,
section II B. The layers have the paper's names: convolutions C1, C3 and C5, subsampling S2 and S4,
F6. As is usual today, C3 sees all maps of S2, the subsampling is a plain mean, the nonlinearity a
plain tanh, and the output a linear layer. C5 is a convolution, as the paper says, so that a picture
of any size has it; with its 32 x 32 px it is fully connected.
"""

from __future__ import annotations

from engine.networks.chart import Chart
from engine.networks.graph import IMAGE, Graph

CLASSES = 10


def lenet5() -> Graph:
    """The graph, for grey pictures."""
    chart = Chart(channels=1)
    x = IMAGE
    for layer, channels, pooled in (("c1", 6, "s2"), ("c3", 16, "s4")):
        x = chart.named(layer, chart.tanh(chart.conv(x, layer, channels, 5)))
        x = chart.named(pooled, chart.mean(x, 2, 2))
    x = chart.named("c5", chart.tanh(chart.conv(x, "c5", 120, 5)))
    x = chart.named("f6", chart.tanh(chart.conv(x, "f6", 84, 1)))
    chart.named("output", chart.conv(x, "output", CLASSES, 1))
    return chart.graph()
