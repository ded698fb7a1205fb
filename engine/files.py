"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A temporary path to write to, synced and renamed at the end: a reader finds old or new.

    Raises OSError, and then leaves no temporary file behind.
    """
    number, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    os.close(number)
    temporary = Path(name)
    try:
        yield temporary
        _sync(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)  # for the rename itself


def write_whole(path: Path, data: bytes) -> None:
    """Write bytes as `written_whole` does. Raises OSError."""
    with written_whole(path) as temporary:
        temporary.write_bytes(data)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
