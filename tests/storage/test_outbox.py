"""Calls owed to Telegram: their order, leases, retries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import jobs, outbox
from storage.columns import utc_now

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def in_seconds(seconds: float) -> datetime:
    return utc_now() + timedelta(seconds=seconds)


async def put(session, chat_id, key, **more):
    return await outbox.put(session, chat_id, "sendMessage", {"text": key}, dedupe_key=key, **more)


async def claim(session, now=None, limit=10, owner="me"):
    rows = await outbox.claim_due(session, owner, 60, now or in_seconds(1), limit)
    return [row.dedupe_key for row in rows]


async def test_the_same_key_is_owed_once(db):
    async with db.write() as session:
        first = await put(session, 1, "a")
        assert await put(session, 1, "a") is None
        await outbox.sent(session, first.id, 100)
        assert await put(session, 1, "a") is None


async def test_a_call_is_found_by_its_key(db):
    async with db.write() as session:
        row = await put(session, 1, "a")
        assert (await outbox.find(session, "a")).id == row.id
        assert await outbox.find(session, "b") is None


async def test_of_each_chat_only_the_oldest_call_leaves(db):
    async with db.write() as session:
        for chat, key in [(1, "a"), (1, "b"), (2, "c"), (2, "d")]:
            await put(session, chat, key)
        assert await claim(session) == ["a", "c"]
        assert await claim(session) == []


async def test_a_chat_keeps_its_order_through_a_failure(db):
    async with db.write() as session:
        first = await put(session, 1, "a")
        await put(session, 1, "b")
        await put(session, 2, "c")
        await claim(session)
        await outbox.postpone(session, first.id, in_seconds(100), "flood")
        assert await claim(session) == []
        assert await claim(session, now=in_seconds(101)) == ["c", "a"]
        await outbox.sent(session, first.id, 5)
        assert await claim(session) == ["b"]


async def test_a_dropped_call_lets_the_next_one_go(db):
    async with db.write() as session:
        first = await put(session, 1, "a")
        await put(session, 1, "b")
        await outbox.drop(session, first.id, "blocked")
        assert await claim(session) == ["b"]


async def test_the_longest_due_call_leaves_first_and_the_limit_holds(db):
    async with db.write() as session:
        await put(session, 1, "new")
        await put(session, 2, "old", not_before=LONG_AGO)
        assert await claim(session, limit=1) == ["old"]


async def test_a_call_whose_sender_vanished_is_claimed_again(db):
    async with db.write() as session:
        await put(session, 1, "a")
        await claim(session)
        assert await claim(session, now=in_seconds(50)) == []
        (row,) = await outbox.claim_due(session, "other", 60, in_seconds(62), 10)
    assert (row.tries, row.lease_owner) == (2, "other")


@pytest.mark.parametrize(("method", "becomes"), [("sendMessage", 77), ("editMessageText", None)])
async def test_the_first_message_sent_for_a_job_is_its_living_one(db, add_job, method, becomes):
    async with db.write() as session:
        job = await add_job(session)
        row = await outbox.put(session, 1, method, {}, dedupe_key="a", job_id=job.id)
        later = await outbox.put(session, 1, method, {}, dedupe_key="b", job_id=job.id)
        await outbox.sent(session, row.id, 77)
        await outbox.sent(session, later.id, 78)
        assert (await jobs.get(session, job.id)).message_id == becomes


async def test_the_next_due_moment_minds_time_lease_and_order(db):
    async with db.write() as session:
        assert await outbox.next_due(session) is None
        first = await put(session, 1, "a", not_before=LONG_AGO)
        await put(session, 1, "b", not_before=LONG_AGO - timedelta(days=1))
        assert await outbox.next_due(session) == LONG_AGO
        await claim(session, now=LONG_AGO)
        assert await outbox.next_due(session) == LONG_AGO + timedelta(seconds=60)
        await outbox.postpone(session, first.id, LONG_AGO + timedelta(hours=1), "flood")
        assert await outbox.next_due(session) == LONG_AGO + timedelta(hours=1)


async def test_pruning_drops_only_what_is_over(db):
    async with db.write() as session:
        done = await put(session, 1, "a")
        await put(session, 1, "b")
        await outbox.sent(session, done.id, 5)
        await outbox.prune(session, in_seconds(1))
        assert await put(session, 1, "a") is not None
        assert await put(session, 1, "b") is None
