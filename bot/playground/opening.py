"""Opening the file of an earlier run, or setting it aside when it is none of ours."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE_NAME = "world.sqlite3"
APPLICATION_ID = int.from_bytes(b"Easl")
VERSION = 1
BUSY_SECONDS = 2.0
SCHEMA = f"""
BEGIN;
CREATE TABLE messages (
    chat INTEGER, id INTEGER, body TEXT NOT NULL, PRIMARY KEY (chat, id)
) WITHOUT ROWID;
CREATE TABLE versions (chat INTEGER, id INTEGER, body TEXT NOT NULL);
CREATE INDEX versions_of_message ON versions (chat, id);
CREATE TABLE updates (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE settings (name TEXT PRIMARY KEY, body TEXT NOT NULL);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
COMMIT;
"""
# What SQLite says of a file that it cannot read or that has other tables than ours.
_UNREADABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything in the file, bodies as JSON text, in the order of writing."""

    messages: list[tuple[int, int, str]]
    versions: list[tuple[int, int, str]]
    updates: list[tuple[int, str]]
    settings: dict[str, str]


class _Foreign(Exception):
    """The folder or the file was made by something else, or by another version."""


def open_folder(folder: Path) -> tuple[sqlite3.Connection, Rows]:
    """The file in a folder, made when it is missing, and what it holds.

    A folder of another version, of another program or with a damaged file is renamed and a new
    one begun. Raises OSError when the folder is in use or cannot be written.
    """
    try:
        return _open(folder)
    except _Foreign as error:
        reason = str(error)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _UNREADABLE:
            raise OSError(f"{folder} cannot be used: {error}") from error
        reason = str(error)
    _set_aside(folder, reason)
    return _open(folder)


def _open(folder: Path) -> tuple[sqlite3.Connection, Rows]:
    path = folder / FILE_NAME
    if folder.exists() and not path.exists() and any(folder.iterdir()):
        raise _Foreign("it holds other files")
    folder.mkdir(parents=True, exist_ok=True)
    # Opened in one thread and used in another, never in two at once.
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        _prepare(connection)
        return connection, _read(connection)
    except BaseException:
        connection.close()
        raise


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if _number(connection, "SELECT count(*) FROM sqlite_schema") == 0:
        connection.executescript(SCHEMA)
    if _number(connection, "PRAGMA application_id") != APPLICATION_ID:
        raise _Foreign("another program made its file")
    if (version := _number(connection, "PRAGMA user_version")) != VERSION:
        raise _Foreign(f"its file has version {version} and not {VERSION}")
    complaint = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if complaint != "ok":
        raise _Foreign(f"its file is damaged: {complaint}")


def _number(connection: sqlite3.Connection, query: str) -> int:
    number: int = connection.execute(query).fetchone()[0]
    return number


def _read(connection: sqlite3.Connection) -> Rows:
    read = connection.execute
    return Rows(
        read("SELECT chat, id, body FROM messages ORDER BY chat, id").fetchall(),
        read("SELECT chat, id, body FROM versions ORDER BY rowid").fetchall(),
        read("SELECT id, body FROM updates ORDER BY id").fetchall(),
        dict(read("SELECT name, body FROM settings").fetchall()),
    )


def _set_aside(folder: Path, reason: str) -> None:
    aside = folder.with_name(f"{folder.name}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    folder.rename(aside)
    _log.warning("The playground begins anew and keeps %s as %s: %s", folder, aside, reason)
