"""The folder of a playground: leftovers, damage, other programs."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from clients import new_bot
from lasting import running, said, stored
from person import ADA

from bot.playground import Playground
from bot.playground.opening import FILE_NAME, VERSION


async def test_bytes_that_nothing_names_are_removed_at_the_next_start(folder: Path) -> None:
    async with running(folder) as (_, ada):
        await ada.send_file(b"kept", "kept")
    kept = stored(folder)
    (folder / "files" / "0123.part").write_bytes(b"half an upl")
    (folder / "files" / ("f" * 64)).write_bytes(b"of a message that was never sent")
    async with running(folder):
        assert stored(folder) == kept


async def test_a_file_whose_bytes_are_lost_is_not_found(folder: Path) -> None:
    async with running(folder) as (_, ada):
        sent = await ada.send_file(b"lost", "lost")
        for path in (folder / "files").iterdir():
            path.unlink()
        with pytest.raises(aiohttp.ClientResponseError, match="404"):
            await ada.download(sent["document"])


async def test_a_damaged_record_is_left_out(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with running(folder) as (_, ada):
        for text in ("a", "b", "c", "d"):
            await ada.say(text)
        ids = [message["id"] for message in await ada.messages()]
    spoil = "UPDATE {} SET body = ? WHERE id = ?"
    change(folder, spoil.format("messages"), '{"sender": 10', ids[1])
    change(folder, spoil.format("messages"), "{}", ids[2])
    change(folder, spoil.format("versions"), "[]", ids[3])
    change(folder, "UPDATE updates SET body = substr(body, 1, 20)")
    change(folder, "UPDATE settings SET body = 'x'")
    async with running(folder) as (playground, ada):
        assert await said(ada) == ["a"]
        await ada.say("e")
        async with new_bot(playground) as bot:
            (update,) = await bot.get_updates()
            assert update.message
            assert update.message.text == "e"
    async with running(folder) as (_, ada):
        assert await said(ada) == ["a", "e"]
    for number in ids[1:]:
        assert f"lost message {number} of chat {ADA}" in caplog.text


def change(folder: Path, statement: str, *values: Any) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute(statement, values)


async def test_a_half_written_transaction_is_as_if_it_had_never_been(folder: Path) -> None:
    async with running(folder) as (_, ada):
        await ada.say("whole")
        await ada.say("half")
        log = (folder / f"{FILE_NAME}-wal").read_bytes()
        database = (folder / FILE_NAME).read_bytes()
    (folder / FILE_NAME).write_bytes(database)
    (folder / f"{FILE_NAME}-wal").write_bytes(log[:-100])
    async with running(folder) as (_, ada):
        assert await said(ada) == ["whole"]


async def test_a_kill_at_the_very_first_start_leaves_a_folder_that_can_be_used(
    folder: Path,
) -> None:
    begin(folder)
    async with running(folder) as (_, ada):
        await ada.say("first")
    async with running(folder) as (_, ada):
        assert await said(ada) == ["first"]
    assert list(folder.parent.iterdir()) == [folder]


def begin(folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).touch()


def spoil_version(folder: Path) -> None:
    change(folder, f"PRAGMA user_version = {VERSION + 1}")


def spoil_program(folder: Path) -> None:
    change(folder, "PRAGMA application_id = 1")


def spoil_tables(folder: Path) -> None:
    change(folder, "DROP TABLE versions")


def spoil_bytes(folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(b"This is no database. " * 1000)


def spoil_page(folder: Path) -> None:
    data = bytearray((folder / FILE_NAME).read_bytes())
    data[4096:8192] = bytes(4096)
    (folder / FILE_NAME).write_bytes(data)


def spoil_name(folder: Path) -> None:
    (folder / FILE_NAME).rename(folder / "other.txt")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    "spoil",
    [spoil_version, spoil_program, spoil_tables, spoil_bytes, spoil_page, spoil_name],
)
async def test_a_folder_that_is_not_its_own_is_set_aside(
    folder: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], None]
) -> None:
    async with running(folder) as (_, ada):
        await ada.say("before")
    spoil(folder)
    before = contents(folder)
    with caplog.at_level(logging.WARNING):
        async with running(folder) as (_, ada):
            assert await said(ada) == []
            await ada.say("after")
    assert "begins anew and keeps" in caplog.text
    (aside,) = [path for path in folder.parent.iterdir() if path != folder]
    assert contents(aside) == before
    async with running(folder) as (_, ada):
        assert await said(ada) == ["after"]


async def test_a_folder_in_use_is_an_error_and_stays_as_it_is(folder: Path) -> None:
    async with running(folder) as (_, ada):
        await ada.say("mine")
        with pytest.raises(OSError, match="database is locked"):
            await Playground(folder=folder).start()
        assert await said(ada) == ["mine"]
    assert list(folder.parent.iterdir()) == [folder]


async def test_a_port_in_use_lets_the_folder_go(folder: Path) -> None:
    async with running(None) as (other, _):
        port = int(other.url.rpartition(":")[2])
        with pytest.raises(OSError, match="address already in use"):
            await Playground(port=port, folder=folder).start()
    async with running(folder) as (_, ada):
        assert await said(ada) == []


async def test_a_full_disk_fails_the_request_and_nothing_else(folder: Path) -> None:
    async with running(folder) as (playground, ada):
        archive = playground._archive
        assert archive
        archive._connection.execute("PRAGMA max_page_count = 1")
        text = "x" * 4000
        with pytest.raises(aiohttp.ClientResponseError, match="500"):
            await ada.say(text)
        archive._connection.execute("PRAGMA max_page_count = 1000000")
        await ada.say("room again")
    async with running(folder) as (_, ada):
        assert await said(ada) == [text, "room again"]
