"""Logging: one line an event, quiet libraries, and no token in any line.

The token appears in httpx's request lines, plain and percent-encoded, and in exceptions that quote
a download address; the filter covers messages and tracebacks alike.
"""

from __future__ import annotations

import logging
import re

TOKEN_IN_TEXT = re.compile(r"(?<![0-9])([0-9]{3,20})(:|%3[Aa])[A-Za-z0-9_-]{10,}")
QUIET = ("httpx", "httpcore", "aiosqlite", "PIL", "alembic", "aiohttp.access")


class RedactingFormatter(logging.Formatter):
    """Formats a record, then hides every token in it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line with `123:***` in place of a token."""
        return TOKEN_IN_TEXT.sub(r"\1:***", super().format(record))


def set_up_logging(level: str) -> None:
    """Send everything to standard error; called once, by the program's entry."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
