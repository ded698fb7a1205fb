"""`python -m bot doctor`: what it finds, what it says to do, and what it never shows."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from process import TOKEN, BotProcess

from bot.playground import Playground

Doctor = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def doctor(tmp_path: Path) -> Doctor:
    def doctor(**environment: str) -> subprocess.CompletedProcess[str]:
        ours = {"DATA_DIR": str(tmp_path / "data"), "DEVICES": "cpu"}
        return subprocess.run(
            [sys.executable, "-m", "bot", "doctor"],
            env={**os.environ, **ours, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return doctor


def wrong(examined: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines of what is wrong; there must be no traceback."""
    assert examined.stderr == ""
    lines = [line for line in examined.stdout.splitlines() if line.startswith("wrong")]
    assert examined.returncode == (1 if lines else 0)
    return lines


def test_a_new_installation_is_well(doctor: Doctor, tmp_path: Path) -> None:
    examined = doctor()
    assert wrong(examined) == []
    subjects = [line[6:].split(":")[0] for line in examined.stdout.splitlines()]
    assert subjects == ["token", "clock", "data folder", "database", "engine"]
    assert "will be made at the first start" in examined.stdout
    assert list((tmp_path / "data").iterdir()) == []


async def test_a_running_bot_is_well_and_its_token_is_not_shown(
    doctor: Doctor, tmp_path: Path
) -> None:
    playground = Playground(token=TOKEN)
    await playground.start()
    try:
        telegram = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": playground.url}
        async with BotProcess(tmp_path / "data", **telegram):
            examined = await asyncio.to_thread(doctor, **telegram)
    finally:
        await playground.stop()
    assert wrong(examined) == []
    assert "knows it as that of @easel_bot" in examined.stdout
    assert "agrees with that of the Bot API server" in examined.stdout
    assert "is whole and up to date" in examined.stdout
    assert TOKEN.split(":")[1] not in examined.stdout


def test_an_engine_service_that_is_not_there_is_wrong(doctor: Doctor) -> None:
    (line,) = wrong(doctor(ENGINE_URL="http://127.0.0.1:9"))
    assert "http://127.0.0.1:9 cannot paint" in line
    assert "ENGINE_URL" in line


async def test_a_token_that_is_not_known_is_wrong_and_not_shown(doctor: Doctor) -> None:
    playground = Playground(token=TOKEN)
    await playground.start()
    other = "1234:" + "X" * 35
    try:
        examined = await asyncio.to_thread(
            doctor, TELEGRAM_BOT_TOKEN=other, TELEGRAM_API_URL=playground.url
        )
    finally:
        await playground.stop()
    (line,) = wrong(examined)
    assert "does not know it. Copy it again from BotFather" in line
    assert "X" * 10 not in examined.stdout


def test_all_that_is_wrong_is_told_with_its_cure(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "blobs").touch()
    (tmp_path / "data" / "easel.db").write_bytes(b"not a database " * 1000)
    (tmp_path / "vgg.pth").write_bytes(b"not weights")
    lines = wrong(
        doctor(
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL="http://127.0.0.1:9",
            NETWORK_FILE=str(tmp_path / "vgg.pth"),
        )
    )
    subjects = [line[6:].split(":")[0] for line in lines]
    assert subjects == ["token", "data folder", "database", "engine"]
    assert "TELEGRAM_API_URL" in lines[0]
    assert "blobs" in lines[1]
    assert "restore a backup" in lines[2]
    assert "Set NETWORK_FILE" in lines[3]


def test_a_database_of_a_newer_version_stays_as_it_is(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "easel.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES ('from-the-future')")
    (line,) = wrong(doctor())
    assert "newer version (schema from-the-future)" in line
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert tables.fetchall() == [("alembic_version",)]


def test_a_server_of_databases_that_is_not_there_is_wrong(doctor: Doctor) -> None:
    (line,) = wrong(doctor(DATABASE_URL="postgresql://easel:secret@127.0.0.1:9/easel"))
    assert "wrong database: postgresql" in line
    assert "secret" not in line


def test_wrong_settings_are_told_all_at_once(doctor: Doctor) -> None:
    lines = wrong(doctor(MAX_JOBS="many", TELEGRAM_BOT_TOKEN="hello"))
    assert len(lines) == 2
    assert all("settings" in line and "hello" not in line for line in lines)


def test_a_device_that_is_not_there_is_wrong(doctor: Doctor) -> None:
    (line,) = wrong(doctor(DEVICES="cuda:7"))
    assert "cuda:7 cannot paint" in line
