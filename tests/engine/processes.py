"""The worker processes that really exist, as the kernel tells it."""

from __future__ import annotations

import resource
from pathlib import Path


def worker_pids(parent: int) -> list[int]:
    """The living workers of a process."""
    return _children(parent, b"engine.worker")


def service_pids(parent: int) -> list[int]:
    """The living engine services of a process."""
    return _children(parent, b"engine.service")


def _children(parent: int, module: bytes) -> list[int]:
    tasks = Path(f"/proc/{parent}/task").iterdir()
    children = [pid for task in tasks for pid in (task / "children").read_text().split()]
    commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return [pid for pid, command in commands.items() if module in command]


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
