"""All that SQLite needs and other databases do not: connections, transactions, error codes.

Python's sqlite3 begins transactions by itself, too late and not for schema changes; hence
`isolation_level=None` and our own BEGIN. A writer says BEGIN IMMEDIATE, because a transaction that
reads first and writes later cannot wait for its lock: it fails at once.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.errors import (
    StorageBusy,
    StorageDamaged,
    StorageError,
    StorageFull,
    StorageUnavailable,
)

BUSY_SECONDS = 10.0

# A full tmpfs says FULL; a file-size limit fails the write itself, or the WAL index's growth.
FULL_CODES = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
UNAVAILABLE_CODES = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_IOERR,
)
DAMAGED_CODES = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
BUSY_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def connect_arguments() -> dict[str, Any]:
    """What sqlite3.connect takes so that transactions are ours and locks are waited for."""
    return {"isolation_level": None, "timeout": BUSY_SECONDS}


def listen(engine: AsyncEngine, *, begin: str, **pragmas: str) -> None:
    """Set the pragmas on every new connection, and begin every transaction with `begin`."""

    def set_pragmas(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for name, value in {"synchronous": "FULL", **pragmas}.items():
            cursor.execute(f"PRAGMA {name} = {value}")
        cursor.close()

    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", set_pragmas)
    event.listen(engine.sync_engine, "begin", begin_transaction)


def prepare(file: Path) -> None:
    """Make the file and its folder when there are none; raises StorageError if it is unusable.

    The driver's thread is not asked: one that fails to open its file may outlive the event loop.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror
        raise StorageUnavailable(f"The folder {file.parent} cannot be made: {reason}.") from error
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        ours = explain(error)
        if ours is None:
            raise
        raise ours from error


def check_references(connection: Connection) -> None:
    """Raise StorageDamaged when a row refers to one that is not there."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise StorageDamaged(
            f"{len(broken)} rows refer to rows that do not exist, in the tables {tables}."
        )


def explain(error: BaseException | None) -> StorageError | None:
    """Our error for one of sqlite3's, or None when the program itself is at fault."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code in FULL_CODES:
        return StorageFull("The disk is full: the database cannot be written.")
    primary = code & 0xFF  # extended codes carry the primary one in their low byte
    if primary in BUSY_CODES:
        return StorageBusy(f"The database was locked for more than {BUSY_SECONDS:g} seconds.")
    if primary in DAMAGED_CODES:
        return StorageDamaged("The database file is damaged or is not a database.")
    if primary in UNAVAILABLE_CODES:
        return StorageUnavailable("The database file cannot be opened or written.")
    return None
