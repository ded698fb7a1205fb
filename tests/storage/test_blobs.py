"""Files named by their content."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest

from storage.blobs import GALLERY, Blobs
from storage.columns import utc_now
from storage.errors import StorageUnavailable
from storage.models import Blob, Picture

PICTURE = b"not really a picture" * 1000
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


def files(blobs):
    return [path for path in blobs.folder.rglob("*") if path.is_file()]


def soon():
    return utc_now() + timedelta(seconds=5)


async def test_a_file_has_the_name_and_the_bytes_of_its_content(db, blobs):
    async with db.write() as session:
        assert await blobs.put(session, PICTURE, "preview") == DIGEST
        row = await session.get(Blob, DIGEST)
    assert blobs.path(DIGEST).read_bytes() == PICTURE
    assert (row.size, row.kind) == (len(PICTURE), "preview")


async def test_a_file_is_copied_and_stays(db, blobs, tmp_path):
    source = tmp_path / "result.png"
    source.write_bytes(PICTURE)
    async with db.write() as session:
        assert await blobs.put(session, source, "result") == DIGEST
    assert source.read_bytes() == blobs.path(DIGEST).read_bytes()


async def test_the_same_content_twice_is_one_file(db, blobs):
    for kind in ("preview", "result"):
        async with db.write() as session:
            await blobs.put(session, PICTURE, kind)
    assert files(blobs) == [blobs.path(DIGEST)]


async def test_a_lost_file_comes_back_with_its_content(db, blobs):
    async with db.write() as session:
        await blobs.put(session, PICTURE, "result")
        blobs.path(DIGEST).unlink()
        await blobs.put(session, PICTURE, "result")
    assert blobs.path(DIGEST).read_bytes() == PICTURE


async def test_a_rolled_back_row_leaves_a_file_that_a_sweep_finds(db, blobs):
    async def fail_after_put():
        async with db.write() as session:
            await blobs.put(session, PICTURE, "result")
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError):
        await fail_after_put()
    assert files(blobs) == [blobs.path(DIGEST)]
    async with db.write() as session:
        assert await blobs.sweep(session, soon()) == 0
    assert files(blobs) == []


async def test_a_sweep_spares_what_is_referred_to_or_young(db, blobs, add_job):
    async with db.write() as session:
        used = await blobs.put(session, b"used", "picture")
        await blobs.put(session, b"unused", "picture")
        job = await add_job(session, fetched=False)
        job.result_blob = used
        await session.flush()
        assert await blobs.sweep(session, utc_now() - timedelta(hours=1)) == 0
        assert len(files(blobs)) == 2
        assert await blobs.sweep(session, soon()) == 1
    assert files(blobs) == [blobs.path(used)]


async def test_a_sweep_clears_unfinished_files(db, blobs):
    async with db.write() as session:
        kept = await blobs.put(session, PICTURE, "result")
        part = blobs.path(kept).with_name("part-killed")
        part.write_bytes(b"half")
        os.utime(part, (0, 0))
        await blobs.sweep(session, utc_now() - timedelta(days=1))
    assert files(blobs) == [blobs.path(kept)]


async def test_blobs_are_removed_at_once_unless_something_or_the_gallery_has_them(
    db, blobs, add_job
):
    async with db.write() as session:
        unused = await blobs.put(session, PICTURE, "result")
        shown = await blobs.put(session, b"gallery", GALLERY)
        used = await blobs.put(session, b"used", "picture")
        await add_job(session, content=Picture(blob=used))
    async with db.write() as session:
        assert await blobs.remove_unused(session, [unused, shown, used, "unknown"]) == 1
        assert await session.get(Blob, unused) is None
    assert sorted(files(blobs)) == sorted([blobs.path(shown), blobs.path(used)])


async def test_a_folder_that_cannot_be_made_is_named(db, tmp_path):
    (tmp_path / "file").write_text("in the way")
    async with db.write() as session:
        with pytest.raises(StorageUnavailable, match="file/blobs"):
            await Blobs(tmp_path / "file/blobs").put(session, PICTURE, "result")


FILL = """
    import asyncio, pathlib, resource, signal, sys
    from storage.blobs import GALLERY, Blobs
    from storage.database import Database
    from storage.errors import StorageFull

    async def main():
        database = Database(sys.argv[1])
        await database.open()
        blobs = Blobs(pathlib.Path(sys.argv[2]))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        try:
            async with database.write() as session:
                await blobs.put(session, bytes(2_000_000), "result")
        except StorageFull as error:
            print(error)
        async with database.write() as session:
            await blobs.put(session, bytes(1000), "result")
        await database.close()

    asyncio.run(main())
"""


def test_a_full_disk_is_told_and_leaves_no_half_file(url, blobs):
    command = [sys.executable, "-c", textwrap.dedent(FILL), url, str(blobs.folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "The disk is full: a picture cannot be kept.\n"
    assert [path.stat().st_size for path in files(blobs)] == [1000]
