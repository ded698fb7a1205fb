"""What the operator decided about people, by their Telegram ids, met or not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import utc_now
from storage.inserts import insert_or_update
from storage.operation import Standing


async def get(session: AsyncSession, user_id: int) -> Standing | None:
    """What was decided about that person, or None for nothing."""
    return await session.get(Standing, user_id)


async def is_banned(session: AsyncSession, user_id: int) -> bool:
    """Whether the bot shall not hear that person."""
    standing = await get(session, user_id)
    return standing is not None and standing.banned_at is not None


async def ban(session: AsyncSession, user_id: int, reason: str | None) -> None:
    """Stop hearing that person; a second ban replaces the reason."""
    await _put(session, user_id, banned_at=utc_now(), reason=reason)


async def unban(session: AsyncSession, user_id: int) -> bool:
    """Hear that person again; False when there was no ban."""
    if not await is_banned(session, user_id):
        return False
    await _put(session, user_id, banned_at=None, reason=None)
    await _drop_empty(session)
    return True


async def set_quota(session: AsyncSession, user_id: int, minutes: int | None) -> None:
    """Give that person so many minutes a day, 0 for no limit; None is everybody's number."""
    await _put(session, user_id, quota_minutes=minutes)
    await _drop_empty(session)


async def quota_minutes(session: AsyncSession, user_id: int, default: int) -> int:
    """The minutes a day that person may paint, 0 for no limit."""
    standing = await get(session, user_id)
    own = None if standing is None else standing.quota_minutes
    return default if own is None else own


async def _put(session: AsyncSession, user_id: int, **values: Any) -> None:
    await insert_or_update(session, Standing, key=("user_id",), user_id=user_id, **values)


async def _drop_empty(session: AsyncSession) -> None:
    nothing = Standing.banned_at.is_(None), Standing.quota_minutes.is_(None)
    await session.execute(delete(Standing).where(*nothing))
