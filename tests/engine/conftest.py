"""The real network, loaded once for all tests of the engine, and a folder to paint in."""

import os
import tempfile
from pathlib import Path

import pytest
import torch
from scenes import scene

from engine.networks import Vgg19, load_network

# Speeds measured by tests are no one's but theirs.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="easel-cache-")


@pytest.fixture(scope="session")
def network() -> Vgg19:
    """VGG-19 as jobs use it."""
    return load_network()


@pytest.fixture(scope="session")
def exact_network() -> Vgg19:
    """The same in float64, where rounding hides nothing."""
    return load_network(dtype=torch.float64)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a photo and two styles."""
    for name, seed in (("photo.png", 1), ("a.png", 2), ("b.png", 3)):
        scene((32, 24), seed).save(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path
