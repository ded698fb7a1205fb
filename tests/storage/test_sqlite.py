"""What goes wrong with files and disks, told in a sentence; nothing committed is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.errors import SchemaTooNew, StorageDamaged, StorageError, StorageUnavailable

WIDTH_OF_ONE_SENTENCE = 200


@pytest.fixture
def kind():
    """Nothing here is about a server."""
    return "sqlite"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 10_000), ("synchronous", 2)],
)
async def test_every_connection_is_durable_and_patient(db, pragma, value):
    for session_of in (db.read, db.write):
        async with session_of() as session:
            assert await session.scalar(text(f"PRAGMA {pragma}")) == value


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
            "INSERT INTO style (user_id, chat_id, name, file_id, created_at) "
            "VALUES (9, 9, 'a', 'b', '2026')"
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


# Root may write everywhere, hence becomes nobody, after one opening that has imported everything.
OPEN_WITHOUT_PERMISSION = """
    import asyncio, os, pathlib, sys
    from storage.database import Database
    from storage.errors import StorageUnavailable

    async def main():
        await Database(sys.argv[1]).open()
        folder = pathlib.Path(sys.argv[2])
        folder.mkdir(0o500)
        if os.geteuid() == 0:
            os.setuid(65534)
        try:
            await Database(f"sqlite:///{folder}/easel.db").open()
        except StorageUnavailable as error:
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


def test_a_folder_without_write_permission_is_unavailable(url, tmp_path):
    done = run(OPEN_WITHOUT_PERMISSION, url, str(tmp_path / "locked"))
    assert done.stderr == ""
    assert "cannot be" in done.stdout
    assert done.stdout.endswith(".\n")
