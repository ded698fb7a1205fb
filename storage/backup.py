"""Copies database and blobs into a folder, consistent while the bot runs and writes.

Most blobs are copied first, without holding anybody up. Then, with writers kept out for the moment
that the rest takes, the database is copied by SQLite's backup, and what came meanwhile. So each
picture that the copy knows is there, and none that a person had erased before.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.blobs import Blobs
from storage.columns import utc_now
from storage.copies import Manifest, copy, digests, explained, mark
from storage.errors import StorageUnavailable
from storage.folder import BLOB_FOLDER, DATABASE_FILE
from storage.sqlite import BUSY_SECONDS

FEW_BLOBS = 20  # so many are copied within a fraction of the time that writers wait
MAX_ROUNDS = 10


def back_up(file: Path, blob_folder: Path, target: Path) -> Manifest:
    """Back an SQLite file and its blobs up into a folder that is new or empty.

    Raises NoBackup, StorageFull or StorageError's other kin; the folder then stays marked.
    """
    if not file.is_file():
        raise StorageUnavailable(f"There is no database {file}.")
    with explained("the backup"):
        mark(target)
        copies = _Copies(Blobs(blob_folder), Blobs(target / BLOB_FOLDER))
        with closing(_connect(file)) as connection:
            for _ in range(MAX_ROUNDS):
                if copies.add(digests(connection)) <= FEW_BLOBS:
                    break
            connection.execute("BEGIN IMMEDIATE")  # no row and no file goes from here on
            database_sha256 = _finish(file, target / DATABASE_FILE, copies)
            connection.execute("ROLLBACK")
        manifest = Manifest(
            created_at=utc_now().isoformat(timespec="seconds"),
            database_sha256=database_sha256,
            blobs=len(copies.sizes),
            blob_bytes=sum(copies.sizes.values()),
            missing=tuple(sorted(copies.missing)),
        )
        manifest.write(target)
    return manifest


class _Copies:
    """The blobs that are in the backup so far, by digest with their sizes, and those not to be had.

    What was gone in one round may have been erased since, or be back by the next.
    """

    def __init__(self, source: Blobs, target: Blobs) -> None:
        self._source = source
        self._target = target
        self.sizes: dict[str, int] = {}
        self.missing: set[str] = set()

    def add(self, wanted: set[str]) -> int:
        """Copy what is not there yet; the number of those tried for the first time."""
        new = wanted - self.sizes.keys() - self.missing
        for digest in wanted - self.sizes.keys():
            self._add(digest)
        return len(new)

    def keep_only(self, wanted: set[str]) -> None:
        """Drop what the database does not know any more."""
        for digest in self.sizes.keys() - wanted:
            self._target.path(digest).unlink()
            del self.sizes[digest]
        self.missing &= wanted

    def _add(self, digest: str) -> None:
        target = self._target.path(digest)
        try:
            found, size = copy(self._source.path(digest), target)
        except FileNotFoundError:
            found, size = "", 0
        if found == digest:
            self.sizes[digest] = size
            self.missing.discard(digest)
        else:
            target.unlink(missing_ok=True)
            self.missing.add(digest)


def _finish(file: Path, target: Path, copies: _Copies) -> str:
    """Copy the database, and the blobs it knows that are not copied yet; the copy's SHA-256."""
    part = target.with_suffix(".part")
    with closing(_connect(file)) as source, closing(_connect(part)) as copied:
        source.backup(copied)
        # One file that nothing lies beside, and that a read-only disk can hold.
        copied.execute("PRAGMA journal_mode = DELETE")
        known = digests(copied)
        copies.add(known)
        copies.keep_only(known)
    sha256, _ = copy(part, target)
    part.unlink()
    return sha256


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
