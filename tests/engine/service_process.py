"""`python -m engine.service` as a process of its own, with one CPU worker."""

from __future__ import annotations

import re
from pathlib import Path

from child import Child
from serving import TOKEN


class ServiceProcess(Child):
    """An engine service with a folder; ready when its worker is."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        where = ("--folder", str(folder), "--port", str(port), "--devices", "cpu")
        program = ("-m", "engine.service", *where)
        super().__init__(program, "ready, painting", {"ENGINE_TOKEN": TOKEN})

    @property
    def url(self) -> str:
        """Where it serves."""
        found = re.search(r"serving at (\S+)", self.log)
        assert found, self.log
        return found[1]

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.url.rpartition(":")[2])
