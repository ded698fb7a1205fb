"""Every press of a button: who may press it, what it does, and an answer in any case."""

from __future__ import annotations

import logging

from telegram import CallbackQuery, Update
from telegram.error import TelegramError

from bot.callbacks import (
    BlendPress,
    ErasePress,
    GalleryPress,
    JobPress,
    SettingPress,
    StylePress,
    unpack,
)
from bot.context import Context
from bot.handlers import changes, privacy, results, settings, styles
from bot.handlers.queue import stop
from bot.limits import MAX_CALLBACK_ANSWER_CHARS
from bot.orders import order
from bot.turn import Turn
from bot.waiting import waiting_content
from bot.wishes import NamedStyle, read_wishes
from storage import drafts, jobs
from storage.models import Status, StopRequest

log = logging.getLogger(__name__)


async def press(update: Update, context: Context) -> None:
    """Carry out a press; its answer goes out at once, not through the outbox: it may be lost."""
    query = update.callback_query
    assert query is not None  # the handler is for presses only
    async with context.turn(update) as turn:
        words = await _decide(turn, query)
    if turn.forgotten is not None:
        await privacy.erase_files(context.rooms, turn.forgotten)
    try:
        await query.answer((words or "")[:MAX_CALLBACK_ANSWER_CHARS], show_alert=_is_long(words))
    except TelegramError as error:
        log.info("a press was answered too late: %s", error)


def _is_long(words: str | None) -> bool:
    return words is not None and "\n" in words


async def _decide(turn: Turn, query: CallbackQuery) -> str | None:
    pressed = unpack(query.data or "")
    message = query.message
    match pressed:
        case SettingPress() if message is not None:
            return await settings.press(turn, pressed, message.message_id)
        case GalleryPress() if message is not None:
            return await _paint_from_gallery(turn, pressed, message.message_id)
        case StylePress() if message is not None:
            return await styles.press(turn, pressed, message.message_id)
        case JobPress() | BlendPress():
            return await _press_job(turn, pressed)
        case ErasePress() if message is not None:
            return await privacy.press(turn, pressed, message.message_id)
    return turn.texts.plain("answer.stale")


async def _paint_from_gallery(turn: Turn, press: GalleryPress, message_id: int) -> str | None:
    texts = turn.texts
    if press.owner != turn.user.id:
        return texts.plain("answer.foreign")
    painting = turn.rooms.painting(press.slug)
    if painting is None:
        return texts.plain("answer.stale")
    draft = await drafts.get(turn.session, turn.chat_id, turn.user.id)
    content = await waiting_content(turn, draft) if draft is not None else None
    if draft is None or content is None:
        return texts.plain("gallery.gone")
    await drafts.take(turn.session, turn.chat_id, turn.user.id)
    title = painting.title(texts.language)
    style = NamedStyle(title, turn.rooms.gallery_blobs[painting.slug])
    wishes = await read_wishes(turn, draft.caption)
    await order(
        turn,
        content,
        [],
        wishes.with_style(style),
        reply_to=draft.message_id,
        living_message_id=message_id,
        parent_id=draft.content_of,
    )
    return None


async def _press_job(turn: Turn, press: JobPress | BlendPress) -> str | None:
    texts = turn.texts
    job = await jobs.get(turn.session, press.job)
    if job is None:
        return texts.plain("answer.gone")
    if turn.user.id not in {job.user_id} | turn.rooms.config.admin_user_ids:
        return texts.plain("answer.foreign")
    if isinstance(press, BlendPress):
        return await changes.blend(turn, job, press.favoured)
    if press.action == "swap":
        return await changes.swap(turn, job)
    if press.action in results.ACTIONS:
        return await results.press(turn, press.action, job)
    if press.action not in ("keep", "discard"):
        return texts.plain("answer.stale")
    if job.status not in (Status.TODO, Status.DOING):
        return texts.plain("answer.already_done")
    first = job.status is Status.DOING and job.stop_requested is None
    after = await stop(turn, job, keep=first or press.action == "keep")
    if after is StopRequest.KEEP:
        return texts.plain("answer.keep" if press.action == "keep" else "answer.discard")
    return texts.plain("answer.discarded")
