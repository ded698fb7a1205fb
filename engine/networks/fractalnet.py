"""FractalNet-20 of three columns.

Larsson, Maire and Shakhnarovich, "FractalNet: Ultra-Deep Neural Networks without Residuals", 2016,
section 4.2: five blocks of the fractal f_3 with 64, 128, 256, 512 and 512 channels, each pooled by
a maximum. A join is the mean of its columns; drop-path is for training. The layers are block1 to
block5, before their pooling, and pool1 to pool5. Keys are ours: no weights were published for
PyTorch.
"""

from __future__ import annotations

from engine.networks.chart import Chart
from engine.networks.graph import IMAGE, Graph

CHANNELS = (64, 128, 256, 512, 512)
COLUMNS = 3
CLASSES = 100  # of CIFAR-100


def fractalnet() -> Graph:
    """The graph."""
    chart, x = Chart(), IMAGE
    for number, channels in enumerate(CHANNELS, start=1):
        columns = _fractal(chart, x, f"block{number}", channels, COLUMNS)
        x = chart.named(f"block{number}", _join(chart, f"block{number}", columns))
        x = chart.named(f"pool{number}", chart.max(x, 2, 2, ceil=True))
    x = chart.named("avgpool", chart.cells(x))
    chart.named("fc", chart.linear(x, "fc", chart.channels(x), CLASSES))
    return chart.graph()


def _fractal(chart: Chart, x: str, key: str, channels: int, columns: int) -> list[str]:
    """f_1 is a convolution; f_C is f_(C-1) twice in a row, joined, beside one of its own.

    The columns stay apart, for a join to take them all at once.
    """
    own = chart.conv(x, f"{key}.{columns}", channels, 3, padding=1)
    own = chart.relu(chart.norm(own, f"{key}.{columns}.norm"))
    if columns == 1:
        return [own]
    first = _fractal(chart, x, f"{key}.{columns}a", channels, columns - 1)
    middle = _join(chart, f"{key}.{columns}a", first)
    return [own, *_fractal(chart, middle, f"{key}.{columns}b", channels, columns - 1)]


def _join(chart: Chart, key: str, columns: list[str]) -> str:
    return columns[0] if len(columns) == 1 else chart.average(f"{key}.join", *columns)
