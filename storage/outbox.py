"""Calls that are owed to Telegram, written in the commit that decides them.

A chat's calls leave one after the other, in the order in which they were put: a call that has to
wait holds back its chat, and no other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.columns import utc_now
from storage.inserts import insert_new
from storage.models import Job, Outbox


async def put(
    session: AsyncSession,
    chat_id: int,
    method: str,
    payload: dict[str, Any],
    *,
    dedupe_key: str,
    job_id: str | None = None,
    not_before: datetime | None = None,
) -> Outbox | None:
    """Owe a call; None when one with that key has been put before, sent or not."""
    return await insert_new(
        session,
        Outbox,
        chat_id=chat_id,
        method=method,
        payload=payload,
        dedupe_key=dedupe_key,
        job_id=job_id,
        next_try_at=not_before or utc_now(),
    )


async def claim_due(
    session: AsyncSession, owner: str, lease_seconds: float, now: datetime, limit: int
) -> list[Outbox]:
    """Take what may be sent now, longest due first: of each chat at most its oldest open call."""
    free = or_(Outbox.lease_until.is_(None), Outbox.lease_until <= now)
    # As a table of its own it is read once; in a plain subquery PostgreSQL may lock row after row.
    due = (
        select(Outbox.id)
        .where(_first_of_chat(), Outbox.next_try_at <= now, free)
        .order_by(Outbox.next_try_at, Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = (
        update(Outbox)
        .where(Outbox.id.in_(select(due.c.id)))
        .values(
            lease_owner=owner,
            lease_until=now + timedelta(seconds=lease_seconds),
            tries=Outbox.tries + 1,
        )
        .returning(Outbox)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    rows = await session.scalars(taken)
    return sorted(rows, key=lambda row: (row.next_try_at, row.id))


async def sent(session: AsyncSession, row_id: int, message_id: int | None) -> None:
    """Note that Telegram took the call; a job's first sent message becomes its living one.

    What was said is not kept, only that it has been said.
    """
    done: dict[str, Any] = {
        "done_at": utc_now(),
        "sent_message_id": message_id,
        "error": None,
        "payload": {},
    }
    row = (
        await session.execute(_close(row_id, **done).returning(Outbox.job_id, Outbox.method))
    ).one_or_none()
    if row is None or row.job_id is None or not row.method.startswith("send"):
        return
    nameless = update(Job).where(Job.id == row.job_id, Job.message_id.is_(None))
    await session.execute(nameless.values(message_id=message_id))


async def postpone(session: AsyncSession, row_id: int, until: datetime, error: str) -> None:
    """Try again at that moment; the chat's later calls wait too."""
    await session.execute(_close(row_id, next_try_at=until, error=error))


async def drop(session: AsyncSession, row_id: int, error: str) -> None:
    """Give a call up for good."""
    await session.execute(_close(row_id, done_at=utc_now(), error=error, payload={}))


async def next_due(session: AsyncSession) -> datetime | None:
    """When the next call may leave, perhaps in the past; None when nothing is owed."""
    leased = and_(Outbox.lease_until.is_not(None), Outbox.lease_until > Outbox.next_try_at)
    ready_at = case((leased, Outbox.lease_until), else_=Outbox.next_try_at)
    moment: datetime | None = await session.scalar(
        select(func.min(ready_at, type_=Outbox.next_try_at.type)).where(_first_of_chat())
    )
    return moment


async def prune(session: AsyncSession, before: datetime) -> None:
    """Drop what was sent or given up before that moment; its keys are free again."""
    await session.execute(delete(Outbox).where(Outbox.done_at < before))


def _first_of_chat() -> ColumnElement[bool]:
    earlier = aliased(Outbox)
    blocked = exists().where(
        earlier.chat_id == Outbox.chat_id, earlier.done_at.is_(None), earlier.id < Outbox.id
    )
    return and_(Outbox.done_at.is_(None), ~blocked)


def _close(row_id: int, **values: Any) -> Any:
    """End the sender's hold on a row that is open, with these values."""
    open_row = update(Outbox).where(Outbox.id == row_id, Outbox.done_at.is_(None))
    return open_row.values(lease_owner=None, lease_until=None, **values)


async def find(session: AsyncSession, dedupe_key: str) -> Outbox | None:
    """The call with that key, owed or done, or None."""
    row: Outbox | None = await session.scalar(select(Outbox).where(Outbox.dedupe_key == dedupe_key))
    return row


async def message_sent(session: AsyncSession, dedupe_key: str) -> int | None:
    """The id of the message that the call with that key sent, or None."""
    row = await find(session, dedupe_key)
    return None if row is None else row.sent_message_id
