"""How fast a device paints: measured once, kept in a file, and corrected by every run.

A step takes some time for itself and some for each pixel that the network looks at; two small
paintings tell both.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.cost import Work
from engine.files import write_whole
from engine.networks.vgg import Vgg19
from engine.options import Options
from engine.settings import preset
from engine.stylize import Inputs, StylePicture, stylize

EDGES = (128, 352)  # px of the paintings that are timed
STEPS = 4
LEARNING = 0.5  # of the way from what was believed to what was seen
BOUNDS = (0.25, 4.0)  # a run that took more or less than that was disturbed

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds for a step and for a pixel that is looked at forth and back."""

    step: float
    pixel: float

    def seconds(self, work: Work) -> float:
        """How long a run will take from its first step to its last."""
        return self.step * work.steps + self.pixel * work.pixels()

    def corrected(self, work: Work, seconds: float) -> Speed:
        """What to believe after a run took so long."""
        low, high = BOUNDS
        factor = min(max(seconds / self.seconds(work), low), high) ** LEARNING
        return Speed(self.step * factor, self.pixel * factor)


class Speeds:
    """The speeds that are known of this machine, in a JSON file; without one, in memory."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known = _read(path)

    def of(self, network: Vgg19, precision: str) -> Speed:
        """That of a network's device, measured now if it never was: one to five seconds."""
        key = _key(network, precision)
        if key not in self._known:
            self._keep(key, measured(network, precision))
        return self._known[key]

    def learn(self, network: Vgg19, precision: str, work: Work, seconds: float) -> None:
        """Take into account how long a whole run took."""
        key = _key(network, precision)
        if key in self._known:
            self._keep(key, self._known[key].corrected(work, seconds))

    def _keep(self, key: str, speed: Speed) -> None:
        self._known[key] = speed
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            values = {name: asdict(known) for name, known in self._known.items()}
            write_whole(self._path, json.dumps(values, indent=1).encode())
        except OSError as error:  # a home that is read-only: it is measured again next time
            logger.debug("%s cannot be written: %s", self._path, error)


def usual_path() -> Path:
    """Where speeds are kept: the cache folder of the XDG base directory specification."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "easel" / "speed.json"


def measured(network: Vgg19, precision: str) -> Speed:
    """Time a few steps at two sizes, each after one that warms up."""
    small, large = (_seconds_a_step(network, precision, edge) for edge in EDGES)
    fewer, more = (edge**2 for edge in EDGES)
    pixel = max(large - small, 0.2 * large) / (more - fewer)
    return Speed(max(small - pixel * fewer, 0.0), pixel)


def _seconds_a_step(network: Vgg19, precision: str, edge: int) -> float:
    noise = np.random.default_rng(edge).integers(0, 256, (edge, edge, 3), np.uint8)
    picture = Image.fromarray(noise)
    settings = preset("fine").replace(iterations=STEPS + 1, seed=0)
    options = Options(size=(edge, edge), precision=precision)
    run = stylize(Inputs(picture, (StylePicture(picture),)), settings, network, options=options)
    next(run)
    times = [time.perf_counter()]
    for _ in range(STEPS - 1):
        next(run)
        times.append(time.perf_counter())
    run.close()
    return statistics.median(after - before for before, after in pairwise(times))


def _key(network: Vgg19, precision: str) -> str:
    """What a speed depends on."""
    device = network.device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    return f"{name}, {torch.get_num_threads()} threads, {precision}, torch {torch.__version__}"


def _read(path: Path | None) -> dict[str, Speed]:
    try:
        values: Mapping[str, Mapping[str, float]] = json.loads(path.read_text()) if path else {}
        return {key: Speed(float(v["step"]), float(v["pixel"])) for key, v in values.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
