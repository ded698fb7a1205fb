"""The buttons under a finished picture, which work weeks later and after any restart.

All they need is in the database: the job's snapshot, its pictures, its results. What follows is a
job of its own with a living message of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PIL import Image

from bot.keyboards import done_keyboard
from bot.orders import place_order
from bot.turn import Turn
from bot.variations import as_shown, larger, painted_blob, stronger, weaker
from bot.waiting import ask_for_photo, offer_gallery, same_picture
from engine.settings import Settings
from storage import jobs
from storage.models import Job, Picture, Status


class Gone(Exception):
    """A file that the button needs is no longer kept."""


async def press(turn: Turn, action: str, job: Job) -> str | None:
    """Carry out a button of ACTIONS; the words of the answer, if it needs any."""
    if job.status is not Status.SUCCEEDED:
        return turn.texts.plain("answer.stale")
    try:
        return await ACTIONS[action](turn, job)
    except Gone:
        return turn.texts.plain("answer.gone")


async def _stronger(turn: Turn, job: Job) -> str | None:
    settings = stronger(as_shown(job))
    if settings is None:
        return turn.texts.plain("answer.strongest")
    return await _paint(turn, job, settings, _kept(turn, painted_blob(job)))


async def _weaker(turn: Turn, job: Job) -> str | None:
    settings = weaker(as_shown(job))
    if settings is None:
        return turn.texts.plain("answer.weakest")
    return await _paint(turn, job, settings)


async def _larger(turn: Turn, job: Job) -> str | None:
    settings = larger(as_shown(job))
    size = job.settings.image_size
    if settings is None:
        return turn.texts.plain("answer.largest", size=size)
    painted = _kept(turn, painted_blob(job))
    edge = _longest_edge(turn, painted)
    if edge < size:
        return turn.texts.plain("answer.photo_is_small", size=edge)
    return await _paint(turn, job, settings, painted)


async def _again(turn: Turn, job: Job) -> str | None:
    return await _paint(turn, job, as_shown(job).replace(seed=None))


async def _colors(turn: Turn, job: Job) -> None:
    if job.other_blob is not None:
        shown = _kept(turn, job.other_blob)
        job.result_blob, job.other_blob = shown, job.result_blob
        job.keeps_colors = not job.keeps_colors
        await turn.put("edit_living", job_id=job.id)
    else:
        _kept(turn, job.result_blob)
        _kept(turn, job.pictures[0].blob)
        await turn.put("edit_colors", job_id=job.id)


async def _restyle(turn: Turn, job: Job) -> None:
    _same(turn, job.pictures[:1])
    await offer_gallery(turn, job=job)


async def _reuse(turn: Turn, job: Job) -> None:
    _same(turn, job.pictures[1:])
    await ask_for_photo(turn, job)


async def _original(turn: Turn, job: Job) -> str:
    await turn.put(
        "send_document",
        blob=_kept(turn, job.result_blob),
        text=turn.texts("original", title=job.title),
        reply_to=job.message_id,
    )
    return turn.texts.plain("answer.original")


async def _delete(turn: Turn, job: Job) -> str:
    """Ask first: what is deleted does not come back."""
    await _offer(turn, job, deleting=True)
    return turn.texts.plain("answer.delete")


async def _spare(turn: Turn, job: Job) -> str:
    await _offer(turn, job, deleting=False)
    return turn.texts.plain("answer.spared")


async def _offer(turn: Turn, job: Job, *, deleting: bool) -> None:
    if job.message_id is not None:
        keyboard = done_keyboard(
            job.id, turn.texts, keeps_colors=job.keeps_colors, deleting=deleting
        )
        await turn.offer(job.message_id, keyboard)


async def _erase(turn: Turn, job: Job) -> str:
    if job.message_id is not None:
        words = turn.texts("deleted")
        await turn.put("delete_result", message_id=job.message_id, instead=words)
    job.result_blob = job.other_blob = None  # their files go with the next sweep
    return turn.texts.plain("answer.deleted")


async def _paint(
    turn: Turn, job: Job, settings: Settings, initial_blob: str | None = None
) -> str | None:
    """Order a picture that follows a job; a second press of the same button orders no second."""
    for active in await jobs.active_of(turn.session, turn.user.id):
        if active.parent_id == job.id and active.settings == settings:
            return turn.texts.plain("answer.under_way")
    content, *styles = _same(turn, job.pictures)
    placed = await place_order(
        turn,
        content,
        styles,
        job.title or "",
        reply_to=job.message_id or job.reply_to,
        settings=settings,
        parent_id=job.id,
        initial_blob=initial_blob,
    )
    return turn.texts.plain("answer.ordered") if placed else None


def _same(turn: Turn, pictures: list[Picture]) -> list[Picture]:
    found = [same_picture(picture, turn.rooms.blobs) for picture in pictures]
    kept = [picture for picture in found if picture is not None]
    if len(kept) < len(found):
        raise Gone
    return kept


def _kept(turn: Turn, blob: str | None) -> str:
    if blob is None or not turn.rooms.blobs.path(blob).exists():
        raise Gone
    return blob


def _longest_edge(turn: Turn, blob: str) -> int:
    with Image.open(turn.rooms.blobs.path(blob)) as image:
        return max(image.size)


ACTIONS: dict[str, Callable[[Turn, Job], Awaitable[str | None]]] = {
    "stronger": _stronger,
    "weaker": _weaker,
    "larger": _larger,
    "colors": _colors,
    "again": _again,
    "restyle": _restyle,
    "reuse": _reuse,
    "original": _original,
    "delete": _delete,
    "erase": _erase,
    "spare": _spare,
}
