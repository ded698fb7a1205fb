"""The database as the rest of the program sees it: open it, read it, write it.

Two engines share one URL: readers cannot write, and a process has a single writing connection, on
which its tasks take turns before they compete with other processes. Long work never belongs inside
`write()`: nobody else can write meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, exc, func, make_url, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from storage import schema, sqlite
from storage.errors import StorageBusy, StorageError
from storage.sessions import SteadySession

MIGRATION_LOCK = 0xEA5E1  # any number that no other program on the server locks
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


class Database:
    """One database, for one event loop; several processes may each have their own on one file."""

    def __init__(self, url: str, *, scripts: str | Path = schema.SCRIPTS) -> None:
        """Connect to nothing yet; `url` may leave the driver out, as in `sqlite:///data/easel.db`.

        Raises StorageError for an address that names no file.
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

    async def close(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()

    def _reading_engine(self) -> AsyncEngine:
        if not self._is_sqlite:
            return create_async_engine(self.url, execution_options={"postgresql_readonly": True})
        engine = create_async_engine(self.url, connect_args=sqlite.connect_arguments())
        sqlite.listen(engine, begin="BEGIN", foreign_keys="ON", query_only="ON")
        return engine

    def _writing_engine(self) -> AsyncEngine:
        if not self._is_sqlite:
            return create_async_engine(self.url)
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
            return create_async_engine(self.url, poolclass=NullPool)
        engine = create_async_engine(
            self.url, connect_args=sqlite.connect_arguments(), poolclass=NullPool
        )
        # Foreign keys are off: changing a table by copying it would empty the tables that cascade.
        # The journal mode stays in the file, so that nobody else needs to set it.
        sqlite.listen(engine, begin="BEGIN IMMEDIATE", foreign_keys="OFF", journal_mode="WAL")
        return engine

    @property
    def _is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def _migrate(self, connection: Connection) -> None:
        if not self._is_sqlite:  # SQLite's BEGIN IMMEDIATE has let one process in already
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        schema.upgrade(connection, scripts=self._scripts)
        if self._is_sqlite:
            sqlite.check_references(connection)


def _with_driver(text: str) -> URL:
    url = make_url(text)
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise StorageError("The database needs a file: in memory each connection has its own.")
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what the machine did to us into our errors; faults of the program pass unchanged."""
    try:
        yield
    except exc.TimeoutError as error:
        raise StorageBusy("The database was busy with our own work for too long.") from error
    except exc.DBAPIError as error:
        ours = sqlite.explain(error.orig)
        if ours is None:
            raise
        raise ours from error
