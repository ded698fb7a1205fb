"""The last words about a job, owed in the commit that ends it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.texts import Html
from bot.words import reason, texts_of
from storage import outbox, users
from storage.columns import JobError
from storage.models import Job, Status, Style


async def announce_end(session: AsyncSession, job: Job) -> None:
    """Owe the living message its last edit and, where the person wants it, the original file."""
    await outbox.put(
        session, job.chat_id, "edit_living", {}, dedupe_key=f"final:{job.id}", job_id=job.id
    )
    if job.status is Status.SUCCEEDED and job.preferences.output == "both":
        texts = texts_of(await users.get(session, job.user_id))
        payload = {
            "blob": job.result_blob,
            "text": texts("original", title=job.title),
            "reply_to": job.message_id,
        }
        await outbox.put(
            session, job.chat_id, "send_document", payload, dedupe_key=f"file:{job.id}"
        )


async def announce_bad_style(session: AsyncSession, style: Style, error: JobError) -> None:
    """Say why a saved style is not kept after all."""
    texts = texts_of(await users.get(session, style.user_id))
    words = texts("style.lost", name=style.name, reason=Html(reason(error, texts)))
    await outbox.put(
        session, style.chat_id, "send_text", {"text": words}, dedupe_key=f"style:{style.id}"
    )
