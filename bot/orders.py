"""Placing a job: the settings' snapshot, its charge, and the message that will live."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from bot.admission import NotAdmitted, admit
from bot.pictures import Sent
from bot.turn import Turn
from bot.wishes import NamedStyle, Wishes, blend
from engine.settings import MAX_SEED, Settings
from storage import jobs, quotas
from storage.models import Job, Picture
from storage.preferences import Preferences


async def order(
    turn: Turn,
    content: Picture,
    sent: Sequence[Sent],
    wishes: Wishes,
    *,
    reply_to: int,
    living_message_id: int | None = None,
    parent_id: str | None = None,
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
        parent_id=parent_id,
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
    parent_id: str | None = None,
    initial_blob: str | None = None,
) -> Job | None:
    """Put a job in the queue and its first words in the outbox; None when that was refused.

    With `living_message_id` an earlier message of ours becomes the living one. Without `settings`
    or `preferences` those of the person hold; `initial_blob` is a picture to start from.
    """
    settings = settings or turn.user.settings
    try:
        charge = await admit(turn, settings, [content, *styles])
    except NotAdmitted as refusal:
        await turn.reply(str(refusal))
        return None
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
        parent_id=parent_id,
        initial_blob=initial_blob,
    )
    await quotas.charge(turn.session, job.id, turn.user.id, charge)
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
