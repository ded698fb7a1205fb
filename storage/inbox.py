"""Updates from Telegram, written down before their arrival is confirmed.

A handler's decision and the `done_at` of its update share one commit; an update whose handler died
is still open and comes again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import utc_now
from storage.inserts import insert_new
from storage.models import Inbox

# After a week without updates Telegram numbers the next one at random (Bot API, Update), so that
# an offset from before could skip it.
OFFSET_LIFETIME = timedelta(days=6)


async def record(
    session: AsyncSession,
    bot_id: int,
    update_id: int,
    payload: dict[str, Any],
    chat_id: int | None,
    media_group_id: str | None = None,
    *,
    message_id: int | None = None,
) -> bool:
    """Write an update down; False when it is known already, done or not."""
    row = await insert_new(
        session,
        Inbox,
        bot_id=bot_id,
        update_id=update_id,
        payload=payload,
        chat_id=chat_id,
        message_id=message_id,
        media_group_id=media_group_id,
    )
    return row is not None


async def pending(
    session: AsyncSession, bot_id: int, before: datetime | None = None
) -> list[Inbox]:
    """The updates that are still open, oldest first; only those from before that moment, if any."""
    query = select(Inbox).where(Inbox.bot_id == bot_id, Inbox.done_at.is_(None))
    if before is not None:
        query = query.where(Inbox.received_at < before)
    return list(await session.scalars(query.order_by(Inbox.received_at, Inbox.update_id)))


async def album(
    session: AsyncSession, bot_id: int, chat_id: int, media_group_id: str
) -> list[Inbox]:
    """The open updates of an album in the order in which the person arranged it."""
    query = select(Inbox).where(
        Inbox.bot_id == bot_id,
        Inbox.chat_id == chat_id,
        Inbox.media_group_id == media_group_id,
        Inbox.done_at.is_(None),
    )
    order = func.coalesce(Inbox.message_id, Inbox.update_id), Inbox.update_id
    return list(await session.scalars(query.order_by(*order)))


async def album_arrived(
    session: AsyncSession, bot_id: int, chat_id: int, media_group_id: str
) -> datetime | None:
    """When the latest open update of an album arrived, at any process; None without one."""
    rows = await album(session, bot_id, chat_id, media_group_id)
    return max((row.received_at for row in rows), default=None)


async def is_behind(
    session: AsyncSession, bot_id: int, chat_id: int | None, update_id: int
) -> bool:
    """Whether an earlier update of the chat is still open, albums left aside: those collect."""
    earlier = select(Inbox.update_id).where(
        Inbox.bot_id == bot_id,
        Inbox.chat_id == chat_id,
        Inbox.update_id < update_id,
        Inbox.done_at.is_(None),
        Inbox.media_group_id.is_(None),
    )
    return await session.scalar(earlier.limit(1)) is not None


async def lock(session: AsyncSession, bot_id: int, update_ids: Iterable[int]) -> list[Inbox]:
    """The rows of these updates, open or not, which nobody else closes before the commit."""
    query = select(Inbox).where(Inbox.bot_id == bot_id, Inbox.update_id.in_(list(update_ids)))
    query = query.order_by(Inbox.update_id).with_for_update()
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


async def finish(session: AsyncSession, rows: Iterable[Inbox]) -> None:
    """Close updates; what people wrote is not kept, only that it has been dealt with."""
    for row in rows:
        await session.execute(_open(row).values(done_at=utc_now(), payload={}))


async def fail(session: AsyncSession, row: Inbox, error: str, max_tries: int = 3) -> bool:
    """Count a handler's failure; True when the update has been given up and is closed."""
    failed = _open(row).values(tries=Inbox.tries + 1, error=error)
    tries = await session.scalar(failed.returning(Inbox.tries))
    if tries is not None and tries < max_tries:
        return False
    await finish(session, [row])
    return True


async def next_offset(
    session: AsyncSession, bot_id: int, *, now: datetime | None = None
) -> int | None:
    """The offset to ask Telegram for, or None to get all that it has not been told to drop."""
    fresh = (now or utc_now()) - OFFSET_LIFETIME
    latest = await session.scalar(
        select(Inbox.update_id)
        .where(Inbox.bot_id == bot_id, Inbox.received_at > fresh)
        .order_by(Inbox.received_at.desc(), Inbox.update_id.desc())
        .limit(1)
    )
    return None if latest is None else latest + 1


async def prune(session: AsyncSession, before: datetime) -> None:
    """Drop what was done with before that moment; Telegram repeats no update after a day."""
    await session.execute(delete(Inbox).where(Inbox.done_at < before))


def _open(row: Inbox) -> Update:
    key = Inbox.bot_id == row.bot_id, Inbox.update_id == row.update_id
    return update(Inbox).where(*key, Inbox.done_at.is_(None))
