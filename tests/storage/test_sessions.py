"""A cancelled task finishes the call it is in, and leaves the database to the next one."""

from __future__ import annotations

import asyncio
import random

import pytest
from sqlalchemy import text

from storage import inbox
from storage.database import Database
from storage.sessions import finished

ROUNDS = 150


async def note(db: Database, number: int) -> None:
    async with db.write() as session:
        await inbox.record(session, 1, number, {}, 1)
        await session.execute(text("SELECT 1"))


async def look(db: Database) -> None:
    async with db.read() as session:
        await inbox.pending(session, 1)


async def test_whoever_is_cancelled_whenever_the_next_may_write(db: Database) -> None:
    chance = random.Random(3)
    for number in range(ROUNDS):
        tasks = [asyncio.create_task(note(db, 10 * number + place)) for place in range(3)]
        tasks += [asyncio.create_task(look(db)) for _ in range(2)]
        await asyncio.sleep(chance.random() * 0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(5):
            await note(db, 10 * number + 9)


async def test_a_cancellation_comes_after_the_work_that_had_begun() -> None:
    done = []

    async def work() -> None:
        await asyncio.sleep(0.02)
        done.append("work")

    task = asyncio.create_task(finished(work()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["work"]


async def test_an_error_of_the_work_is_raised() -> None:
    async def work() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await finished(work())
