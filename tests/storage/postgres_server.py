"""A real PostgreSQL server for tests: in a folder of its own, reached by a socket file only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

ABSENT = "PostgreSQL is not installed (Debian: apt install postgresql)."
WHERE_DEBIAN_KEEPS_IT = "/usr/lib/postgresql"
START_SECONDS = 30
PERSON = "easel"


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest there is, or None."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(
        Path(WHERE_DEBIAN_KEEPS_IT).glob("*/bin"), key=lambda path: float(path.parent.name)
    )
    complete = [
        path for path in folders if (path / "initdb").exists() and (path / "postgres").exists()
    ]
    return complete[-1] if complete else None


class PostgresServer:
    """A running server; databases in it are made and dropped as tests need them."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.process = process
        self._numbers = count(1)

    def url(self, name: str) -> str:
        """The address of a database, as an operator writes it."""
        return f"postgresql://{PERSON}@/{name}?host={self.folder}"

    def create(self, name: str | None = None, template: str = "template0") -> str:
        """A new database of that name, or of any; its name."""
        name = name or f"test_{next(self._numbers)}"
        self._order("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._order("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _order(self, words: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(words).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]


@contextmanager
def running_server(**settings: str) -> Iterator[PostgresServer]:
    """A server until the end of the block; `settings` are lines of its configuration.

    PostgreSQL refuses to run as root, so root hands the folder to another user.
    """
    bin_folder = programs()
    assert bin_folder is not None, ABSENT
    folder = Path(tempfile.mkdtemp(prefix="easel-pg-"))
    other = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        if other:
            shutil.chown(folder, "nobody", "nogroup")
        _set_up(bin_folder, folder, other, settings)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [bin_folder / "postgres", "-D", folder / "data"], stderr=log, cwd=folder, **other
            )
        try:
            yield _ready(PostgresServer(folder, process))
        finally:
            process.send_signal(signal.SIGINT)  # what is open is rolled back
            process.wait(START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _set_up(bin_folder: Path, folder: Path, other: dict[str, object], more: dict[str, str]) -> None:
    command = [bin_folder / "initdb", "-D", folder / "data", "-U", PERSON]
    command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder, **other)  # type: ignore[call-overload]
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "200",
        **more,
    }
    lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    with (folder / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write(lines)


def _ready(server: PostgresServer) -> PostgresServer:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((server.folder / "log").read_text()) from None
            time.sleep(0.05)
        else:
            return server
