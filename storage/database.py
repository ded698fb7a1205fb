"""The database as the rest of the program sees it: open it, read it, write it.

Two engines share one URL, and readers cannot write. On SQLite a process has a single writing
connection, on which its tasks take turns before they compete with other processes; on PostgreSQL
writers meet at the rows they lock. Long work never belongs inside `write()`: on SQLite nobody else
can write meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, exc, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from storage import postgresql, schema, sqlite
from storage.errors import StorageBusy, StorageError
from storage.locks import Lock, locking
from storage.sessions import SteadySession

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
DRIVERS["postgres"] = DRIVERS["postgresql"]  # as some hosts write it
KINDS = "The database's address begins with sqlite:/// and a file, or with postgresql://."


class Database:
    """One database, for one event loop; several processes may each have their own on one file."""

    def __init__(self, url: str, *, scripts: str | Path = schema.SCRIPTS) -> None:
        """Connect to nothing yet; `url` may leave the driver out, as in `sqlite:///data/easel.db`.

        Raises StorageError for an address that names no database, or one of another kind.
        """
        self.url = _with_driver(url)
        self._scripts = scripts
        self._reader = self._reading_engine()
        self._writer = self._writing_engine()

    async def open(self) -> None:
        """Make the file when there is none, and bring its schema up to date.

        Raises StorageUnavailable, StorageDamaged, StorageFull, StorageBusy or SchemaTooNew; then
        the database is as it was before.
        """
        if self._is_sqlite:
            await asyncio.to_thread(sqlite.prepare, Path(str(self.url.database)))
        engine = self._migrating_engine()
        try:
            with _explained():
                async with engine.begin() as connection:
                    await connection.run_sync(self._migrate)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one moment of the database and refuses to write."""
        with _explained():
            session = SteadySession(self._reader, expire_on_commit=False)
            try:
                yield session
            finally:
                await session.close()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end, or rolls back when an error leaves the block.

        Never open one inside another: the inner one would wait for the outer one's end. Raises
        StorageBusy, StorageFull, StorageUnavailable or StorageDamaged.
        """
        with _explained():
            session = SteadySession(self._writer, expire_on_commit=False)
            try:
                yield session
                await session.commit()
            finally:
                await session.close()  # which rolls back what was not committed

    def notifications(self) -> AsyncGenerator[str, None] | None:
        """Wake-up calls of every process, by their channel; None where there are none.

        Raises StorageError while it is read.
        """
        return None if self._is_sqlite else postgresql.notifications(self.url)

    async def close(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()

    def _reading_engine(self) -> AsyncEngine:
        if not self._is_sqlite:
            return self._server_engine(
                isolation_level="REPEATABLE READ", execution_options={"postgresql_readonly": True}
            )
        engine = create_async_engine(self.url, connect_args=sqlite.connect_arguments())
        sqlite.listen(engine, begin="BEGIN", foreign_keys="ON", query_only="ON")
        return engine

    def _writing_engine(self) -> AsyncEngine:
        if not self._is_sqlite:
            return self._server_engine()
        engine = create_async_engine(
            self.url,
            connect_args=sqlite.connect_arguments(),
            pool_size=1,
            max_overflow=0,
            pool_timeout=sqlite.BUSY_SECONDS,
        )
        sqlite.listen(engine, begin="BEGIN IMMEDIATE", foreign_keys="ON")
        return engine

    def _migrating_engine(self) -> AsyncEngine:
        if not self._is_sqlite:
            arguments = postgresql.connect_arguments()
            return create_async_engine(self.url, connect_args=arguments, poolclass=NullPool)
        engine = create_async_engine(
            self.url, connect_args=sqlite.connect_arguments(), poolclass=NullPool
        )
        # Foreign keys are off: changing a table by copying it would empty the tables that cascade.
        # The journal mode stays in the file, so that nobody else needs to set it.
        sqlite.listen(engine, begin="BEGIN IMMEDIATE", foreign_keys="OFF", journal_mode="WAL")
        return engine

    def _server_engine(self, **more: Any) -> AsyncEngine:
        """Ask a connection that has rested whether it still holds: servers are restarted."""
        arguments = postgresql.connect_arguments()
        engine = create_async_engine(self.url, connect_args=arguments, pool_pre_ping=True, **more)
        postgresql.listen(engine)
        return engine

    @property
    def _is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def _migrate(self, connection: Connection) -> None:
        if not self._is_sqlite:  # SQLite's BEGIN IMMEDIATE has let one process in already
            connection.execute(locking(Lock.SCHEMA))
        schema.upgrade(connection, scripts=self._scripts)
        if self._is_sqlite:
            sqlite.check_references(connection)


def _with_driver(text: str) -> URL:
    try:
        url = make_url(text)
    except exc.ArgumentError as error:
        raise StorageError(KINDS) from error
    if url.drivername not in DRIVERS and url.drivername not in DRIVERS.values():
        raise StorageError(KINDS)
    url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and url.database in (None, "", ":memory:"):
        raise StorageError("The database needs a file: in memory each connection has its own.")
    if not is_sqlite and find_spec("psycopg") is None:
        raise StorageError("PostgreSQL needs its driver: pip install 'easel[postgres]'.")
    return url


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what the machine did to us into our errors; faults of the program pass unchanged."""
    try:
        yield
    except exc.TimeoutError as error:
        raise StorageBusy("The database was busy with our own work for too long.") from error
    except exc.DBAPIError as error:
        ours = sqlite.explain(error.orig) or postgresql.explain(error.orig)
        if ours is None:
            raise
        raise ours from error
