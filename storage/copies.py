"""A backup as a folder: what is in it, and the copying that knows each file by its checksum.

A folder is a backup only when it holds a manifest, which is written last; until then it is marked.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from storage import sqlite
from storage.blobs import FULL_ERRORS
from storage.errors import NoBackup, StorageDamaged, StorageFull, StorageUnavailable

MANIFEST = "manifest.json"
MARK = "INCOMPLETE"  # the file that says so
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: the database by its checksum, so many blobs, and those it lacks.

    `missing` are digests of pictures that were gone or damaged already when it was made.
    """

    created_at: str
    database_sha256: str
    blobs: int
    blob_bytes: int
    missing: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Turn the folder into a backup."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=2))
        os.sync()
        (folder / MARK).unlink()

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a finished backup; raises NoBackup."""
        if (folder / MARK).exists():
            raise NoBackup(f"The backup in {folder} was never finished; take another one.")
        try:
            found = cls(**json.loads((folder / MANIFEST).read_text()))
        except FileNotFoundError:
            raise NoBackup(f"There is no backup in {folder}.") from None
        except (OSError, ValueError, TypeError) as error:
            raise NoBackup(f"The manifest in {folder} cannot be read: {error}.") from error
        return found


def mark(folder: Path) -> None:
    """Begin a backup in a folder that is new or empty; raises NoBackup."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise NoBackup(f"{folder} is not empty; name a new folder for each backup.")
    (folder / MARK).write_text("This backup is being written, or was broken off.\n")


def copy(source: Path, target: Path) -> tuple[str, int]:
    """Copy a file; the SHA-256 and the size of what was written."""
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as reading, target.open("xb") as writing:
        while chunk := reading.read(CHUNK_BYTES):
            writing.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def digests(connection: sqlite3.Connection) -> set[str]:
    """The blobs that a database knows; raises StorageDamaged when it is another program's."""
    try:
        return {digest for (digest,) in connection.execute("SELECT sha256 FROM blob")}
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        raise StorageDamaged("That database is not Easel's: it has no table of pictures.") from None


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn what the disk or the database did to us into our errors."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL_ERRORS:
            raise StorageFull(f"The disk is full: {what} cannot be written.") from error
        where = f" ({error.filename})" if error.filename else ""
        raise StorageUnavailable(
            f"{what.capitalize()} cannot be written: {error.strerror}{where}."
        ) from error
    except sqlite3.Error as error:
        ours = sqlite.explain(error)
        if ours is None:
            raise
        raise ours from error
