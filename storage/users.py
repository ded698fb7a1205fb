"""People: what they have set, and forgetting them."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from engine.settings import Settings
from storage.inserts import insert_new
from storage.models import Inbox, Job, Outbox, User
from storage.preferences import Preferences


async def get_or_create(
    session: AsyncSession,
    user_id: int,
    *,
    language_code: str | None,
    settings: Settings,
    preferences: Preferences,
) -> User:
    """The person with that Telegram id; `settings` and `preferences` are for a new one only.

    A person who writes has not blocked the bot, and may have changed the language meanwhile.
    """
    values = {**settings.as_dict(), **preferences.as_dict(), "language_code": language_code}
    user = await insert_new(session, User, id=user_id, **values)
    if user is None:
        user = await session.get_one(User, user_id)
        user.language_code = language_code
        user.blocked = False
    return user


async def get(session: AsyncSession, user_id: int) -> User | None:
    """The person with that Telegram id, or None."""
    return await session.get(User, user_id)


def change(
    user: User, *, settings: Settings | None = None, preferences: Preferences | None = None
) -> None:
    """Set new values and remember the old ones for `undo`; what is None stays."""
    before = {"settings": user.settings.as_dict(), "preferences": user.preferences.as_dict()}
    user.settings = settings or user.settings
    user.preferences = preferences or user.preferences
    user.undo = before


def undo(user: User) -> bool:
    """Take the last change back, or an undo itself; False when there was none."""
    if user.undo is None:
        return False
    change(
        user,
        settings=Settings.from_dict(user.undo["settings"]),
        preferences=Preferences.from_dict(user.undo["preferences"]),
    )
    return True


async def forget(session: AsyncSession, user_id: int) -> list[str]:
    """Erase the person with all drafts, styles and jobs, and what is still in their private chat.

    Returns the ids of the erased jobs, whose folders are the caller's to remove; the blobs that
    nobody else uses go with the next `Blobs.sweep`. A job that runs is fenced by this.
    """
    jobs = list(await session.scalars(select(Job.id).where(Job.user_id == user_id)))
    for table in (Inbox, Outbox):  # a private chat has the id of its person
        await session.execute(delete(table).where(table.chat_id == user_id))
    await session.execute(delete(User).where(User.id == user_id))
    return jobs
