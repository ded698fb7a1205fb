"""Sessions whose work is never cut off half-way.

A task that is cancelled while the driver's thread works leaves its connection in a state that
nobody knows; SQLAlchemy then drops it, and here it was the only one that may write: measured, one
cancellation in a hundred left the next writer waiting for ten seconds or for ever. So a call that
has begun is finished, and the cancellation is delivered right after it.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Coroutine
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """The result of the work, which goes on to its end even if the caller is cancelled.

    The cancellation is raised then, instead of the result or of the work's own error.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return task.result()
    task.exception()  # seen, so that nothing complains about it later
    raise cancelled


def _steady(method: Any) -> Any:
    @functools.wraps(method)
    async def steady(*arguments: Any, **named: Any) -> Any:
        return await finished(method(*arguments, **named))

    return steady


class SteadySession(AsyncSession):
    """An AsyncSession each of whose calls is finished once it has begun."""

    execute = _steady(AsyncSession.execute)
    scalar = _steady(AsyncSession.scalar)
    scalars = _steady(AsyncSession.scalars)
    get = _steady(AsyncSession.get)
    get_one = _steady(AsyncSession.get_one)
    merge = _steady(AsyncSession.merge)
    flush = _steady(AsyncSession.flush)
    run_sync = _steady(AsyncSession.run_sync)
    commit = _steady(AsyncSession.commit)
    rollback = _steady(AsyncSession.rollback)
    close = _steady(AsyncSession.close)
