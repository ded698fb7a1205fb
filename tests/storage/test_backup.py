"""Backups: consistent while others write, checked, and never over anything that is there."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing

import pytest
from sqlalchemy import delete

from storage import jobs, users
from storage.blobs import Blobs
from storage.database import Database
from storage.models import Blob, Picture

PICTURE = b"not really a picture" * 1000

WRITE = """
    import asyncio, os, pathlib, sys
    from engine.settings import Settings
    from storage import jobs, users
    from storage.blobs import Blobs
    from storage.database import Database
    from storage.models import Picture
    from storage.preferences import Preferences

    async def main():
        database, blobs = Database(sys.argv[1]), Blobs(pathlib.Path(sys.argv[2]))
        person = 0
        while True:
            person += 1
            async with database.write() as session:
                photo = await blobs.put(session, os.urandom(50_000), "picture")
                style = await blobs.put(session, os.urandom(50_000), "picture")
                await users.get_or_create(session, person, language_code="en",
                                          settings=Settings(), preferences=Preferences())
                await jobs.enqueue(session, user_id=person, chat_id=person, reply_to=1,
                                   content=Picture(blob=photo), styles=[Picture(blob=style)],
                                   settings=Settings(), preferences=Preferences())
            if person > 4:
                async with database.write() as session:
                    gone = await users.forget(session, person - 4 + person % 3)
                async with database.write() as session:
                    await blobs.remove_unused(session, gone.blobs)
            print(person, flush=True)

    asyncio.run(main())
"""


@pytest.fixture
def kind() -> str:
    """SQLite's: a server's database has the server's own tools for that."""
    return "sqlite"


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


@pytest.fixture
async def with_pictures(db, blobs, add_job):
    """A database in the data folder `tmp_path`, with a job whose pictures are there."""
    async with db.write() as session:
        photo = await blobs.put(session, PICTURE, "picture")
        job = await add_job(session, content=Picture(blob=photo), styles=[Picture(blob=photo)])
        await session.execute(delete(Blob).where(Blob.size == 1))  # it has a row only
        return job.id


def run(data_dir, *arguments) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "storage", *map(str, arguments), "--data-dir", str(data_dir)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What was refused; nothing else may be said."""
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("easel: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def files(folder):
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def dump(file):
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


@pytest.mark.usefixtures("with_pictures")
def test_what_is_restored_is_what_was_backed_up(tmp_path, blobs):
    backup, other = tmp_path / "backup", tmp_path / "other"
    done = run(tmp_path, "backup", backup)
    assert done.stdout == f"The database and 1 picture (0.0 MB) were backed up into {backup}.\n"
    assert sorted(path.name for path in backup.iterdir()) == ["blobs", "easel.db", "manifest.json"]
    assert run(other, "restore", backup).returncode == 0
    assert dump(other / "easel.db") == dump(tmp_path / "easel.db")
    assert files(other / "blobs") == files(blobs.folder)
    assert sorted(path.name for path in other.iterdir()) == ["blobs", "easel.db"]


async def test_a_restored_database_opens_and_goes_on(tmp_path, with_pictures):
    run(tmp_path, "backup", tmp_path / "backup")
    run(tmp_path / "other", "restore", tmp_path / "backup")
    restored = Database(f"sqlite:///{tmp_path}/other/easel.db")
    await restored.open()
    async with restored.write() as session:
        assert await users.get(session, 1) is not None
        assert await jobs.get(session, with_pictures) is not None
    await restored.close()


@pytest.mark.usefixtures("db")
def test_backups_are_whole_while_a_process_writes_and_forgets(tmp_path, url, blobs):
    command = [sys.executable, "-c", textwrap.dedent(WRITE), url, str(blobs.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        try:
            while int(writer.stdout.readline()) < 30:
                pass
            for number in range(4):
                before = int(writer.stdout.readline())
                backup = tmp_path / f"backup{number}"
                assert run(tmp_path, "backup", backup).stderr == ""
                assert int(writer.stdout.readline()) >= before
                check_whole(backup)
            assert writer.poll() is None
        finally:
            writer.kill()
    assert run(tmp_path / "other", "restore", backup).returncode == 0


def check_whole(backup):
    with closing(sqlite3.connect(backup / "easel.db")) as connection:
        known = {digest for (digest,) in connection.execute("SELECT sha256 FROM blob")}
        used = {digest for (digest,) in connection.execute("SELECT blob FROM picture")}
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    there = {path.name: path for path in (backup / "blobs").glob("*/*")}
    assert used <= known == there.keys()
    for digest, path in there.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    manifest = json.loads((backup / "manifest.json").read_text())
    assert (manifest["blobs"], manifest["missing"]) == (len(there), [])


@pytest.mark.usefixtures("with_pictures")
def test_a_folder_that_is_not_empty_is_left_alone(tmp_path):
    backup = tmp_path / "backup"
    run(tmp_path, "backup", backup)
    before = files(backup)
    assert "is not empty" in sentence(run(tmp_path, "backup", backup))
    assert files(backup) == before


@pytest.mark.usefixtures("with_pictures")
@pytest.mark.parametrize("there", ["easel.db", "easel.db-wal", "blobs/some-picture"])
def test_nothing_is_restored_over_what_is_there(tmp_path, there):
    run(tmp_path, "backup", tmp_path / "backup")
    other = tmp_path / "other"
    (other / there).parent.mkdir(parents=True)
    (other / there).write_bytes(b"mine")
    assert "already: end the bot and put that aside first" in sentence(
        run(other, "restore", tmp_path / "backup")
    )
    assert files(other) == {there: b"mine"}


@pytest.mark.usefixtures("with_pictures")
def test_a_picture_that_was_lost_before_is_named_and_the_rest_is_backed_up(tmp_path, blobs):
    digest = hashlib.sha256(PICTURE).hexdigest()
    blobs.path(digest).write_bytes(b"damaged")
    done = run(tmp_path, "backup", tmp_path / "backup")
    assert done.returncode == 1
    assert done.stderr == f"easel: these pictures were gone or damaged before: {digest}\n"
    assert not list((tmp_path / "backup" / "blobs").glob("*/*"))
    assert run(tmp_path / "other", "restore", tmp_path / "backup").returncode == 1
    assert dump(tmp_path / "other" / "easel.db") == dump(tmp_path / "easel.db")


@pytest.mark.usefixtures("with_pictures")
@pytest.mark.parametrize("victim", ["easel.db", "picture", "lost picture", "manifest.json"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(tmp_path, victim):
    backup = tmp_path / "backup"
    run(tmp_path, "backup", backup)
    (picture,) = (backup / "blobs").glob("*/*")
    path = picture if "picture" in victim else backup / victim
    if victim == "lost picture":
        path.unlink()
    else:
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
    sentence(run(tmp_path / "other", "restore", backup))
    assert files(tmp_path / "other") == {}


FULL = """
    import resource, signal, sys
    from storage.__main__ import main

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.usefixtures("with_pictures")
def test_a_full_disk_leaves_a_backup_that_is_marked_and_not_restored(tmp_path):
    backup = tmp_path / "backup"
    command = [sys.executable, "-c", textwrap.dedent(FULL), "backup", str(backup)]
    command += ["--data-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "The disk is full: the backup cannot be written." in sentence(done)
    assert (backup / "INCOMPLETE").exists()
    assert "was never finished" in sentence(run(tmp_path / "other", "restore", backup))


@pytest.mark.usefixtures("with_pictures")
def test_a_killed_backup_is_marked(tmp_path, blobs):
    digest = hashlib.sha256(PICTURE).hexdigest()
    with blobs.path(digest).open("r+b") as file:
        file.truncate(1 << 36)  # a hole, which takes minutes to copy
    backup = tmp_path / "backup"
    command = [sys.executable, "-m", "storage", "backup", str(backup), "--data-dir", str(tmp_path)]
    with subprocess.Popen(command) as process:
        while not list(backup.glob("blobs/*/*")):
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    shutil.rmtree(backup / "blobs")
    assert "was never finished" in sentence(run(tmp_path / "other", "restore", backup))


def test_what_is_no_backup_or_no_database_is_said(tmp_path):
    assert "There is no database" in sentence(run(tmp_path, "backup", tmp_path / "backup"))
    assert not (tmp_path / "backup").exists()
    assert "There is no backup in" in sentence(run(tmp_path, "restore", tmp_path / "nowhere"))
    with closing(sqlite3.connect(tmp_path / "easel.db")) as connection:
        connection.execute("CREATE TABLE other (id)")
    assert "not Easel's" in sentence(run(tmp_path, "backup", tmp_path / "backup"))
    address = "postgresql://easel:secret@host/easel"
    done = run(tmp_path, "backup", tmp_path / "more", "--database-url", address)
    assert "pg_dump" in sentence(done)
    assert "secret" not in done.stderr


@pytest.mark.usefixtures("with_pictures")
def test_a_backup_of_a_newer_version_is_refused(tmp_path):
    with closing(sqlite3.connect(tmp_path / "easel.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    run(tmp_path, "backup", tmp_path / "backup")
    refused = sentence(run(tmp_path / "other", "restore", tmp_path / "backup"))
    assert "newer version (schema from-the-future)" in refused
    assert files(tmp_path / "other") == {}
