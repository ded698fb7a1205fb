"""Placing a job: limits, the settings' snapshot, and the message that will live."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.pictures import Sent
from bot.turn import Turn
from bot.wishes import NamedStyle, Wishes, blend
from engine.settings import MAX_SEED, Settings
from storage import jobs
from storage.models import Job, Picture, Status
from storage.preferences import Preferences


async def order(
    turn: Turn,
    content: Picture,
    sent: Sequence[Sent],
    wishes: Wishes,
    *,
    reply_to: int,
    living_message_id: int | None = None,
) -> Job | None:
    """Order what pictures and caption ask for together; what makes no sense is left out and said.

    The styles that were sent come first, then those that the caption names.
    """
    styles = [*sent_styles(sent), *(style.picture() for style in wishes.named)]
    misfit = blend(styles, wishes.caption.shares, turn.texts)
    refusals = [*wishes.refusals(turn.texts), *([misfit] if misfit else [])]
    if refusals:
        await turn.reply("\n".join(refusals))
    return await place_order(
        turn,
        content,
        styles,
        title_of(turn, len(sent), wishes.named),
        reply_to=reply_to,
        living_message_id=living_message_id,
        settings=wishes.chosen.settings,
        preferences=wishes.chosen.preferences,
    )


async def place_order(
    turn: Turn,
    content: Picture,
    styles: Sequence[Picture],
    title: str,
    *,
    reply_to: int,
    living_message_id: int | None = None,
    settings: Settings | None = None,
    preferences: Preferences | None = None,
) -> Job | None:
    """Put a job in the queue and its first words in the outbox; None when that was refused.

    With `living_message_id` an earlier message of ours becomes the living one. Without `settings`
    or `preferences` those of the person hold.
    """
    full = await _no_room(turn)
    if full is not None:
        await turn.reply(full)
        return None
    settings = settings or turn.user.settings
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
        preferences=preferences or turn.user.preferences,
        content=content,
        styles=styles,
    )
    method = "send_living" if living_message_id is None else "edit_living"
    await turn.put(method, job_id=job.id, key=f"queued:{job.id}")
    return job


def sent_styles(styles: Sequence[Sent]) -> list[Picture]:
    """The styles a person sent, blended in equal shares."""
    return [sent_picture(style) for style in styles]


def sent_picture(sent: Sent) -> Picture:
    """A picture a person sent, as one of a job."""
    return Picture(file_id=sent.file_id, message_id=sent.message_id)


def title_of(turn: Turn, sent: int, named: Sequence[NamedStyle] = ()) -> str:
    """A job's title: the styles with a name, and how many pictures the person sent as styles."""
    texts = turn.texts
    parts = [style.title for style in named]
    if sent:
        key = "your_picture" if sent == 1 else "your_pictures"
        parts.insert(0, texts.plain(key, n=sent))
    return texts.plain("title", styles=", ".join(parts))


async def count_active(session: AsyncSession) -> int:
    """How many jobs wait or run, of everybody."""
    counts = await jobs.counts(session)
    return counts[Status.TODO] + counts[Status.DOING]


async def _no_room(turn: Turn) -> str | None:
    config, texts = turn.rooms.config, turn.texts
    mine = len(await jobs.active_of(turn.session, turn.user.id))
    if mine >= config.max_jobs_per_user:
        return texts("too_many.user", n=mine)
    if await count_active(turn.session) >= config.max_jobs:
        return texts("too_many.all")
    return None
