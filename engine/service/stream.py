"""Events as a stream of server-sent events, from any number on.

Each subscriber reads the journal at its own pace: one that is slow finds a gap, one that is dead is
hung up on, and the run waits for neither.
"""

from __future__ import annotations

import asyncio
import contextlib

from aiohttp import web

from engine.service.journal import Journal
from engine.service.problems import Problem
from engine.wire import GAP

KEEP_ALIVE_SECONDS = 15.0
WRITE_SECONDS = 30.0  # a subscriber that takes nothing for so long is dead
BATCH_SECONDS = 0.1  # what comes in between goes out together: many subscribers cost little


def cursor_of(request: web.Request) -> int:
    """The number of the last event that the caller has seen; 0 for none. Raises Problem.

    The header goes first: an EventSource that reconnects sends it, with the query of its start.
    """
    texts = request.headers.get("Last-Event-ID") or None, request.query.get("after")
    given = [event_number(text) for text in texts if text is not None]
    return given[0] if given else 0


def event_number(text: str) -> int:
    """The number of an event. Raises Problem."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Problem(400, "The number of an event has digits only.")
    return int(text)


async def stream(request: web.Request, journal: Journal, cursor: int) -> web.StreamResponse:
    """Answer with what came after the cursor, and what comes, to the end of the journal."""
    if journal.closed and cursor == journal.latest:
        return web.Response(status=204)  # an EventSource then stops asking
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    try:
        await _follow(response, journal, cursor)
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
    except ConnectionError:
        pass
    return response


async def _follow(response: web.StreamResponse, journal: Journal, cursor: int) -> None:
    while True:
        if news := _news(journal, cursor):
            cursor = journal.latest
            async with asyncio.timeout(WRITE_SECONDS):
                await response.write(news)
            await _pause(journal)
        elif journal.closed:
            return
        elif not await journal.changed(KEEP_ALIVE_SECONDS):
            async with asyncio.timeout(WRITE_SECONDS):
                await response.write(b": still here\n\n")


def _news(journal: Journal, cursor: int) -> bytes:
    """The events after the cursor, behind a notice when some of them are lost."""
    if journal.reaches(cursor):
        return b"".join(journal.after(cursor))
    gap = f'event: {GAP}\ndata: {{"after": {cursor}, "oldest": {journal.oldest}}}\n\n'
    return gap.encode() + b"".join(journal.after(journal.oldest - 1))


async def _pause(journal: Journal) -> None:
    """Let some events gather; the last one must not wait."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(BATCH_SECONDS):
            await journal.closing.wait()
