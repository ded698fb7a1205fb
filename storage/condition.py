"""How a database is doing, found without changing anything in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection

from storage import schema
from storage.database import Database
from storage.errors import StorageDamaged


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether there is a database yet, and the migrations that opening it would run."""

    exists: bool
    missing: tuple[str, ...] = ()


async def examine(database: Database) -> Condition:
    """Look at a database that need not be open; a file that is not there is not made.

    Raises StorageUnavailable, StorageDamaged, StorageBusy or SchemaTooNew.
    """
    if not await asyncio.to_thread(_exists, database.url):
        return Condition(exists=False)
    async with database.read() as session:
        connection = await session.connection()
        return Condition(exists=True, missing=await connection.run_sync(_look))


def _exists(url: URL) -> bool:
    if url.get_backend_name() != "sqlite":
        return True
    file = Path(str(url.database))
    return file.exists() and file.stat().st_size > 0


def _look(connection: Connection) -> tuple[str, ...]:
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise StorageDamaged(f"The database file is damaged: {str(found).splitlines()[-1]}.")
    return schema.missing(connection)
