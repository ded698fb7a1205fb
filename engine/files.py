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

    Raises OSError that names the path, and then leaves no temporary file behind.
    """
    try:
        with _temporary(path) as temporary:
            yield temporary
            _sync(temporary)
            temporary.replace(path)
        _sync(path.parent)  # for the rename itself
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    number, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    os.close(number)
    try:
        yield Path(name)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


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
