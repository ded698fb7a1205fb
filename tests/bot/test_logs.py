"""No token in any line, not even in a traceback."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from fake_runner import FakeRunner
from person import Person
from served import Picture

from bot.logs import FORMATTERS, about_job
from bot.rooms import Rooms
from engine.errors import OutOfMemory
from storage import jobs

SECRET = "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.mark.parametrize("form", FORMATTERS)
@pytest.mark.parametrize("colon", [":", "%3A", "%3a"])
def test_a_token_is_hidden_in_messages_and_tracebacks(form: str, colon: str) -> None:
    try:
        raise ValueError(f"https://host/file/bot110201543{colon}{SECRET}/photos/1.jpg")
    except ValueError:
        record = logging.LogRecord(
            "x",
            logging.ERROR,
            "f",
            1,
            f"POST /bot110201543{colon}{SECRET}/getMe",
            (),
            sys.exc_info(),
        )
    line = FORMATTERS[form]().format(record)
    assert SECRET not in line
    assert line.count("110201543:***") >= 2


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the bot logs meanwhile, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(FORMATTERS["json"]())
    logging.getLogger("bot").addHandler(handler)
    yield stream
    logging.getLogger("bot").removeHandler(handler)


async def test_a_running_bot_names_the_job_that_failed(
    ada: Person, picture: Picture, rooms: Rooms, runner: FakeRunner, lines: io.StringIO
) -> None:
    runner.failures = [OutOfMemory("Too little memory.")]
    await ada.send_album([picture("red"), picture("blue")])
    done = await ada.wait_for_text(" px, ", 30)
    async with rooms.database.read() as session:
        job = await jobs.shown_in(session, ada.id, done["id"])
    (line,) = [line for line in map(json.loads, lines.getvalue().splitlines()) if "job" in line]
    assert job
    assert line["job"] == job.id
    assert line["message"] == "attempt 1 failed: Too little memory."


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("bot.x", logging.INFO, "f", 1, text, (), None)


@pytest.mark.parametrize("form", FORMATTERS)
async def test_lines_name_the_job_that_their_task_is_about(form: str) -> None:
    async def line() -> str:
        return FORMATTERS[form]().format(record("painted"))

    with about_job("abc"):
        task = asyncio.create_task(line())
    assert "abc" in await task
    assert "abc" not in await line()


def test_a_line_of_json_has_all_that_is_known_and_no_more() -> None:
    with about_job("abc"):
        line = json.loads(FORMATTERS["json"]().format(record('two\nlines, "quoted", кисть')))
    assert datetime.fromisoformat(line.pop("time")).utcoffset() == timedelta(0)
    assert line == {
        "level": "INFO",
        "logger": "bot.x",
        "message": 'two\nlines, "quoted", кисть',
        "job": "abc",
    }


def test_a_line_of_json_is_one_line_even_with_a_traceback() -> None:
    try:
        raise ValueError("no")
    except ValueError:
        failed = logging.LogRecord("bot.x", logging.ERROR, "f", 1, "m", (), sys.exc_info())
    line = FORMATTERS["json"]().format(failed)
    assert "\n" not in line
    assert "ValueError: no" in json.loads(line)["error"]
