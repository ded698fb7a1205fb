"""What this process has seen since it started, in the form of Prometheus.

Parts of the bot count here as things happen; what can be looked up in the database is looked up
when somebody asks (`bot.figures`).
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from storage.models import Job, Status

SIZES = (256, 512, 1024, 2048)  # px; a picture counts with the next larger one
WAITS = (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600)  # s
RUNS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)  # s
SPEEDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)  # steps a second
DELAYS = (0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120)  # s


class Metrics:
    """The counters of one process, on a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._wait = self._histogram("job_wait_seconds", "Order to first attempt.", WAITS)
        self._run = self._histogram("job_run_seconds", "Painting, by size in px.", RUNS, "size")
        self._speed = self._histogram(
            "job_steps_per_second", "Speed of painting, by size in px.", SPEEDS, "size"
        )
        self._jobs = self._counter("jobs", "Pictures that ended here, by how.", "status")
        self._failures = self._counter("failures", "Attempts that failed, by why.", "kind")
        self._edits = self._histogram(
            "edit_delay_seconds", "How long progress waited for the pace of its chat.", DELAYS
        )
        self._floods = self._counter("floods", "Answers of Telegram that ask for a pause.")
        for status in (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED):
            self._jobs.labels(status.lower())  # a counter that is not there yet has no rate

    def claimed(self, job: Job) -> None:
        """A job begins; only its first attempt tells how long it waited."""
        if job.attempt == 1 and job.started_at is not None:
            self._wait.observe(max(0.0, (job.started_at - job.created_at).total_seconds()))

    def failed(self, kind: str) -> None:
        """An attempt went wrong, or a picture could not be had; the kind is a job error's code."""
        self._failures.labels(kind).inc()

    def ended(self, job: Job) -> None:
        """A job has its end; the time of a later attempt is not that of the whole picture."""
        self._jobs.labels(job.status.lower()).inc()
        if job.status is Status.SUCCEEDED and job.attempt == 1 and job.seconds:
            size = size_class(job.settings.image_size)
            self._run.labels(size).observe(job.seconds)
            self._speed.labels(size).observe(job.steps_done / job.seconds)

    def edited(self, delay_seconds: float) -> None:
        """Progress leaves for its chat, so long after it was made."""
        self._edits.observe(delay_seconds)

    def flooded(self) -> None:
        """Telegram asked for a pause."""
        self._floods.inc()

    def total(self, name: str, **labels: str) -> float:
        """The value of a counter, 0 before the first; `name` without `easel_`."""
        return self.registry.get_sample_value(f"easel_{name}", labels) or 0.0

    def totals(self, name: str, label: str) -> dict[str, float]:
        """The values of a counter by that label of theirs, largest first."""
        found = {
            sample.labels[label]: sample.value
            for metric in self.registry.collect()
            for sample in metric.samples
            if sample.name == f"easel_{name}"
        }
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"easel_{name}", words, labels, registry=self.registry)

    def _histogram(
        self, name: str, words: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(f"easel_{name}", words, labels, buckets=buckets, registry=self.registry)


def size_class(pixels: int) -> str:
    """The smallest of SIZES that holds a picture of that longest edge."""
    return str(next((size for size in SIZES if pixels <= size), SIZES[-1]))
