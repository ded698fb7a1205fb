"""Opening, reading and writing: transactions that hold, and writers that take turns."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from storage import users
from storage.database import Database
from storage.errors import StorageBusy, StorageUnavailable
from storage.postgresql import BUSY


async def test_the_folder_is_made(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/a/b/easel.db")
    await database.open()
    await database.close()
    assert (tmp_path / "a/b/easel.db").exists()


async def test_opening_again_keeps_the_rows(url, add_user):
    for language_code in ("en", "ru"):
        database = Database(url)
        await database.open()
        async with database.write() as session:
            user = await add_user(session, 1, language_code=language_code)
        await database.close()
    assert user.created_at < datetime.now(UTC)
    database = Database(url)
    async with database.read() as session:
        assert (await users.get(session, 1)).language_code == "ru"
    await database.close()


async def test_an_error_rolls_everything_back(db, add_user):
    async def fail_halfway():
        async with db.write() as session:
            await add_user(session, 1)
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        await fail_halfway()
    async with db.read() as session:
        assert await users.get(session, 1) is None


async def test_a_cancelled_write_leaves_nothing_and_blocks_nobody(db, add_user):
    async def write_and_wait():
        async with db.write() as session:
            await add_user(session, 1)
            await asyncio.sleep(60)

    task = asyncio.create_task(write_and_wait())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with db.write() as session:
        assert await users.get(session, 1) is None


async def test_cancelling_a_writer_that_waits_for_another_process_lets_it_go(url, db, add_user):
    other = Database(url)

    async def write():
        async with other.write() as session:
            await add_user(session, 1)

    async with db.write() as session:
        await add_user(session, 1)
        task = asyncio.create_task(write())
        await asyncio.sleep(0.2)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await write()
    await other.close()
    async with db.read() as session:
        assert await users.get(session, 1) is not None


async def test_a_reading_session_cannot_write(db, add_user):
    with pytest.raises(StorageUnavailable):
        async with db.read() as session:
            await add_user(session)


async def test_a_reader_sees_one_moment(db, add_user):
    async with db.read() as reader:
        assert await users.get(reader, 1) is None
        async with db.write() as session:
            await add_user(session, 1)
        assert await users.get(reader, 1) is None


async def test_writers_of_one_process_take_turns(db, add_user):
    async def count_up():
        async with db.write() as session:
            user = await add_user(session, 1)  # on PostgreSQL this is where the next one waits
            seed = user.settings.seed or 0
            await asyncio.sleep(0)
            user.settings = user.settings.replace(seed=seed + 1)

    async with db.write() as session:
        await add_user(session, 1)
    await asyncio.gather(*(count_up() for _ in range(40)))
    async with db.read() as session:
        assert (await users.get(session, 1)).settings.seed == 40


async def test_a_lock_held_for_too_long_is_an_error_of_ours(url, db, add_user, monkeypatch):
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("storage.postgresql.LOCK_SECONDS", 0.1)
    impatient = Database(url)
    async with db.write() as session:
        await add_user(session, 1)
        with pytest.raises(StorageBusy) as error:
            async with impatient.write() as other:
                await add_user(other, 1)
    await impatient.close()
    assert str(error.value) in ("The database was locked for more than 0.1 seconds.", BUSY)
