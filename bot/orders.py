"""Placing a job: the settings' snapshot, its charge, and the message that will live."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from bot.admission import NotAdmitted, admit
from bot.pictures import Sent
from bot.turn import Turn
from engine.settings import MAX_SEED, Settings
from storage import jobs, quotas
from storage.models import Picture


async def place_order(
    turn: Turn,
    content: Picture,
    styles: Sequence[Picture],
    title: str,
    *,
    reply_to: int,
    living_message_id: int | None = None,
    settings: Settings | None = None,
    parent_id: str | None = None,
    initial_blob: str | None = None,
) -> bool:
    """Put a job in the queue and its first words in the outbox, or say why not; whether it did.

    With `living_message_id` an earlier message of ours becomes the living one. Without `settings`
    those of the person hold; `initial_blob` is a picture to start from.
    """
    settings = settings or turn.user.settings
    try:
        charge = await admit(turn, settings, [content, *styles])
    except NotAdmitted as refusal:
        await turn.reply(str(refusal))
        return False
    if settings.seed is None:  # settled now, so that the picture can be made again
        settings = settings.replace(seed=secrets.randbelow(MAX_SEED))
    job = await jobs.enqueue(
        turn.session,
        user_id=turn.user.id,
        chat_id=turn.chat_id,
        reply_to=reply_to,
        message_id=living_message_id,
        title=title,
        settings=settings,
        preferences=turn.user.preferences,
        content=content,
        styles=styles,
        parent_id=parent_id,
        initial_blob=initial_blob,
    )
    await quotas.charge(turn.session, job.id, turn.user.id, charge)
    method = "send_living" if living_message_id is None else "edit_living"
    await turn.put(method, job_id=job.id, key=f"queued:{job.id}")
    return True


def sent_styles(styles: Sequence[Sent]) -> list[Picture]:
    """The styles a person sent, blended in equal shares."""
    return [Picture(file_id=style.file_id) for style in styles]


def title_of_sent(turn: Turn, count: int) -> str:
    """A job's title when the styles are the person's own pictures."""
    texts = turn.texts
    key = "your_picture" if count == 1 else "your_pictures"
    return texts.plain("title", styles=texts.plain(key, n=count))
