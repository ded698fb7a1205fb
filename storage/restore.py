"""Puts a backup back into an empty data folder: all of it, checked, or nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.blobs import Blobs
from storage.condition import examine
from storage.copies import Manifest, copy, digests, explained
from storage.database import Database
from storage.errors import NoBackup, StorageDamaged
from storage.folder import BLOB_FOLDER, DATABASE_FILE

BESIDE = ("", "-wal", "-shm", "-journal")  # files of one SQLite database
PART_SUFFIX = ".restoring"


async def restore(source: Path, file: Path, blob_folder: Path) -> Manifest:
    """Restore the backup in `source` as that SQLite file and blob folder.

    Raises NoBackup where there is none, or where something would be written over; StorageDamaged
    for a file that is not what was backed up; SchemaTooNew; StorageFull.
    """
    with explained("what is restored"):
        manifest = await asyncio.to_thread(Manifest.read, source)
        await asyncio.to_thread(_refuse_overwriting, file, blob_folder)
        database = Database(f"sqlite:///{source / DATABASE_FILE}")
        try:
            await examine(database)
        finally:
            await database.close()
        await asyncio.to_thread(_put, source, manifest, file, blob_folder)
    return manifest


def _refuse_overwriting(file: Path, blob_folder: Path) -> None:
    there = [path for path in (Path(f"{file}{end}") for end in BESIDE) if path.exists()]
    if blob_folder.is_dir() and any(blob_folder.iterdir()):
        there.append(blob_folder)
    if there:
        names = " and ".join(str(path) for path in there)
        raise NoBackup(f"There is {names} already: end the bot and put that aside first.")


def _put(source: Path, manifest: Manifest, file: Path, blob_folder: Path) -> None:
    """Copy all of it to one side, then move it into its place: the database last."""
    blobs_part = blob_folder.with_name(blob_folder.name + PART_SUFFIX)
    file_part = file.with_name(file.name + PART_SUFFIX)
    shutil.rmtree(blobs_part, ignore_errors=True)
    file_part.unlink(missing_ok=True)
    try:
        if copy(source / DATABASE_FILE, file_part)[0] != manifest.database_sha256:
            raise StorageDamaged("The database of the backup is not what was backed up.")
        _put_blobs(Blobs(source / BLOB_FOLDER), Blobs(blobs_part), _expected(file_part, manifest))
        os.sync()
        if blob_folder.is_dir():
            blob_folder.rmdir()
        blobs_part.rename(blob_folder)
        file_part.rename(file)
    finally:
        shutil.rmtree(blobs_part, ignore_errors=True)
        file_part.unlink(missing_ok=True)


def _expected(file: Path, manifest: Manifest) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return digests(connection) - set(manifest.missing)


def _put_blobs(source: Blobs, target: Blobs, expected: set[str]) -> None:
    target.folder.mkdir(parents=True)
    for digest in expected:
        path = source.path(digest)
        if not path.is_file() or copy(path, target.path(digest))[0] != digest:
            raise StorageDamaged(f"The picture {path} of the backup is gone or damaged.")
