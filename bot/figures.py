"""The figures of the whole bot, for /admin stats and for Prometheus alike."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncSession

from bot.metrics import Metrics
from bot.rooms import Rooms
from storage import backlog, statistics
from storage.backlog import Backlog
from storage.statistics import Statistics


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database and the disk tell; `Metrics` has what happened in this process."""

    statistics: Statistics
    backlog: Backlog
    devices: int
    free_bytes: int


async def gather(rooms: Rooms, session: AsyncSession) -> Figures:
    """The figures as they are now."""
    usage = await asyncio.to_thread(shutil.disk_usage, rooms.config.data_dir)
    return Figures(
        await statistics.gather(session),
        await backlog.gather(session),
        len(rooms.painters),
        usage.free,
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    words: str
    of: Callable[[Figures], float | None]


READINGS = {
    "easel_people": _Reading("People who wrote to the bot.", lambda f: f.statistics.people),
    "easel_devices": _Reading("Devices that paint.", lambda f: f.devices),
    "easel_queue_jobs": _Reading("Pictures that wait.", lambda f: f.backlog.jobs.number),
    "easel_queue_age_seconds": _Reading(
        "Age of the picture that waits longest.", lambda f: f.backlog.jobs.oldest_seconds
    ),
    "easel_running_jobs": _Reading("Pictures being painted.", lambda f: f.backlog.running),
    "easel_inbox_updates": _Reading("Updates to deal with.", lambda f: f.backlog.inbox.number),
    "easel_inbox_age_seconds": _Reading(
        "Age of the oldest update to deal with.", lambda f: f.backlog.inbox.oldest_seconds
    ),
    "easel_outbox_calls": _Reading("Calls owed to Telegram.", lambda f: f.backlog.outbox.number),
    "easel_outbox_age_seconds": _Reading(
        "Age of the oldest call owed to Telegram.", lambda f: f.backlog.outbox.oldest_seconds
    ),
    "easel_wait_median_seconds": _Reading(
        "Median wait of the latest pictures.", lambda f: f.statistics.wait_seconds
    ),
    "easel_run_median_seconds": _Reading(
        "Median time of painting of the latest pictures.", lambda f: f.statistics.run_seconds
    ),
    "easel_blob_bytes": _Reading("Bytes of pictures kept.", lambda f: f.backlog.blob_bytes),
    "easel_free_bytes": _Reading("Bytes free beside the data folder.", lambda f: f.free_bytes),
}


class Gauges:
    """The figures as gauges beside a process's counters."""

    def __init__(self, metrics: Metrics) -> None:
        registry = metrics.registry
        self._gauges = {
            name: Gauge(name, reading.words, registry=registry)
            for name, reading in READINGS.items()
        }
        self._up = Gauge("easel_database_up", "Whether it could be asked.", registry=registry)

    def show(self, figures: Figures | None) -> None:
        """Take over these figures; None when the database could not be asked."""
        self._up.set(figures is not None)
        for name, reading in READINGS.items():
            value = None if figures is None else reading.of(figures)
            self._gauges[name].set(float("nan") if value is None else value)
