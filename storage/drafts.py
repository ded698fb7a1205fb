"""The lone photo that waits for its style: at most one for each person in each chat."""

from __future__ import annotations

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
    content_file_id: str,
    content_unique_id: str,
    message_id: int,
    prompt_message_id: int | None = None,
    caption: str | None = None,
) -> Draft:
    """Keep the photo, instead of the one that waited before."""
    return await insert_or_update(
        session,
        Draft,
        key=("chat_id", "user_id"),
        chat_id=chat_id,
        user_id=user_id,
        content_file_id=content_file_id,
        content_unique_id=content_unique_id,
        message_id=message_id,
        prompt_message_id=prompt_message_id,
        caption=caption,
        created_at=utc_now(),
    )


async def get(session: AsyncSession, chat_id: int, user_id: int) -> Draft | None:
    """The photo that waits, or None."""
    return await session.get(Draft, (chat_id, user_id))


async def take(session: AsyncSession, chat_id: int, user_id: int) -> Draft | None:
    """The photo that waits, which then waits no more; of two takers one gets None."""
    chosen = delete(Draft).where(Draft.chat_id == chat_id, Draft.user_id == user_id)
    draft: Draft | None = await session.scalar(chosen.returning(Draft))
    return draft
