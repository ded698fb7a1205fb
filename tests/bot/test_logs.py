"""No token in any line, not even in a traceback."""

from __future__ import annotations

import logging
import sys

import pytest

from bot.logs import RedactingFormatter

SECRET = "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.mark.parametrize("colon", [":", "%3A", "%3a"])
def test_a_token_is_hidden_in_messages_and_tracebacks(colon: str) -> None:
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
    line = RedactingFormatter().format(record)
    assert SECRET not in line
    assert line.count("110201543:***") >= 2
