"""What belongs to a chat rather than to a person: its messages, its jobs, and its own number."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Draft, Inbox, Job, Outbox, Status


async def active_jobs(session: AsyncSession, chat_id: int) -> list[Job]:
    """The chat's jobs that wait or run, oldest first."""
    active = Job.status.in_((Status.TODO, Status.DOING))
    query = select(Job).where(Job.chat_id == chat_id, active)
    return list(await session.scalars(query.order_by(Job.created_at, Job.id)))


async def job_of_message(session: AsyncSession, chat_id: int, message_id: int) -> Job | None:
    """The job whose living message that is, or None."""
    query = select(Job).where(Job.chat_id == chat_id, Job.message_id == message_id)
    job: Job | None = await session.scalar(query.order_by(Job.created_at.desc()).limit(1))
    return job


async def move(session: AsyncSession, old_id: int, new_id: int) -> None:
    """Follow a group that became a supergroup, which has another id."""
    for table in (Job, Outbox, Draft, Inbox):
        await session.execute(update(table).where(table.chat_id == old_id).values(chat_id=new_id))
