"""Files named by the SHA-256 of their bytes: the same picture twice is one file.

The file comes first and its row second, so that a row always has its file; a kill in between leaves
a file without a row, which `sweep` finds.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import utc_now
from storage.errors import StorageFull, StorageUnavailable
from storage.inserts import insert_new
from storage.locks import Lock, hold
from storage.models import Blob, Job, JobEvent, Picture, Style

GALLERY = "gallery"  # the kind of blobs that ship with the program
PART_PREFIX = "part-"
FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # EFBIG: over the file-size limit
REFERENCES = (
    Picture.blob,
    Style.blob,
    JobEvent.preview,
    Job.initial_blob,
    Job.result_blob,
    Job.other_blob,
)


class Blobs:
    """A folder of files, and the rows that know them."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when the first file comes."""
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the file with that digest is, or would be."""
        return self.folder / sha256[:2] / sha256

    async def put(self, session: AsyncSession, data: bytes | Path, kind: str) -> str:
        """Keep bytes, or a copy of a file, and return their SHA-256 in hexadecimal.

        Best called before anything else in a writing session: while the file is written the
        database is then still free. Raises StorageFull or StorageUnavailable.
        """
        sha256, size = await asyncio.to_thread(self._store, data)
        await hold(session, Lock.BLOBS, shared=True)
        values = {"sha256": sha256, "size": size, "kind": kind}
        while await insert_new(session, Blob, **values) is None:
            if await _renew(session, sha256):
                break  # else it was removed between the two statements
        # From here on this session keeps a sweep out; one just before may have had the file.
        if not await asyncio.to_thread(self.path(sha256).exists):
            await asyncio.to_thread(self._store, data)
        return sha256

    async def sweep(self, session: AsyncSession, before: datetime) -> int:
        """Remove blobs older than that moment which nothing refers to; returns their number.

        The gallery's stay: the next person may ask for any of them.
        What a kill left behind goes too: unfinished files, and files without a row.
        """
        await hold(session, Lock.BLOBS)
        old = Blob.created_at < before, Blob.kind != GALLERY
        chosen = delete(Blob).where(*old, *_unused()).returning(Blob.sha256)
        gone = list(await session.scalars(chosen))
        known = set(await session.scalars(select(Blob.sha256)))
        await asyncio.to_thread(self._remove_strays, known, before.timestamp())
        return len(gone)

    async def remove_unused(self, session: AsyncSession, digests: Iterable[str]) -> int:
        """Remove those of the blobs at once that nothing refers to; returns their number.

        What they were used for must have gone in an earlier commit: files come back by no rollback.
        """
        gone: list[str] = []
        for digest in sorted(digests):
            mine = Blob.sha256 == digest, Blob.kind != GALLERY
            # Whoever has just put it commits first; then the next statement sees what for.
            await session.execute(select(Blob.sha256).where(*mine).with_for_update())
            chosen = delete(Blob).where(*mine, *_unused()).returning(Blob.sha256)
            gone += await session.scalars(chosen)
        for digest in gone:
            await asyncio.to_thread(self.path(digest).unlink, missing_ok=True)
        return len(gone)

    def _store(self, data: bytes | Path) -> tuple[str, int]:
        sha256 = _digest(data)
        path = self.path(sha256)
        with _explained(self.folder):
            try:
                os.utime(path)  # young again, so that no sweep takes it before its row is there
            except FileNotFoundError:
                _write(path, data)
        return sha256, len(data) if isinstance(data, bytes) else data.stat().st_size

    def _remove_strays(self, known: set[str], before: float) -> None:
        for path in self.folder.glob("*/*"):
            if path.name not in known and path.stat().st_mtime < before:
                path.unlink()


async def _renew(session: AsyncSession, sha256: str) -> bool:
    """Make a row young again and keep others from removing it; False when it is gone."""
    known = update(Blob).where(Blob.sha256 == sha256).values(created_at=utc_now())
    return await session.scalar(known.returning(Blob.sha256)) is not None


def _unused() -> list[ColumnElement[bool]]:
    return [~exists().where(column == Blob.sha256) for column in REFERENCES]


def _digest(data: bytes | Path) -> str:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with data.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _write(path: Path, data: bytes | Path) -> None:
    """Write the whole file or nothing, and return when it would survive a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART_PREFIX)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            if isinstance(data, bytes):
                target.write(data)
            else:
                with data.open("rb") as source:
                    shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    for folder in (path.parent, path.parent.parent):  # both may have a new entry
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL_ERRORS:
            raise StorageFull("The disk is full: a picture cannot be kept.") from error
        reason = error.strerror
        raise StorageUnavailable(f"Pictures cannot be kept in {folder}: {reason}.") from error
