"""The worker processes that really exist, as the kernel tells it."""

from __future__ import annotations

import resource
from pathlib import Path


def worker_pids(parent: int) -> list[int]:
    """The living workers of a process."""
    tasks = Path(f"/proc/{parent}/task").iterdir()
    children = [pid for task in tasks for pid in (task / "children").read_text().split()]
    return [
        int(pid)
        for pid in children
        if b"engine.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that nobody has waited for is dead."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def virtual_bytes(pid: int) -> int:
    """The size of a process's address space."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
    return pages * resource.getpagesize()
