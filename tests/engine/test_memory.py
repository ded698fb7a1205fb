"""What memory is free, read from files as the kernel writes them."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from engine import memory
from engine.children import child_environ
from engine.memory import free_bytes, held_bytes

CPU = torch.device("cpu")
GIB = 1 << 30


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with 8 GiB free and no control groups."""
    (tmp_path / "meminfo").write_text(f"MemTotal: 1 kB\nMemAvailable:  {8 * GIB // 1024} kB\n")
    (tmp_path / "own").write_text("0::/\n")
    (tmp_path / "groups").mkdir()
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "OWN_CGROUPS", tmp_path / "own")
    monkeypatch.setattr(memory, "CGROUPS", tmp_path / "groups")
    return tmp_path


def group(folder: Path, limit: str, used: int, inactive: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 1\ninactive_file {inactive}\n")


@pytest.mark.usefixtures("system")
def test_without_groups_the_machine_decides() -> None:
    assert free_bytes(CPU) == 8 * GIB


def test_a_group_leaves_its_limit_less_what_cannot_be_dropped(system: Path) -> None:
    group(system / "groups", str(3 * GIB), 2 * GIB, GIB // 2)
    assert free_bytes(CPU) == 1.5 * GIB


def test_the_tightest_of_nested_groups_decides(system: Path) -> None:
    (system / "own").write_text("0::/service/worker\n")
    group(system / "groups" / "service" / "worker", "max", 2 * GIB, 0)
    group(system / "groups" / "service", str(5 * GIB), 4 * GIB, 0)
    assert free_bytes(CPU) == GIB


def test_groups_of_the_first_version_count_too(system: Path) -> None:
    (system / "own").write_text("5:cpu,cpuacct:/x\n4:memory:/box\n")
    folder = system / "groups" / "memory" / "box"
    folder.mkdir(parents=True)
    (folder / "memory.limit_in_bytes").write_text(str(2 * GIB))
    (folder / "memory.usage_in_bytes").write_text(str(GIB))
    (folder / "memory.stat").write_text(f"total_inactive_file {GIB // 4}\n")
    assert free_bytes(CPU) == 1.25 * GIB


def test_a_system_that_tells_nothing_has_no_bound(system: Path) -> None:
    for name in ("meminfo", "own"):
        (system / name).unlink()
    assert free_bytes(CPU) == float("inf")


def test_the_real_machine_has_some_memory() -> None:
    assert 1e8 < free_bytes(CPU) < 1e14
    assert 1e7 < held_bytes(CPU) < 1e11


FREEING = """
import torch
from engine.memory import held_bytes, return_large_blocks
return_large_blocks()
blocks = [torch.ones(5 << 20, dtype=torch.uint8) for _ in range(40)]
full = held_bytes(torch.device("cpu"))
del blocks[::2]
print(full - held_bytes(torch.device("cpu")))
"""


def test_freed_blocks_of_some_megabytes_leave_the_process() -> None:
    found = subprocess.run(
        [sys.executable, "-c", FREEING], env=child_environ(),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert float(found.stdout) > 15 * (5 << 20)
