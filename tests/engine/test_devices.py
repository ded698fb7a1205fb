"""Cards are counted as CUDA counts them, without torch."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from engine.devices import find_devices, visible_to_worker


@pytest.fixture
def two_cards(tmp_path: Path) -> Path:
    for address in ("0000:01:00.0", "0000:41:00.0"):
        (tmp_path / address).mkdir()
    return tmp_path


def test_without_a_card_there_is_the_cpu(tmp_path: Path) -> None:
    assert find_devices(environ={}, folder=tmp_path) == ("cpu",)


def test_every_card_is_a_device(two_cards: Path) -> None:
    assert find_devices(environ={}, folder=two_cards) == ("cuda:0", "cuda:1")


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("1", ("cuda:0",)),
        ("1,0", ("cuda:0", "cuda:1")),
        ("", ("cpu",)),
        ("-1", ("cpu",)),
        ("0,-1,1", ("cuda:0",)),
        ("GPU-8f2c", ("cuda:0",)),
    ],
)
def test_cuda_visible_devices_narrows(
    two_cards: Path, listed: str, expected: tuple[str, ...]
) -> None:
    environ = {"CUDA_VISIBLE_DEVICES": listed}
    assert find_devices(environ=environ, folder=two_cards) == expected


def test_an_override_is_taken_as_it_is(two_cards: Path) -> None:
    assert find_devices(["cpu"], environ={}, folder=two_cards) == ("cpu",)


def test_nvidia_smi_counts_where_the_folder_is_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "nvidia-smi"
    command.write_text("#!/bin/sh\necho 'GPU 0: NVIDIA H100 (UUID: GPU-1)'\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert find_devices(environ={}, folder=tmp_path / "absent") == ("cuda:0",)


@pytest.mark.parametrize(
    ("device", "listed", "expected"),
    [
        ("cpu", "0,1", ""),
        ("cuda:1", "4,6", "6"),
        ("cuda:1", "", "1"),
        ("cuda", "", "0"),
        ("cuda:0", "GPU-8f2c", "GPU-8f2c"),
    ],
)
def test_a_worker_sees_its_own_card_only(device: str, listed: str, expected: str) -> None:
    environ = {"CUDA_VISIBLE_DEVICES": listed}
    assert visible_to_worker(device, environ) == expected


def test_the_client_side_loads_no_torch() -> None:
    program = (
        "import engine.devices, engine.images, engine.inspection, engine.local, sys\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
