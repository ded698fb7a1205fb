"""A real database file for each test, and the rows that most tests begin with."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from engine.settings import Settings
from storage import jobs, users
from storage.database import Database
from storage.inserts import insert_new
from storage.models import Blob, Job, Picture
from storage.preferences import Preferences

SHA256 = "f" * 64
AddJob = Callable[..., Awaitable[Job]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the test's database is."""
    return f"sqlite:///{tmp_path}/easel.db"


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file without rows, made once: tests begin with a copy."""
    file = tmp_path_factory.mktemp("empty") / "easel.db"

    async def make() -> None:
        database = Database(f"sqlite:///{file}")
        await database.open()
        await database.close()

    asyncio.run(make())
    return file


@pytest.fixture
async def db(url: str, empty_file: Path) -> AsyncIterator[Database]:
    """An open database without rows."""
    shutil.copy(empty_file, url.removeprefix("sqlite:///"))
    database = Database(url)
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
