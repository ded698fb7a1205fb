"""Logging: one line an event, which job it is about, quiet libraries, and no token in any line.

The token appears in httpx's request lines, plain and percent-encoded, and in exceptions that quote
a download address; the formatters hide it in messages and tracebacks alike.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

TOKEN_IN_TEXT = re.compile(r"(?<![0-9])([0-9]{3,20})(:|%3[Aa])[A-Za-z0-9_-]{10,}")
QUIET = ("httpx", "httpcore", "aiosqlite", "PIL", "alembic", "aiohttp.access")

_job: ContextVar[str | None] = ContextVar("job", default=None)


def hide_tokens(text: str) -> str:
    """The text with `123:***` in place of every token."""
    return TOKEN_IN_TEXT.sub(r"\1:***", text)


@contextmanager
def about_job(job_id: str | None) -> Iterator[None]:
    """Name the job in every line that this task logs meanwhile; None leaves it as it is."""
    before = _job.set(job_id or _job.get())
    try:
        yield
    finally:
        _job.reset(before)


class TextFormatter(logging.Formatter):
    """Lines for people: time, level, logger, job, message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and below it the traceback if there is one."""
        job = _job.get()
        record.about = f" [job {job}]" if job else ""
        return hide_tokens(super().format(record))


class JsonFormatter(logging.Formatter):
    """Lines for machines: one JSON object an event, times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """The object; `job` and `error`, a traceback, only where there are such."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "job": _job.get(),
            "error": self.formatException(record.exc_info) if record.exc_info else None,
        }
        said = {name: value for name, value in line.items() if value is not None}
        return hide_tokens(json.dumps(said, ensure_ascii=False))


FORMATTERS: dict[str, Callable[[], logging.Formatter]] = {
    "text": lambda: TextFormatter("%(asctime)s %(levelname)s %(name)s%(about)s: %(message)s"),
    "json": JsonFormatter,
}


def set_up_logging(level: str, form: str = "text") -> None:
    """Send everything to standard error; called once, by the program's entry."""
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATTERS[form]())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
