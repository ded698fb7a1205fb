"""A group that Telegram turned into a supergroup: the same people under another id."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Draft, Inbox, Job, Outbox


async def migrate(session: AsyncSession, old_id: int, new_id: int) -> None:
    """Let all that is owed or expected in the chat go on under its new id.

    Message ids start anew there: jobs lose their living message, and photos that waited are
    forgotten, since nothing could be said about them any more.
    """
    await session.execute(delete(Draft).where(Draft.chat_id == old_id))
    moved = update(Job).where(Job.chat_id == old_id)
    await session.execute(moved.values(chat_id=new_id, message_id=None))
    for table in (Inbox, Outbox):
        await session.execute(update(table).where(table.chat_id == old_id).values(chat_id=new_id))
