"""A real database for each test, on SQLite and on PostgreSQL, and rows that tests begin with."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from postgres_server import ABSENT, PostgresServer, programs, running_server
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from engine.settings import Settings
from storage import jobs, users
from storage.database import Database
from storage.inserts import insert_new
from storage.models import Blob, Job, Picture
from storage.preferences import Preferences

SHA256 = "f" * 64
AddJob = Callable[..., Awaitable[Job]]


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of the tests' own; without the programs its tests are skipped."""
    if programs() is None:
        pytest.skip(ABSENT)
    # The machine does not lose its power: tests need not wait for the disk.
    with running_server(fsync="off", synchronous_commit="off", full_page_writes="off") as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on; every test of a database runs on both."""
    return str(request.param)


@pytest.fixture
def url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the test's database is: a file that is not there yet, or an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path}/easel.db"
        return
    server: PostgresServer = request.getfixturevalue("server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file without rows, made once: tests begin with a copy."""
    file = tmp_path_factory.mktemp("empty") / "easel.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def empty_database(server: PostgresServer) -> str:
    """The same on the server, as a template."""
    name = server.create("empty")
    migrate(server.url(name))
    return name


def migrate(url: str) -> None:
    """Make the tables."""

    async def make() -> None:
        database = Database(url)
        await database.open()
        await database.close()

    asyncio.run(make())


@pytest.fixture
def migrated(kind: str, url: str, request: pytest.FixtureRequest) -> str:
    """The address of a database with tables and no rows."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("empty_file"), url.removeprefix("sqlite:///"))
    else:
        server: PostgresServer = request.getfixturevalue("server")
        name = str(make_url(url).database)
        server.drop(name)
        server.create(name, request.getfixturevalue("empty_database"))
    return url


@pytest.fixture
async def db(migrated: str) -> AsyncIterator[Database]:
    """An open database without rows."""
    database = Database(migrated)
    await database.open()
    yield database
    await database.close()


async def add_blob(session: AsyncSession) -> str:
    """A picture's row, without the work of writing its file."""
    await insert_new(session, Blob, sha256=SHA256, size=1, kind="picture")
    return SHA256


@pytest.fixture
def add_user() -> Callable[..., Awaitable[Any]]:
    """Add a person with the default settings."""

    async def add(session: AsyncSession, user_id: int = 1, language_code: str = "en") -> Any:
        return await users.get_or_create(
            session,
            user_id,
            language_code=language_code,
            settings=Settings(),
            preferences=Preferences(),
        )

    return add


@pytest.fixture
def add_job(add_user: Callable[..., Awaitable[Any]]) -> AddJob:
    """Add a job whose pictures are there, and its person if need be."""

    async def add(
        session: AsyncSession, user_id: int = 1, *, fetched: bool = True, **more: Any
    ) -> Job:
        await add_user(session, user_id)
        blob = await add_blob(session) if fetched else None
        orders: dict[str, Any] = {
            "chat_id": user_id,
            "reply_to": 10,
            "content": Picture(file_id="content", blob=blob),
            "styles": [Picture(file_id="style", blob=blob)],
            "settings": Settings(),
            "preferences": Preferences(),
        }
        return await jobs.enqueue(session, user_id=user_id, **{**orders, **more})

    return add


@pytest.fixture
async def other(migrated: str) -> AsyncIterator[Database]:
    """The database as another process has it."""
    other = Database(migrated)
    yield other
    await other.close()
