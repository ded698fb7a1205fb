"""What Prometheus may know of the service."""

from __future__ import annotations

import time
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from engine.errors import EngineError
from engine.runner import Preview, Progress, StateSaved
from engine.service.attempt import Attempt

SIZES = (256, 384, 512, 768, 1024, 1536, 2048)  # px: the stops of the setting
RUN_SECONDS = (1, 3, 10, 30, 60, 120, 300, 600, 1800, 3600)
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """Counters of one service, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._attempts = Counter(
            "easel_engine_attempts",
            "Attempts that ended, by status and error.",
            ("status", "error"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "easel_engine_attempt_seconds",
            "Seconds from acceptance to the end of attempts that succeeded, by longest edge.",
            ("size",),
            buckets=RUN_SECONDS,
            registry=self.registry,
        )
        self._steps = Counter("easel_engine_steps", "Steps painted.", registry=self.registry)
        self._previews = Counter("easel_engine_previews", "Previews made.", registry=self.registry)
        self._refusals = Counter(
            "easel_engine_refusals",
            "Requests that were refused, by status.",
            ("status",),
            registry=self.registry,
        )

    def watch(self, name: str, help_text: str, value: Callable[[], float]) -> None:
        """Show a value as it is whenever somebody looks."""
        gauge = Gauge(f"easel_engine_{name}", help_text, registry=self.registry)
        gauge.set_function(value)

    def noted(self, event: Progress | Preview | StateSaved) -> None:
        """Count an event of a run."""
        if isinstance(event, Progress):
            self._steps.inc()
        elif isinstance(event, Preview):
            self._previews.inc()

    def refused(self, status: int) -> None:
        """Count a request that was refused."""
        self._refusals.labels(str(status)).inc()

    def ended(self, attempt: Attempt) -> None:
        """Count an attempt that is over."""
        error = "" if attempt.error is None else _kind(attempt.error)
        self._attempts.labels(attempt.status, error).inc()
        if attempt.result is not None:
            size = _rounded(attempt.job.settings.image_size)
            self._seconds.labels(size).observe(time.time() - attempt.began)

    @property
    def middleware(self) -> Middleware:
        """Counts refusals, whoever refuses."""

        @web.middleware
        async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                return await handler(request)
            except web.HTTPException as error:
                self.refused(error.status)
                raise

        return count

    def exposition(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)


def _kind(error: EngineError) -> str:
    return type(error).__name__


def _rounded(edge: int) -> str:
    """The stop that a size comes under: few labels, whatever sizes there are."""
    return str(next((size for size in SIZES if edge <= size), SIZES[-1]))
