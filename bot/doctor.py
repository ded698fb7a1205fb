"""Looks at all that the bot needs, and says for each what to do when it is not as it should be.

Nothing is changed: no migration runs, no update is taken, and the token is never shown.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.config import Config
from bot.logs import hide_tokens
from bot.painters import runner_of
from engine.errors import InvalidInput, WorkerLost
from storage.condition import Condition, examine
from storage.database import Database
from storage.errors import SchemaTooNew, StorageDamaged, StorageError
from storage.folder import BLOB_FOLDER

TELEGRAM = "https://api.telegram.org"
ANSWER_SECONDS = 10.0
CLOCK_SECONDS = 10.0  # a third of a lease: machines that share a queue compare their clocks
START_SECONDS = 120.0
LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about a subject; where there is a cure, something is wrong."""

    subject: str
    words: str
    cure: str = ""

    def __str__(self) -> str:
        mark = "wrong" if self.cure else "ok   "
        return f"{mark} {self.subject}: {self.words}" + (f" {self.cure}" if self.cure else "")


async def examine_all(config: Config) -> int:
    """Print a line for each check; 0 when all is well, else 1."""
    wrong = False
    for check in CHECKS:
        finding = await check(config)
        sys.stdout.write(hide_tokens(f"{finding}\n"))
        sys.stdout.flush()  # the next check may take its time
        wrong = wrong or bool(finding.cure)
    return int(wrong)


def refused(sentences: str) -> int:
    """Print what is wrong with the settings, without which nothing else can be looked at; 1."""
    for line in sentences.splitlines():
        sys.stdout.write(f"{Finding('settings', line, 'Set it right first.')}\n")
    return 1


async def _token(config: Config) -> Finding:
    if config.token is None:
        return Finding("token", "none is set, so the bot serves its playground.")
    server = _server(config)
    request = HTTPXRequest(connect_timeout=ANSWER_SECONDS, read_timeout=ANSWER_SECONDS)
    try:
        async with Bot(config.token, base_url=f"{server}/bot", request=request) as bot:
            return Finding("token", f"{server} knows it as that of @{bot.username}.")
    except InvalidToken:
        words = f"{server} does not know it."
        return Finding("token", words, "Copy it again from BotFather, or ask there for a new one.")
    except TelegramError as error:
        cure = "Look at network, proxy and firewall, and at TELEGRAM_API_URL."
        return Finding("token", f"{server} cannot be asked ({error}).", cure)


async def _clock(config: Config) -> Finding:
    if config.token is None:
        return Finding("clock", "not compared, since there is no token.")
    try:
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as client:
            answer = await client.head(_server(config))
        told = parsedate_to_datetime(answer.headers["Date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return Finding("clock", "not compared, since the Bot API server told no time.")
    seconds = (datetime.now(UTC) - told).total_seconds()
    if abs(seconds) <= CLOCK_SECONDS:
        return Finding("clock", "agrees with that of the Bot API server.")
    side = "ahead of" if seconds > 0 else "behind"
    words = f"{abs(seconds):.0f} s {side} that of the Bot API server."
    return Finding("clock", words, "Let chrony or systemd-timesyncd set it.")


async def _folder(config: Config) -> Finding:
    folder = config.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for place in (folder, folder / BLOB_FOLDER):
            if place.exists():
                with tempfile.TemporaryFile(dir=place):
                    pass
    except OSError as error:
        words = f"{error.filename or folder} cannot be written ({error.strerror})."
        cure = "Give it to the user that runs Easel (10001 in Docker), or set DATA_DIR."
        return Finding("data folder", words, cure)
    free = shutil.disk_usage(folder).free
    words = f"{folder.resolve()} can be written, {free / 1e9:.1f} GB are free."
    if free < LEAST_FREE_BYTES:
        return Finding("data folder", words, "Make room, or lower RETENTION_DAYS.")
    return Finding("data folder", words)


async def _database(config: Config) -> Finding:
    shown = make_url(config.database).render_as_string(hide_password=True)
    try:
        found = await _condition(config.database)
    except (StorageError, SQLAlchemyError, ImportError, OSError) as error:
        reason = str(error).partition("\n")[0]  # a driver adds lines, and so does SQLAlchemy
        return Finding("database", f"{shown}: {reason}", _cure(error))
    if not found.exists:
        return Finding("database", f"{shown} will be made at the first start.")
    if found.missing:
        words = f"{shown} is whole; the next start migrates it ({', '.join(found.missing)})."
        return Finding("database", words)
    return Finding("database", f"{shown} is whole and up to date.")


async def _condition(url: str) -> Condition:
    database = Database(url)
    try:
        return await examine(database)
    finally:
        await database.close()


def _cure(error: Exception) -> str:
    if isinstance(error, SchemaTooNew):
        return "The database itself is sound."
    if isinstance(error, StorageDamaged):
        return "Put the file aside and restore a backup: python -m storage restore DIR."
    if isinstance(error, ImportError):
        return "Install that driver, or use SQLite."
    return "Look at DATABASE_URL, at the server, and at the rights of the file."


async def _engine(config: Config) -> Finding:
    """Have the painters start for real: nothing else tells that weights and devices can be used."""
    runner = runner_of(config)
    place = config.engine_url or ", ".join(config.device_names or ("this machine",))
    try:
        async with asyncio.timeout(START_SECONDS):
            await runner.start()
        devices = ", ".join(runner.devices)
    except (InvalidInput, WorkerLost, TimeoutError) as error:
        return Finding(
            "engine", f"{place} cannot paint: {str(error) or 'no answer'}", _repair(config)
        )
    finally:
        await runner.close()
    return Finding("engine", f"{place} paints on {devices}.")


def _repair(config: Config) -> str:
    if config.engine_url is not None:
        return "Look at ENGINE_URL, at ENGINE_TOKEN, and at the log of the service."
    if config.network_file is not None:
        return (
            "Set NETWORK_FILE to a good file, or unset it, and DEVICES to devices of this machine."
        )
    return "Set DEVICES to devices of this machine (cpu always is); see docs/operations.md."


def _server(config: Config) -> str:
    return (config.telegram_api_url or TELEGRAM).rstrip("/")


CHECKS: tuple[Callable[[Config], Awaitable[Finding]], ...] = (
    _token,
    _clock,
    _folder,
    _database,
    _engine,
)
