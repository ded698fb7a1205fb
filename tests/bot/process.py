"""`python -m bot` as a process of its own, talking to a playground as if it were Telegram."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from child import Child

TOKEN = "4242:" + "PLAYGROUND" * 4


class BotProcess(Child):
    """A bot with a data folder; ready when it listens."""

    def __init__(
        self, folder: Path, program: Sequence[str] = ("-m", "bot"), **environment: str
    ) -> None:
        ours = {"DATA_DIR": str(folder), "DEVICES": "cpu", "XDG_CACHE_HOME": str(folder)}
        super().__init__(program, "listening as", {**ours, **environment})
