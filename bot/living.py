"""The living message: what a job's one message shows at any moment, made from the database alone.

Rendering happens when the message is about to be sent, never earlier, so that a late edit shows the
latest state and a repeated one does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardMarkup

from bot import keyboards
from bot.briefing import LEFT_OUT_WHEN_DONE, briefing, is_swappable, special
from bot.estimates import seconds_for
from bot.texts import Html, Texts
from bot.words import reason, texts_of
from engine.forecast import DeviceSpeed
from storage import history, jobs, users
from storage.models import Job, JobEvent, Status

BAR_CELLS = 12


@dataclass(frozen=True, slots=True)
class Living:
    """A message's words, its picture if it has one yet, and its buttons.

    `preview` is the blob of a JPEG, `result` that of the finished PNG.
    """

    words: str
    keyboard: InlineKeyboardMarkup | None = None
    preview: str | None = None
    result: str | None = None


async def render(
    session: AsyncSession, job: Job, speed: DeviceSpeed | None = None
) -> Living | None:
    """The message of a job as it should look now; `speed` is that of the device, if known.

    None when a later job has taken the message over.
    """
    if job.message_id is not None:
        shown = await jobs.shown_in(session, job.chat_id, job.message_id)
        if shown is not None and shown.id != job.id:
            return None
    user = await users.get(session, job.user_id)
    texts = texts_of(user)
    match job.status:
        case Status.TODO:
            return await _waiting(session, job, briefing(job, user, texts), texts, speed)
        case Status.DOING:
            return await _running(session, job, briefing(job, user, texts), texts)
        case Status.SUCCEEDED:
            return _done(job, special(job, user, texts, LEFT_OUT_WHEN_DONE), texts)
        case Status.CANCELLED:
            return Living(texts("cancelled", title=job.title))
        case Status.FAILED:
            return Living(texts("failed", title=job.title, reason=Html(reason(job.error, texts))))


async def _waiting(
    session: AsyncSession, job: Job, about: str, texts: Texts, speed: DeviceSpeed | None
) -> Living:
    place = await jobs.place(session, job.id)
    words = texts("queued", title=job.title, n=place)
    if place == 0:
        words = texts("queued.next", title=job.title)
    if job.failures:
        words = texts("again", title=job.title)
    seconds = await seconds_for(session, job.settings, job.pictures, speed)
    if seconds is not None:
        key = "queued.time" if place else "queued.takes"
        words += " " + texts(key, time=texts.duration(seconds * (1 + place)))
    if about:
        words += "\n" + about
    styles = 1 if job.attempt else len(job.pictures) - 1  # what has begun keeps its blend
    keyboard = keyboards.waiting_keyboard(job.id, texts, styles=styles, swappable=is_swappable(job))
    return Living(words, keyboard)


async def _running(session: AsyncSession, job: Job, about: str, texts: Texts) -> Living:
    event = await jobs.latest_event(session, job.id)
    preview = await history.latest_preview(session, job.id)
    stopping = job.stop_requested is not None
    keyboard = keyboards.running_keyboard(
        job.id, texts, stopping=stopping, swappable=is_swappable(job)
    )
    begun = "\n".join(filter(None, [texts("starting", title=job.title), about]))
    words = painting_words(job, event, texts) if event else begun
    if stopping:
        words += "\n" + texts("stopping")
    return Living(words, keyboard, preview=preview)


def painting_words(job: Job, event: JobEvent, texts: Texts) -> str:
    """Title, progress bar, step count and the time left."""
    share = event.step / max(1, event.steps)
    words = texts(
        "painting",
        title=job.title,
        bar=progress_bar(share),
        percent=int(share * 100),
        step=event.step,
        steps=event.steps,
    )
    if event.seconds_left is not None and job.stop_requested is None:
        words += " · " + texts("painting.time", time=texts.duration(event.seconds_left))
    return words


def progress_bar(share: float) -> str:
    """A bar of twelve cells for a share of 0..1."""
    full = max(0, min(BAR_CELLS, int(share * BAR_CELLS)))
    return "▰" * full + "▱" * (BAR_CELLS - full)


def _done(job: Job, about: str, texts: Texts) -> Living:
    words = texts(
        "done",
        title=job.title,
        size=job.settings.image_size,
        steps=job.steps_done,
        time=texts.duration(job.seconds or 0),
    )
    steps = job.settings.iterations
    if job.stop_requested is not None and job.steps_done < steps:
        words = texts("done.stopped", title=job.title, step=job.steps_done, steps=steps)
    words = "\n".join(filter(None, [words, about]))
    keyboard = keyboards.done_keyboard(job.id, texts, keeps_colors=job.keeps_colors)
    return Living(words, keyboard, result=job.result_blob)


def wants_file(job: Job) -> bool:
    """Whether the result is to come as a file only."""
    return job.preferences.output == "file"
