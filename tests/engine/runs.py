"""Small jobs for a runner, and ways to follow a run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeVar

from pictures import encoded, gradient
from PIL import Image

from engine.runner import Event, Job, Runner, Style
from engine.settings import Settings

STEPS = 30
LONG = 3000  # steps: longer than any test

Kind = TypeVar("Kind")


def new_job(folder: Path, name: str, iterations: int = STEPS) -> Job:
    here = folder / name
    here.mkdir()
    (here / "content").write_bytes(encoded(gradient(size=(64, 48)), "PNG"))
    style = Image.linear_gradient("L").resize((64, 64)).convert("RGB").rotate(45)
    (here / "style").write_bytes(encoded(style, "JPEG"))
    styles = (Style(here / "style"),)
    return Job(name, here / "content", styles, new_settings(iterations), here)


def new_settings(iterations: int) -> Settings:
    return Settings(image_size=64, iterations=iterations, start="content", seed=5)


async def events_of(runner: Runner, job: Job, resume: Path | None = None) -> list[Event]:
    return [event async for event in runner.run(job, resume=resume)]


async def first(run: AsyncIterator[Event], kind: type[Kind]) -> Kind:
    async for event in run:
        if isinstance(event, kind):
            return event
    raise AssertionError(f"the run had no {kind.__name__}")


async def drain(run: AsyncIterator[Event]) -> None:
    async for _ in run:
        pass
