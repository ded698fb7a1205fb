"""Changes to a job by its buttons: the blend while it waits, content and style at any time."""

from __future__ import annotations

from bot.blends import more_of, percents
from bot.briefing import is_swappable
from bot.orders import place_order
from bot.turn import Turn
from storage import jobs, pictures
from storage.models import Job, Status


async def blend(turn: Turn, job: Job, favoured: int) -> str:
    """More of one style, counted from 1, or of all the same with 0; the words of the answer."""
    texts = turn.texts
    styles = job.pictures[1:]
    if favoured > len(styles):
        return texts.plain("answer.stale")
    before = percents([style.weight for style in styles])
    after = more_of(before, favoured - 1) if favoured else [1] * len(styles)
    if favoured and after == before:
        return texts.plain("blend.most", n=favoured, percent=before[favoured - 1])
    if not await pictures.reblend(turn.session, job.id, after):
        return texts.plain("blend.too_late")
    await turn.put("edit_living", job_id=job.id)
    return " / ".join(f"{share} %" for share in percents(after))


async def swap(turn: Turn, job: Job) -> str | None:
    """Content and style change places; a job that has begun starts anew in the same message."""
    texts = turn.texts
    if job.user_id != turn.user.id:
        return texts.plain("answer.foreign")
    if not is_swappable(job):
        return texts.plain("answer.stale")
    if await pictures.swap(turn.session, job.id):
        await turn.put("edit_living", job_id=job.id)
        return texts.plain("swap.done")
    return await _start_anew(turn, job)


async def _start_anew(turn: Turn, job: Job) -> str | None:
    """A new job takes the message over, and the one that began ends unseen."""
    old = await pictures.lock(turn.session, job.id)
    if old is None or old.status not in (Status.TODO, Status.DOING):
        return turn.texts.plain("answer.already_done")
    if old.stop_requested is not None:
        return turn.texts.plain("swap.too_late")
    content, style = pictures.swapped(old)
    new = await place_order(
        turn,
        content,
        [style],
        old.title or "",
        reply_to=old.reply_to,
        living_message_id=old.message_id,
        settings=old.settings,
        preferences=old.preferences,
    )
    if new is None:
        return None
    await jobs.request_stop(turn.session, old.id, keep=False)
    return turn.texts.plain("swap.again")
