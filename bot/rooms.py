"""What the parts of the bot share: database, pictures, gallery, and wake-up calls."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import Config
from bot.gallery import PER_SHEET, Painting
from bot.metrics import Metrics
from engine.runner import Runner
from engine.settings import Settings, chat_defaults
from storage.blobs import Blobs
from storage.database import Database
from storage.preferences import Preferences


class Wakeup:
    """Tells a loop that there is something to do, or that time is up."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """There is something to do."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Return when rung, or after so many seconds."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()


@dataclass(slots=True)
class Rooms:
    """Handed by the composition root to every part; nothing here is global."""

    config: Config
    database: Database
    blobs: Blobs
    gallery: tuple[Painting, ...]
    devices: tuple[str, ...] = ("cpu",)
    runner: Runner | None = None  # who paints, once the bot serves
    gallery_blobs: dict[str, str] = field(default_factory=dict)
    sheet_blobs: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by language
    welcome_blob: str = ""
    metrics: Metrics = field(default_factory=Metrics)
    fetch: Wakeup = field(default_factory=Wakeup)
    dispatch: Wakeup = field(default_factory=Wakeup)
    send: Wakeup = field(default_factory=Wakeup)

    @property
    def default_settings(self) -> Settings:
        """What a new user paints with."""
        return chat_defaults((self.painters or self.devices)[0])

    @property
    def painters(self) -> tuple[str, ...]:
        """The devices that can paint now."""
        return self.devices if self.runner is None else self.runner.devices

    @property
    def default_preferences(self) -> Preferences:
        """How results reach a new user."""
        return Preferences()

    def job_folder(self, job_id: str) -> Path:
        """Where one job's attempts leave their files."""
        return self.config.data_dir / "jobs" / job_id

    def painting(self, slug: str) -> Painting | None:
        """The gallery's picture of that name."""
        return next((painting for painting in self.gallery if painting.slug == slug), None)

    def gallery_page(self, page: int) -> tuple[Painting, ...]:
        """The paintings on a sheet of the gallery; pages count from 0."""
        return self.gallery[page * PER_SHEET : (page + 1) * PER_SHEET]

    def ring_all(self) -> None:
        """Something was decided: let every loop have a look."""
        self.fetch.ring()
        self.dispatch.ring()
        self.send.ring()
