"""The styles that people saved under names: each person's are their own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.inserts import insert_new
from storage.models import Style


async def save(
    session: AsyncSession,
    user_id: int,
    name: str,
    *,
    chat_id: int,
    file_id: str,
    blob: str | None = None,
) -> Style | None:
    """Keep a picture under that name; None when the person has a style of that name already."""
    return await insert_new(
        session, Style, user_id=user_id, name=name, chat_id=chat_id, file_id=file_id, blob=blob
    )


async def of(session: AsyncSession, user_id: int) -> Sequence[Style]:
    """The person's styles, oldest first."""
    query = select(Style).where(Style.user_id == user_id).order_by(Style.id)
    return list(await session.scalars(query))


async def get(session: AsyncSession, user_id: int, style_id: int) -> Style | None:
    """The person's style of that number, or None."""
    query = select(Style).where(Style.id == style_id, Style.user_id == user_id)
    style: Style | None = await session.scalar(query)
    return style


async def count(session: AsyncSession, user_id: int) -> int:
    """How many styles the person has."""
    query = select(func.count()).select_from(Style).where(Style.user_id == user_id)
    return await session.scalar(query) or 0


async def remove(session: AsyncSession, style_id: int) -> Style | None:
    """Forget a style; its bytes stay as long as a job needs them. None when it is gone already."""
    gone = delete(Style).where(Style.id == style_id).returning(Style)
    style: Style | None = await session.scalar(gone)
    return style


async def to_fetch(session: AsyncSession) -> list[Style]:
    """The styles whose bytes are still at Telegram, oldest first."""
    return list(await session.scalars(select(Style).where(Style.blob.is_(None)).order_by(Style.id)))


async def set_blob(session: AsyncSession, style_id: int, sha256: str) -> bool:
    """Say where a style's bytes are; False when the style is gone."""
    chosen = update(Style).where(Style.id == style_id).values(blob=sha256).returning(Style.id)
    return await session.scalar(chosen) is not None
