"""People: what they have set, and forgetting them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from engine.settings import Settings
from storage.blobs import REFERENCES
from storage.inserts import insert_new
from storage.models import Inbox, Job, Outbox, User
from storage.operation import Broadcast
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

    A person who writes has not blocked the bot, and may have changed the language meanwhile. Of
    several transactions that ask for the same person, one goes on at a time.
    """
    values = {**settings.as_dict(), **preferences.as_dict(), "language_code": language_code}
    user = await insert_new(session, User, id=user_id, **values)
    if user is None:
        user = await session.get_one(User, user_id, with_for_update=True, populate_existing=True)
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


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a forgotten person leaves to be removed: job folders, and blobs that others may use."""

    jobs: list[str]
    blobs: set[str]


async def forget(session: AsyncSession, user_id: int) -> Forgotten:
    """Erase the person with all drafts, styles and jobs, and all mail from and to them.

    The files are the caller's to remove, after the commit. A job that runs is fenced by this. What
    the operator decided about the person stays, and so does what today's pictures took.
    """
    jobs = list(await session.scalars(select(Job.id).where(Job.user_id == user_id)))
    blobs = await _blobs_of(session, user_id)
    for table in (Inbox, Outbox, Broadcast):  # a private chat has the id of its person
        await session.execute(delete(table).where(table.chat_id == user_id))
    for row in await session.scalars(select(Inbox).where(Inbox.done_at.is_(None))):
        if _is_from(row, user_id):
            await session.delete(row)
    await session.flush()
    await session.execute(delete(User).where(User.id == user_id))
    return Forgotten(jobs, blobs)


async def _blobs_of(session: AsyncSession, user_id: int) -> set[str]:
    jobs = select(Job.id).where(Job.user_id == user_id)
    found: set[str] = set()
    for column in REFERENCES:
        table = column.class_
        mine = table.user_id == user_id if hasattr(table, "user_id") else table.job_id.in_(jobs)
        found |= set(await session.scalars(select(column).where(mine, column.is_not(None))))
    return found


def _is_from(row: Inbox, user_id: int) -> bool:
    """Whether an update, of a group perhaps, is what that person wrote or pressed."""
    kinds = (kind for kind in row.payload.values() if isinstance(kind, dict))
    return any(kind.get("from", {}).get("id") == user_id for kind in kinds)
