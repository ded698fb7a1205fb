"""A Runner in this process, without torch: its paintings are blends of content and style.

It keeps `engine.runner.Runner` (the contract suite runs against it), so that whatever uses a
runner can be tested with real events, real JPEGs and real files, fast.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from PIL import Image

from engine import images
from engine.color import AS_PAINTED, recolored
from engine.errors import Cancelled, EngineError, WorkerLost
from engine.forecast import DeviceSpeed
from engine.pace import preview_steps
from engine.runner import Event, Job, Losses, Preview, Progress, Result, StateSaved

SAVE_EVERY = 5  # steps


class FakeRunner:
    """Paints each job in `seconds`; `failures` are raised by the next runs, one each, midway."""

    def __init__(
        self,
        *,
        seconds: float = 0.2,
        devices: Sequence[str] = ("cpu",),
        failures: Sequence[EngineError] = (),
    ) -> None:
        self.seconds = seconds
        self.speed: DeviceSpeed | None = None
        self.failures = list(failures)
        self.started: list[str] = []
        self._devices = tuple(devices)
        self._painting: list[str] = []
        self._stops: dict[str, bool] = {}
        self._running: set[str] = set()
        self._woken = asyncio.Event()
        self._closed = False

    @property
    def devices(self) -> tuple[str, ...]:
        """The pretended devices."""
        return self._devices

    @property
    def occupants(self) -> dict[str, str]:
        """The job that each busy device paints."""
        return dict(zip(self._devices, self._painting, strict=False))

    async def start(self) -> None:
        """It is always ready."""

    async def run(self, job: Job, *, resume: Path | None = None) -> AsyncGenerator[Event, None]:
        """Blend the content towards the style, step by step."""
        self._running.add(job.id)
        self._stops.pop(job.id, None)
        try:
            await self._wait_for_device(job.id)
            self._painting.append(job.id)
            try:
                self.started.append(job.id)
                async for event in self._paint(job, resume):
                    yield event
            finally:
                self._painting.remove(job.id)
        finally:
            self._running.discard(job.id)
            self._wake()

    async def stop(self, job_id: str, *, keep_best: bool) -> None:
        """End a run before its next step."""
        if job_id in self._running:
            self._stops[job_id] = keep_best and self._stops.get(job_id, True)
            self._wake()

    async def close(self) -> None:
        """Let every run raise WorkerLost."""
        self._closed = True
        self._wake()

    def kill(self) -> None:
        """Lose the worker of every run under way, as a kill -9 would."""
        self.failures[:0] = [WorkerLost("The worker was killed by signal 9.")] * len(self._running)
        self._wake()

    def _wake(self) -> None:
        self._woken.set()
        self._woken = asyncio.Event()

    async def _wait_for_device(self, job_id: str) -> None:
        while len(self._painting) >= len(self._devices) and not self._closed:
            if job_id in self._stops:
                raise Cancelled("The run was stopped before it began.")
            await self._woken.wait()

    async def _paint(self, job: Job, resume: Path | None) -> AsyncGenerator[Event, None]:
        content, alpha = images.load_with_alpha(job.content)
        content = images.fit(content, job.settings.image_size)
        style = images.load(job.styles[0].path).resize(content.size)
        if job.initial is not None:
            start = images.load_layers(job.initial)[0].resize(content.size)
        else:
            start = content
        steps = job.settings.iterations
        first = _saved_step(resume) + 1 if resume else 1
        done = first - 1
        for step in range(first, steps + 1):
            await self._wait(self.seconds / steps)
            self._check(job.id, halfway=step > steps // 2)
            if job.id in self._stops:
                break
            done = step
            left = (steps - step) * self.seconds / steps if step > 1 else None
            yield Progress(step, steps, _losses(step), left)
            if step in preview_steps(steps, job.preview_percent):
                jpeg = images.encode_jpeg(Image.blend(start, style, 0.9 * step / steps), 85)
                yield Preview(step, steps, _losses(step), jpeg)
            if step % SAVE_EVERY == 0:
                yield StateSaved(step, _save(job.folder / "state.json", step))
        path = job.folder / "result.png"
        text = images.settings_text(job.settings.replace(seed=job.settings.seed or 0))
        image = Image.blend(start, style, 0.9 * done / steps)
        colors, painted = job.settings.colors, None
        if colors not in AS_PAINTED:
            painted = job.folder / "painted.png"
            images.save_png(images.with_alpha(image, alpha), painted, text=text)
            image = recolored(image, content, colors)
        images.save_png(images.with_alpha(image, alpha), path, text=text)
        stopped = done < steps
        yield Result(path, done, steps, _losses(done), self.seconds, stopped, painted)

    async def _wait(self, seconds: float) -> None:
        """A step's time, cut short by a stop, a kill or the end."""
        woken = self._woken
        try:
            async with asyncio.timeout(seconds):
                await woken.wait()
        except TimeoutError:
            return

    def _check(self, job_id: str, *, halfway: bool) -> None:
        if self._closed:
            raise WorkerLost("The runner was closed.")
        if self._stops.get(job_id) is False:
            raise Cancelled("The run was stopped.")
        if self.failures and (halfway or "signal 9" in str(self.failures[0])):
            raise self.failures.pop(0)


def _losses(step: int) -> Losses:
    return Losses(content=1e5 + 100 * step, style=1e6 / (step + 1), tv=1e3)


def _save(path: Path, step: int) -> Path:
    path.write_text(json.dumps({"step": step}))
    return path


def _saved_step(path: Path) -> int:
    return int(json.loads(path.read_text())["step"])
