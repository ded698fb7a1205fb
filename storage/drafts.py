"""What waits for the other half of a job: at most one thing for each person in each chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import utc_now
from storage.inserts import insert_or_update
from storage.models import Draft


async def put(
    session: AsyncSession,
    chat_id: int,
    user_id: int,
    *,
    message_id: int,
    content_file_id: str | None = None,
    content_unique_id: str | None = None,
    content_of: str | None = None,
    style_of: str | None = None,
    prompt_message_id: int | None = None,
    caption: str | None = None,
) -> Draft:
    """Keep a photo, or the content or the styles of a job, instead of what waited before."""
    return await insert_or_update(
        session,
        Draft,
        key=("chat_id", "user_id"),
        chat_id=chat_id,
        user_id=user_id,
        content_file_id=content_file_id,
        content_unique_id=content_unique_id,
        content_of=content_of,
        style_of=style_of,
        message_id=message_id,
        prompt_message_id=prompt_message_id,
        caption=caption,
        created_at=utc_now(),
    )


async def get(session: AsyncSession, chat_id: int, user_id: int) -> Draft | None:
    """What waits, or None."""
    return await session.get(Draft, (chat_id, user_id))


async def take(session: AsyncSession, chat_id: int, user_id: int) -> Draft | None:
    """What waits, which then waits no more; of two takers one gets None."""
    chosen = delete(Draft).where(Draft.chat_id == chat_id, Draft.user_id == user_id)
    draft: Draft | None = await session.scalar(chosen.returning(Draft))
    return draft


async def prune(session: AsyncSession, before: datetime) -> None:
    """Drop what has waited since before that moment."""
    await session.execute(delete(Draft).where(Draft.created_at < before))
