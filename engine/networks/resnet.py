"""ResNet 18, 34, 50, 101 and 152 in torchvision's form.

He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2015. From 50 layers on the
form differs from the paper: a bottleneck that halves the sides does so in its 3 x 3 convolution,
not in the 1 x 1 before it.
"""

from __future__ import annotations

from functools import partial

from engine.networks.chart import Chart
from engine.networks.graph import IMAGE, Graph
from engine.networks.heads import mean_and_linear

STAGES = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
BOTTLENECKS = 50  # layers, from which on blocks are bottlenecks
EXPANSION = 4


def resnet(layers: int) -> Graph:
    """The graph; layers conv1 (after its ReLU), pool1, layer1 to layer4, and blocks as layer3.5."""
    chart, stages = Chart(), STAGES[layers]
    block = partial(_bottleneck if layers >= BOTTLENECKS else _basic, chart)
    x = chart.conv(IMAGE, "conv1", 64, 7, stride=2, padding=3, bias=False)
    x = chart.named("conv1", chart.relu(chart.norm(x, "bn1")))
    x = chart.named("pool1", chart.max(x, 3, 2, padding=1))
    for stage, count in enumerate(stages, start=1):
        for number in range(count):
            key = f"layer{stage}.{number}"
            stride = 2 if number == 0 and stage > 1 else 1
            x = chart.named(key, block(x, key, 64 << (stage - 1), stride))
        chart.named(f"layer{stage}", x)
    mean_and_linear(chart, x, "fc")
    return chart.graph()


def _basic(chart: Chart, x: str, key: str, channels: int, stride: int) -> str:
    y = chart.conv(x, f"{key}.conv1", channels, 3, stride=stride, padding=1, bias=False)
    y = chart.relu(chart.norm(y, f"{key}.bn1"))
    y = chart.norm(chart.conv(y, f"{key}.conv2", channels, 3, padding=1, bias=False), f"{key}.bn2")
    return _joined(chart, x, y, key, stride)


def _bottleneck(chart: Chart, x: str, key: str, channels: int, stride: int) -> str:
    y = chart.norm(chart.conv(x, f"{key}.conv1", channels, 1, bias=False), f"{key}.bn1")
    y = chart.relu(y)
    y = chart.conv(y, f"{key}.conv2", channels, 3, stride=stride, padding=1, bias=False)
    y = chart.relu(chart.norm(y, f"{key}.bn2"))
    y = chart.conv(y, f"{key}.conv3", EXPANSION * channels, 1, bias=False)
    return _joined(chart, x, chart.norm(y, f"{key}.bn3"), key, stride)


def _joined(chart: Chart, x: str, y: str, key: str, stride: int) -> str:
    if stride > 1 or chart.channels(x) != chart.channels(y):
        way = f"{key}.downsample"
        x = chart.conv(x, f"{way}.0", chart.channels(y), 1, stride=stride, bias=False)
        x = chart.norm(x, f"{way}.1")
    return chart.relu(chart.sum(key, y, x))
