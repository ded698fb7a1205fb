"""How a child process of ours is started: the same interpreter, the same code, never a fork."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# How the threads of torch's OpenMP wait for each other; `engine.process` says why.
WAIT_POLICY = ("OMP_WAIT_POLICY", "PASSIVE")
_ROOT = Path(__file__).resolve().parents[1]


def module_command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module of this package in a fresh interpreter."""
    return [sys.executable, "-m", module, *arguments]


def child_environ(**changes: str) -> dict[str, str]:
    """Our environment, with this package importable from any working folder, and changes."""
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **changes}
