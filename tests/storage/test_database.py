"""Opening, reading and writing the file, and what goes wrong with files."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from storage import users
from storage.database import Database
from storage.errors import (
    SchemaTooNew,
    StorageBusy,
    StorageDamaged,
    StorageError,
    StorageUnavailable,
)

WIDTH_OF_ONE_SENTENCE = 200


async def open_and_close(url: str) -> None:
    database = Database(url)
    try:
        await database.open()
    finally:
        await database.close()


def assert_is_a_sentence(error: pytest.ExceptionInfo[StorageError]) -> None:
    message = str(error.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < WIDTH_OF_ONE_SENTENCE


async def test_the_folder_is_made(tmp_path):
    await open_and_close(f"sqlite:///{tmp_path}/a/b/easel.db")
    assert (tmp_path / "a/b/easel.db").exists()


async def test_opening_again_keeps_the_rows(url, add_user):
    for language_code in ("en", "ru"):
        database = Database(url)
        await database.open()
        async with database.write() as session:
            user = await add_user(session, 1, language_code=language_code)
        await database.close()
    assert user.created_at < datetime.now(UTC)
    with sqlite3.connect(Path(url.removeprefix("sqlite:///"))) as connection:
        rows = connection.execute("SELECT language_code FROM user").fetchall()
    connection.close()
    assert rows == [("ru",)]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 10_000), ("synchronous", 2)],
)
async def test_every_connection_is_durable_and_patient(db, pragma, value):
    for session_of in (db.read, db.write):
        async with session_of() as session:
            assert await session.scalar(text(f"PRAGMA {pragma}")) == value


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
            await add_user(session, 2)

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
        assert await users.get(session, 2) is not None


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
            user = await users.get(session, 1)
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
    impatient = Database(url)
    async with db.write() as session:
        await add_user(session, 1)
        with pytest.raises(StorageBusy) as error:
            async with impatient.write() as other:
                await add_user(other, 2)
    await impatient.close()
    assert_is_a_sentence(error)


async def test_a_database_in_memory_is_refused():
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(StorageError, match="needs a file"):
            Database(url)


async def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageUnavailable, match="file/below") as error:
        await open_and_close(f"sqlite:///{tmp_path}/file/below/easel.db")
    assert_is_a_sentence(error)


async def test_a_folder_in_the_place_of_the_file_is_unavailable(tmp_path):
    with pytest.raises(StorageUnavailable) as error:
        await open_and_close(f"sqlite:///{tmp_path}")
    assert_is_a_sentence(error)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_without_write_permission_is_unavailable(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StorageUnavailable) as error:
        await open_and_close(f"sqlite:///{tmp_path}/easel.db")
    assert_is_a_sentence(error)


async def test_a_file_that_is_no_database_is_refused_and_unharmed(tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear Theo, " * 100)
    with pytest.raises(StorageDamaged) as error:
        await open_and_close(f"sqlite:///{file}")
    assert_is_a_sentence(error)
    assert file.read_text() == "Dear Theo, " * 100


async def test_a_newer_schema_is_refused_and_unharmed(url):
    await open_and_close(url)
    file = Path(url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(SchemaTooNew, match="9999") as error:
        await open_and_close(url)
    assert_is_a_sentence(error)


async def test_rows_that_refer_to_nothing_are_found_at_opening(url):
    await open_and_close(url)
    with sqlite3.connect(Path(url.removeprefix("sqlite:///"))) as connection:
        connection.execute(
            "INSERT INTO style (user_id, name, file_id, created_at) VALUES (9, 'a', 'b', '2026')"
        )
    connection.close()
    with pytest.raises(StorageDamaged, match="in the tables style"):
        await open_and_close(url)


FILL = """
    import asyncio, resource, signal, sys
    from storage import inbox
    from storage.database import Database
    from storage.errors import StorageFull

    async def main():
        database = Database(sys.argv[1])
        await database.open()
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
        written = 0
        try:
            for written in range(100):
                async with database.write() as session:
                    await inbox.record(session, 1, written, {"text": "x" * 20_000}, 1, None)
        except StorageFull as error:
            print(error)
        async with database.read() as session:
            assert len(await inbox.pending(session, 1)) == written
        await database.close()

    asyncio.run(main())
"""


OPEN_IN_NO_ROOM = """
    import asyncio, resource, signal, sys
    from storage.database import Database
    from storage.errors import StorageFull

    async def main():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        database = Database(sys.argv[1])
        try:
            await database.open()
        except StorageFull as error:
            print(error)

    asyncio.run(main())
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("code", [FILL, OPEN_IN_NO_ROOM], ids=["writing", "opening"])
def test_a_full_disk_is_told_and_loses_no_committed_row(url, code):
    done = run(code, url)
    assert done.stderr == ""
    assert done.stdout == "The disk is full: the database cannot be written.\n"


async def test_times_come_back_aware_and_in_utc(db, add_job):
    berlin = timezone(timedelta(hours=2))
    async with db.write() as session:
        job = await add_job(session, not_before=datetime(2026, 7, 1, 14, tzinfo=berlin))
        await session.refresh(job)
    assert job.not_before == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert job.not_before.tzinfo is UTC


async def test_a_naive_time_is_refused(db, add_job):
    with pytest.raises(exc.StatementError, match="naive"):
        async with db.write() as session:
            await add_job(session, not_before=datetime(2026, 7, 1))  # noqa: DTZ001
