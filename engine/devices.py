"""Which devices can each run one job, found without torch: the bot's process never loads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

NVIDIA_FOLDER = Path("/proc/driver/nvidia/gpus")  # one folder for each card, by the kernel module
CPU = ("cpu",)


def find_devices(
    override: Sequence[str] = (),
    *,
    environ: Mapping[str, str] = os.environ,
    folder: Path = NVIDIA_FOLDER,
) -> tuple[str, ...]:
    """The devices in torch's names: `override` when given, else every visible GPU, else the CPU.

    CUDA_VISIBLE_DEVICES narrows the GPUs as it does for CUDA: its entries keep their order, and
    'cuda:0' is the first of them; empty or '-1' hides all.
    """
    if override:
        return tuple(override)
    listed = environ.get("CUDA_VISIBLE_DEVICES")
    present = _count_gpus(folder)
    count = present if listed is None else min(present, len(_visible(listed)))
    return tuple(f"cuda:{index}" for index in range(count)) or CPU


def visible_to_worker(device: str, environ: Mapping[str, str] = os.environ) -> str:
    """CUDA_VISIBLE_DEVICES for the one worker of that device; there it is 'cuda:0'.

    'cuda:1' under CUDA_VISIBLE_DEVICES=4,6 is card 6; a CPU worker sees no card at all.
    """
    kind, _, index = device.partition(":")
    if kind != "cuda":
        return ""
    place = int(index or 0)
    visible = _visible(environ.get("CUDA_VISIBLE_DEVICES", ""))
    return visible[place] if place < len(visible) else str(place)


def _visible(listed: str) -> list[str]:
    """The entries CUDA honours: it stops at the first invalid one."""
    names: list[str] = []
    for name in (entry.strip() for entry in listed.split(",")):
        if not name or name == "-1":
            break
        names.append(name)
    return names


def _count_gpus(folder: Path) -> int:
    """The cards of this machine; containers without the folder may still have nvidia-smi."""
    if folder.is_dir():
        return sum(1 for _ in folder.iterdir())
    command = shutil.which("nvidia-smi")
    if command is None:
        return 0
    try:
        listing = subprocess.run(
            [command, "-L"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(line.startswith("GPU ") for line in listing.stdout.splitlines())


def cpu_threads(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Processors this process may really use: its affinity, within the control group's quota.

    A container limited to 2 processors still sees all 64, and 64 threads on 2 stand in each
    other's way. The file is the kernel's "quota period" in microseconds (cgroup v2, cpu.max).
    """
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        allowed, period = quota.read_text().split()
        return max(1, min(count or 1, round(int(allowed) / int(period))))
    except (OSError, ValueError):  # no control group, or "max"
        return count or 1
