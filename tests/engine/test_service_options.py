"""What the operator of a service may get wrong, each told in one sentence at its start."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from serving import TOKEN

from engine.errors import InvalidInput
from engine.service.options import read_options


def test_without_a_token_only_this_machine_may_ask() -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        assert read_options(["--host", host], {}).token is None
    with pytest.raises(InvalidInput, match="set ENGINE_TOKEN"):
        read_options(["--host", "0.0.0.0"], {})
    assert read_options(["--host", "0.0.0.0"], {"ENGINE_TOKEN": TOKEN}).token == TOKEN


def test_the_token_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    assert read_options([], {"ENGINE_TOKEN_FILE": str(path)}).token == TOKEN
    with pytest.raises(InvalidInput, match="both set"):
        read_options([], {"ENGINE_TOKEN_FILE": str(path), "ENGINE_TOKEN": TOKEN})
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_options([], {"ENGINE_TOKEN_FILE": str(tmp_path)})
    path.write_text("\n")
    with pytest.raises(InvalidInput, match="empty"):
        read_options([], {"ENGINE_TOKEN_FILE": str(path)})


def serve(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine.service", *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "0.0.0.0"], "set ENGINE_TOKEN or ENGINE_TOKEN_FILE"),
        (["--port", "70000"], "--port takes a number from 0 to 65535"),
        (["--port", "x"], "invalid int value"),
        (["--network", "nowhere.pth"], "There are no weights nowhere.pth"),
        (["--folder", "/proc/engine"], "cannot start on"),
        (["--host", "203.0.113.1"], "cannot start on"),
        (["--network", __file__], "weights"),
    ],
)
def test_a_wrong_setting_is_one_sentence(tmp_path: Path, arguments: list[str], words: str) -> None:
    token = "" if "0.0.0.0" in arguments else TOKEN
    done = serve("--port", "0", "--folder", str(tmp_path), *arguments, ENGINE_TOKEN=token)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = serve("--port", str(taken.getsockname()[1]), "--folder", str(tmp_path))
    assert done.returncode == 2
    assert "Address already in use" in done.stderr


def test_every_option_is_in_the_operators_table() -> None:
    table = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    listed = serve("--help").stdout
    flags = set(re.findall(r"--[a-z]+", listed)) - {"--help"}
    assert len(flags) == 5
    for flag in flags:
        assert f"| `{flag}` |" in table
