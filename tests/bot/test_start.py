"""Starting: quick when all is well, one sentence and exit code 2 when it is not."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from process import TOKEN, BotProcess

from bot.playground import Playground


def start(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot"],
        env={
            **os.environ,
            "DATA_DIR": str(folder),
            "DEVICES": "cpu",
            "PLAYGROUND_PORT": "0",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(process: subprocess.CompletedProcess[str]) -> str:
    """The last line; there must be no traceback, and the exit code must be 2."""
    assert process.returncode == 2, process.stderr
    assert "Traceback" not in process.stderr
    return process.stderr.strip().splitlines()[-1]


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert "Set PLAYGROUND_PORT" in refusal(start(tmp_path, PLAYGROUND_PORT=port))


def test_an_unusable_data_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "Set DATA_DIR" in refusal(start(tmp_path / "file" / "data"))


def test_a_token_of_the_wrong_form_is_said(tmp_path: Path) -> None:
    assert "BotFather" in refusal(start(tmp_path, TELEGRAM_BOT_TOKEN="hello"))


async def test_a_token_that_telegram_does_not_know_is_said(tmp_path: Path) -> None:
    playground = Playground(token=TOKEN)
    await playground.start()
    try:
        process = await asyncio.to_thread(
            start, tmp_path, TELEGRAM_BOT_TOKEN="1234:" + "X" * 35, TELEGRAM_API_URL=playground.url
        )
    finally:
        await playground.stop()
    assert "does not know this token" in refusal(process)


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "easel.db").write_bytes(b"not a database " * 100)
    assert "database" in refusal(start(tmp_path))


@pytest.mark.parametrize("content", [None, b"not weights"])
def test_wrong_weights_are_said(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "vgg.safetensors"
    if content is not None:
        path.write_bytes(content)
    sentence = refusal(start(tmp_path / "data", NETWORK_FILE=str(path)))
    assert "NETWORK_FILE" in sentence
    assert path.name in sentence


async def test_a_bot_starts_on_a_new_folder_and_on_an_old_one(tmp_path: Path) -> None:
    for _ in ("new", "old"):
        async with BotProcess(tmp_path, PLAYGROUND_PORT="0") as bot:
            assert "Open the chat page at http://127.0.0.1:" in bot.log


async def test_the_health_check_sees_a_running_bot_and_a_dead_one(tmp_path: Path) -> None:
    def health() -> int:
        command = [sys.executable, "-m", "bot", "health"]
        return subprocess.run(
            command, env={**os.environ, "DATA_DIR": str(tmp_path)}, check=False, capture_output=True
        ).returncode

    assert health() == 1
    async with BotProcess(tmp_path, PLAYGROUND_PORT="0"):
        assert health() == 0
    heartbeat = tmp_path / "heartbeat.json"
    heartbeat.write_text('{"sender": 1.0}')
    assert health() == 1
