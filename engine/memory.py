"""How much memory a run may take on this machine, and how the process gives it back.

Where the memory of a CPU runs out there is no exception: the kernel kills. So it is asked before.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

import torch

GIGABYTE = 1e9
MEMINFO = Path("/proc/meminfo")
CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUPS = Path("/proc/self/cgroup")
LIMITS = (  # of cgroups version 2 and 1: limit, use, statistics, name of what can be dropped
    ("memory.max", "memory.current", "memory.stat", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat", "total_inactive_file"),
)
M_MMAP_THRESHOLD = -3  # malloc.h
LARGE_BYTES = 4 << 20


def free_bytes(device: torch.device) -> float:
    """What a device has left; the machine's also within the control groups around this process.

    Infinite where the system does not say.
    """
    if device.type == "cuda":
        return float(torch.cuda.mem_get_info(device)[0])
    return min([_free_of_machine(), *(_free_of_group(folder) for folder in _own_groups())])


def held_bytes(device: torch.device) -> float:
    """What this process occupies of a device's memory now; 0 where the system does not say."""
    if device.type == "cuda":
        return float(torch.cuda.memory_allocated(device))
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return float(pages * os.sysconf("SC_PAGE_SIZE"))


def return_large_blocks() -> None:
    """Have glibc give every large block back when it is freed.

    By itself it keeps blocks below 32 MB for later, which for pictures of 1500 px is half a
    gigabyte in pieces that fit nothing.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # not in every libc
        if mallopt is not None:
            mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def _free_of_machine() -> float:
    try:
        lines = MEMINFO.read_text().splitlines()
    except OSError:
        return float("inf")
    kilobytes = {name: rest.split()[0] for name, _, rest in (line.partition(":") for line in lines)}
    return 1024 * float(kilobytes.get("MemAvailable", "inf"))


def _free_of_group(folder: Path) -> float:
    for limit, use, statistics, droppable in LIMITS:
        try:
            allowed, used = float((folder / limit).read_text()), float((folder / use).read_text())
            facts = dict(line.split() for line in (folder / statistics).read_text().splitlines())
        except (OSError, ValueError):  # another version, the root, or "max"
            continue
        return allowed - used + float(facts.get(droppable, 0))
    return float("inf")


def _own_groups() -> list[Path]:
    """The folders of this process's control groups and of those around them."""
    try:
        lines = OWN_CGROUPS.read_text().splitlines()
    except OSError:
        return []
    folders = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        root = CGROUPS / "memory" if "memory" in controllers.split(",") else CGROUPS
        own = root / path.lstrip("/")
        folders += [own, *(parent for parent in own.parents if parent.is_relative_to(CGROUPS))]
    return folders
