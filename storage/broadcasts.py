"""Words for everybody, put into the outbox a few people at a time.

All at once they would stand before the answers that people wait for, chat by chat.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import outbox
from storage.columns import utc_now
from storage.models import Outbox, User
from storage.operation import Broadcast, Standing


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a broadcast's messages: delivered, given up, still on the way."""

    sent: int
    failed: int
    open: int


async def begin(session: AsyncSession, chat_id: int, text: str) -> int:
    """Owe everybody these words, in HTML; the number of people they will go to.

    The counts are to be reported in that chat.
    """
    session.add(Broadcast(chat_id=chat_id, text=text))
    await session.flush()
    readers = _readers().with_only_columns(func.count())
    return await session.scalar(readers) or 0


async def waiting(session: AsyncSession) -> bool:
    """Whether there is a broadcast that is not done with."""
    return await session.scalar(_current()) is not None


async def current(session: AsyncSession) -> Broadcast | None:
    """The oldest broadcast that is not done with, for this transaction alone.

    None when there is none, or another transaction has it.
    """
    row: Broadcast | None = await session.scalar(_current().with_for_update(skip_locked=True))
    return row


async def put_some(session: AsyncSession, row: Broadcast, limit: int) -> None:
    """Put the words for the next people into the outbox; after the last one `put_at` is set."""
    rest = _readers().where(User.id > row.reached).order_by(User.id).limit(limit)
    people = list(await session.scalars(rest))
    for user_id in people:
        payload = {"text": row.text, "keyboard": None, "reply_to": None}
        key = f"{_prefix(row)}{user_id}"
        await outbox.put(session, user_id, "send_text", payload, dedupe_key=key)
        row.reached = user_id
    if len(people) < limit:
        row.put_at = utc_now()


async def counts(session: AsyncSession, row: Broadcast) -> Counts:
    """How far its messages have come."""
    mine = select(func.count()).where(Outbox.dedupe_key.startswith(_prefix(row)))
    done = mine.where(Outbox.done_at.is_not(None))
    sent = await session.scalar(done.where(Outbox.sent_message_id.is_not(None))) or 0
    failed = await session.scalar(done.where(Outbox.sent_message_id.is_(None))) or 0
    return Counts(sent, failed, await session.scalar(mine.where(Outbox.done_at.is_(None))) or 0)


def _current() -> Select[Broadcast]:
    return select(Broadcast).where(Broadcast.done_at.is_(None)).order_by(Broadcast.id).limit(1)


def _readers() -> Select[int]:
    """Everybody whose private chat is open to the bot; it has the id of its person."""
    banned = select(Standing.user_id).where(Standing.banned_at.is_not(None))
    return select(User.id).where(~User.blocked, User.id.not_in(banned))


def _prefix(row: Broadcast) -> str:
    return f"broadcast:{row.id}:"
