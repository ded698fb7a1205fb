"""What waits in a chat for the other half of a job: a photo for its style, or a style for a photo.

The question to the person is withdrawn when it is answered, or when something else waits instead.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.keyboards import gallery_keyboard
from bot.limits import DRAFT_SECONDS
from bot.orders import place_order, sent_picture
from bot.pictures import Sent
from bot.turn import Turn
from bot.variations import as_shown
from bot.wishes import Wishes
from storage import drafts, jobs, outbox, styles
from storage.blobs import Blobs
from storage.columns import utc_now
from storage.models import Draft, Job, Picture


async def offer_gallery(
    turn: Turn, *, sent: Sent | None = None, job: Job | None = None, wishes: Wishes | None = None
) -> None:
    """Let a photo that was sent, or the content of a job, wait for a style."""
    await _withdraw_prompt(turn, await drafts.get(turn.session, turn.chat_id, turn.user.id))
    put = partial(drafts.put, turn.session, turn.chat_id, turn.user.id)
    if job is not None:
        draft = await put(content_of=job.id, message_id=job.message_id or job.reply_to)
    else:
        assert sent is not None  # one of the two is given
        draft = await put(
            content_file_id=sent.file_id,
            content_unique_id=sent.unique_id,
            message_id=sent.message_id,
            caption=wishes.caption.understood or None if wishes else None,
        )
    refusals = wishes.refusals(turn.texts) if wishes else []
    sheets = turn.rooms.sheet_blobs[turn.texts.language]
    words = "\n".join([turn.texts("gallery"), *refusals])
    keyboard = gallery_keyboard(
        turn.rooms.gallery_page(0),
        turn.user.id,
        turn.texts,
        page=0,
        pages=len(sheets),
        own=await styles.count(turn.session, turn.user.id) > 0,
    )
    await turn.show(sheets[0], words, keyboard, prompt_key(draft))


async def ask_for_photo(turn: Turn, job: Job) -> None:
    """Let the styles of a job wait for a photo."""
    await _withdraw_prompt(turn, await drafts.get(turn.session, turn.chat_id, turn.user.id))
    reply_to = job.message_id or job.reply_to
    draft = await drafts.put(
        turn.session, turn.chat_id, turn.user.id, message_id=reply_to, style_of=job.id
    )
    key = "reuse" if turn.chat_id == turn.user.id else "reuse.group"
    words = turn.texts.plain(key)
    await turn.put("send_text", key=prompt_key(draft), text=words, keyboard=None, reply_to=reply_to)


async def take_waiting(turn: Turn, *, prompt_stays: bool = False) -> Draft | None:
    """What waits, which then waits no more; None also when it has waited for too long.

    The question that was asked for it goes, or stays.
    """
    draft = await drafts.take(turn.session, turn.chat_id, turn.user.id)
    if not prompt_stays:
        await _withdraw_prompt(turn, draft)
    if draft is None or draft.created_at < utc_now() - timedelta(seconds=DRAFT_SECONDS):
        return None
    return draft


async def waiting_content(turn: Turn, draft: Draft) -> Picture | None:
    """The photo that waits; None when a style waits instead, or its file is gone."""
    if draft.content_file_id is not None:
        return Picture(file_id=draft.content_file_id, message_id=draft.message_id)
    job = await jobs.get(turn.session, draft.content_of) if draft.content_of else None
    return same_picture(job.pictures[0], turn.rooms.blobs) if job else None


async def reuse_styles(turn: Turn, job_id: str, photo: Sent) -> bool:
    """Order a photo in the styles of a job; False when they are gone."""
    job = await jobs.get(turn.session, job_id)
    if job is None:
        return False
    found = [same_picture(style, turn.rooms.blobs) for style in job.pictures[1:]]
    kept = [style for style in found if style is not None]
    if len(kept) < len(found):
        return False
    await place_order(
        turn,
        sent_picture(photo),
        kept,
        job.title or "",
        reply_to=photo.message_id,
        settings=as_shown(job).replace(seed=None),
        parent_id=job.id,
    )
    return True


def same_picture(picture: Picture, blobs: Blobs) -> Picture | None:
    """A job's picture for another job; Telegram may still have what we no longer keep."""
    here = picture.blob is not None and blobs.path(picture.blob).exists()
    if not here and picture.file_id is None:
        return None
    return Picture(
        file_id=picture.file_id,
        blob=picture.blob if here else None,
        weight=picture.weight,
        scale=picture.scale,
        width=picture.width,
        height=picture.height,
    )


def prompt_key(draft: Draft) -> str:
    """The outbox key of the question that was asked for what waits."""
    return f"prompt:{draft.chat_id}:{draft.user_id}:{draft.created_at.timestamp():.6f}"


async def _withdraw_prompt(turn: Turn, draft: Draft | None) -> None:
    """Take the question away again, if there is one."""
    row = None if draft is None else await outbox.find(turn.session, prompt_key(draft))
    if row is None:
        return
    if row.done_at is None and row.lease_owner is None:
        await outbox.drop(turn.session, row.id, "answered before it was sent")
    else:  # sent, or on its way: the chat's calls go out in order
        await turn.put("delete", key=f"withdrawn:{row.id}", sent_by=row.dedupe_key)
