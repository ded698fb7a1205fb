"""Locks for what no row stands for, held until the transaction ends.

PostgreSQL's advisory locks. SQLite lets in one writer at a time anyway.
"""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

EASEL = 0xEA5E1  # any number under which no other program on the server locks


class Lock(IntEnum):
    """What is locked."""

    SCHEMA = 1
    BLOBS = 2  # shared by those who put files, alone for whoever sweeps them
    PLACES = 3  # in the queue


def locking(lock: Lock, *, shared: bool = False) -> Select[tuple[object]]:
    """The query that waits for a lock; only PostgreSQL understands it."""
    wait = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    return select(wait(EASEL, int(lock)))


async def hold(session: AsyncSession, lock: Lock, *, shared: bool = False) -> None:
    """Wait until nobody else holds the lock, or only others who share it; then hold it."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(locking(lock, shared=shared))
