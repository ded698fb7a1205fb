"""The bytes of files, by their SHA-256: in memory, or in a folder that outlives the process.

Both kinds are written and read in threads.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Protocol


def sha256_of(data: bytes) -> str:
    """The name of these bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


class Depot(Protocol):
    """What the playground asks of either kind."""

    def put(self, sha256: str, data: bytes) -> None:
        """Keep bytes under their name; raises OSError, as when the disk is full."""

    def read(self, sha256: str) -> bytes:
        """Those bytes; raises FileNotFoundError."""

    def remove(self, sha256: str) -> None:
        """Let those bytes go, if they are there."""

    def sweep(self, wanted: Collection[str]) -> None:
        """Let all bytes go but these."""


class MemoryDepot:
    """Keeps bytes for as long as the playground runs."""

    def __init__(self) -> None:
        self._bytes: dict[str, bytes] = {}

    def put(self, sha256: str, data: bytes) -> None:
        """Keep bytes under their name."""
        self._bytes[sha256] = data

    def read(self, sha256: str) -> bytes:
        """Those bytes; raises FileNotFoundError."""
        try:
            return self._bytes[sha256]
        except KeyError:
            raise FileNotFoundError(sha256) from None

    def remove(self, sha256: str) -> None:
        """Let those bytes go."""
        self._bytes.pop(sha256, None)

    def sweep(self, wanted: Collection[str]) -> None:
        """Let all bytes go but these."""
        self._bytes = {sha256: self._bytes[sha256] for sha256 in wanted}


class FolderDepot:
    """One file each; a file that bears its name is whole, whenever the process ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, sha256: str, data: bytes) -> None:
        """Keep bytes under their name; raises OSError."""
        path = self._folder / sha256
        if path.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f"{secrets.token_hex(8)}.part"
        try:
            with unfinished.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # or a power cut leaves the name without the bytes
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)

    def read(self, sha256: str) -> bytes:
        """Those bytes; raises FileNotFoundError."""
        return (self._folder / sha256).read_bytes()

    def remove(self, sha256: str) -> None:
        """Let those bytes go."""
        (self._folder / sha256).unlink(missing_ok=True)

    def sweep(self, wanted: Collection[str]) -> None:
        """Remove what nothing names any more: what an earlier run had not finished."""
        if self._folder.exists():
            for path in self._folder.iterdir():
                if path.name not in wanted:
                    path.unlink()
