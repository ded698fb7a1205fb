"""A person's own jobs: /queue and /cancel."""

from __future__ import annotations

from telegram import Update

from bot.admission import allowance, count_active
from bot.context import Context
from bot.turn import Turn
from storage import jobs, outbox
from storage.models import Job, Status, StopRequest


async def queue(update: Update, context: Context) -> None:
    """Where the person's pictures stand."""
    async with context.turn(update) as turn:
        texts = turn.texts
        mine = await jobs.active_of(turn.session, turn.user.id)
        lines = [texts("queue.empty")]
        if mine:
            total = await count_active(turn.session)
            lines = [texts("queue.heading"), *[await _line(turn, job) for job in mine]]
            lines += ["", texts("queue.total", n=total)]
        left = await allowance(turn)
        await turn.say("\n".join([*lines, left] if left else lines))


async def _line(turn: Turn, job: Job) -> str:
    texts = turn.texts
    if job.status is Status.TODO:
        place = await jobs.place(turn.session, job.id)
        return texts("queue.waiting", title=job.title, place=place + 1)
    event = await jobs.latest_event(turn.session, job.id)
    if event is None:
        return texts("queue.starting", title=job.title)
    return texts("queue.running", title=job.title, step=event.step, steps=event.steps)


async def cancel(update: Update, context: Context) -> None:
    """Stop the running job and keep its picture, a second time without; drop those waiting."""
    async with context.turn(update) as turn:
        await turn.say("\n".join(await _cancel_all(turn)))


async def _cancel_all(turn: Turn) -> list[str]:
    texts = turn.texts
    mine = await jobs.active_of(turn.session, turn.user.id)
    lines = []
    for job in [job for job in mine if job.status is Status.DOING]:
        keep = job.stop_requested is None
        await stop(turn, job, keep=keep)
        lines.append(texts("cancel.stopping" if keep else "cancel.discarding"))
    waiting = [job for job in mine if job.status is Status.TODO]
    for job in waiting:
        await stop(turn, job, keep=False)
    if waiting:
        lines.append(texts("cancel.done", n=len(waiting)))
    return lines or [texts("cancel.nothing")]


async def stop(turn: Turn, job: Job, *, keep: bool) -> StopRequest | None:
    """Ask a job to end; its message is brought up to date at once."""
    after = await jobs.request_stop(turn.session, job.id, keep=keep)
    kind = "final" if after.status is Status.CANCELLED else "stopping"
    key = f"{kind}:{job.id}:{after.stop_requested}"
    await outbox.put(turn.session, job.chat_id, "edit_living", {}, dedupe_key=key, job_id=job.id)
    return after.stop_requested
