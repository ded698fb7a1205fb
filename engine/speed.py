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
from collections.abc import Callable, Mapping
from dataclasses import asdict
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.calibration import fastest_precision
from engine.cost import Work
from engine.errors import Cancelled
from engine.files import write_whole
from engine.forecast import DeviceSpeed, Speed
from engine.networks.sight import Network, never
from engine.options import Options
from engine.settings import preset
from engine.stylize import Inputs, StylePicture, stylize

EDGES = (128, 352)  # px of the paintings that are timed
STEPS = 4

logger = logging.getLogger(__name__)


class Speeds:
    """The speeds that are known of this machine, in a JSON file; without one, in memory."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known = _read(path)

    def of(
        self, network: Network, precision: str, should_stop: Callable[[], bool] = never
    ) -> Speed:
        """That of a network's device, measured now if it never was: one to five seconds.

        Raises Cancelled when `should_stop` turns true between two layers.
        """
        key = _key(network, precision)
        if key not in self._known:
            self._keep(key, measured(network, precision, should_stop))
        return self._known[key]

    def of_device(self, network: Network, should_stop: Callable[[], bool] = never) -> DeviceSpeed:
        """Those of a network's device in every precision that recipes use; raises as `of` does."""
        exact = self.of(network, "float32", should_stop)
        return DeviceSpeed(exact, self.of(network, fastest_precision(network.device), should_stop))

    def learn(self, network: Network, precision: str, work: Work, seconds: float) -> None:
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


def measured(network: Network, precision: str, should_stop: Callable[[], bool] = never) -> Speed:
    """Time a few steps at two sizes, each after one that warms up; raises Cancelled."""
    small, large = (_seconds_a_step(network, precision, edge, should_stop) for edge in EDGES)
    fewer, more = (edge**2 for edge in EDGES)
    pixel = max(large - small, 0.2 * large) / (more - fewer)
    return Speed(max(small - pixel * fewer, 0.0), pixel)


def _seconds_a_step(
    network: Network, precision: str, edge: int, should_stop: Callable[[], bool]
) -> float:
    noise = np.random.default_rng(edge).integers(0, 256, (edge, edge, 3), np.uint8)
    picture = Image.fromarray(noise)
    settings = preset("fine").replace(iterations=STEPS + 1, seed=0)
    options = Options(size=(edge, edge), precision=precision)
    inputs = Inputs(picture, (StylePicture(picture),))
    run = stylize(inputs, settings, network, options=options, should_stop=should_stop)
    times = [time.perf_counter() for _ in islice(run, STEPS)]
    run.close()
    if should_stop():
        raise Cancelled("The measuring was interrupted.")
    return statistics.median(after - before for before, after in pairwise(times))


def _key(network: Network, precision: str) -> str:
    """What a speed depends on."""
    device = network.device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    threads = f"{torch.get_num_threads()} threads"
    facts = network.architecture.name, name, threads, precision, f"torch {torch.__version__}"
    return ", ".join(facts)


def _read(path: Path | None) -> dict[str, Speed]:
    try:
        values: Mapping[str, Mapping[str, float]] = json.loads(path.read_text()) if path else {}
        return {key: Speed(float(v["step"]), float(v["pixel"])) for key, v in values.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
