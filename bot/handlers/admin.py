"""/admin: what the operator can see and decide, by the ids in ADMIN_USER_IDS.

It works in private chats only: a group need not know who was banned.
"""

from __future__ import annotations

import asyncio
import html
from pathlib import Path

from telegram import Update

from bot.administration import Argument, Subcommand, Values, find, split
from bot.context import Context
from bot.figures import gather
from bot.handlers.queue import stop
from bot.metrics import Metrics
from bot.texts import Html, Texts
from bot.turn import Turn
from storage import broadcasts, flags, jobs, standings
from storage.backlog import Backlog
from storage.columns import utc_now
from storage.models import Job, Status

MEGABYTE = 1_000_000
SHORT_ID_CHARS = 6
LISTED_JOBS = 25

PERSON = Argument("id", "<id>", r"[1-9][0-9]{0,15}")
REASON = Argument("reason", "[reason]", r"\S.{0,199}", optional=True)
MINUTES = Argument(
    "minutes", "<0-1440>|default", r"default|[0-9]{1,3}|1[0-3][0-9]{2}|14[0-3][0-9]|1440"
)
SWITCH = Argument("switch", "[off]", "on|off", optional=True)
TEXT = Argument("text", "<text>", r"\S.*")
JOB = Argument("job", "<job>", r"[\w-]{4,16}")


async def admin(update: Update, context: Context) -> None:
    """Carry out a subcommand; to anybody else there is no such command."""
    person, chat, message = update.effective_user, update.effective_chat, update.effective_message
    assert person is not None  # the access check lets no other update through
    assert chat is not None
    if person.id not in context.rooms.config.admin_user_ids or chat.type != chat.PRIVATE:
        return
    async with context.turn(update) as turn:
        await turn.say(await _answer(turn, message.text or "" if message else ""))


async def _answer(turn: Turn, text: str) -> str:
    word, rest = split(text)
    subcommand = find(SUBCOMMANDS, word)
    if subcommand is None:
        return turn.texts("admin.help", commands=Html(help_lines(turn.texts)))
    values = subcommand.read(rest)
    if values is None:
        return turn.texts("admin.usage", usage=subcommand.usage)
    return await subcommand.handler(turn, values)


def help_lines(texts: Texts) -> str:
    """The subcommands with their help, a line each."""
    return "\n".join(
        f"<code>{html.escape(one.usage)}</code> – {texts(f'admin.{one.name}.help')}"
        for one in SUBCOMMANDS
    )


async def _stats(turn: Turn, _values: Values) -> str:
    texts = turn.texts
    figures = await gather(turn.rooms, turn.session)
    found, waits = figures.statistics, figures.backlog
    used = await asyncio.to_thread(_used, turn.rooms.config.data_dir)
    people = texts(
        "admin.stats",
        people=found.people,
        blocked=found.blocked,
        banned=found.banned,
        succeeded=found.today[Status.SUCCEEDED],
        failed=found.today[Status.FAILED],
        cancelled=found.today[Status.CANCELLED],
        todo=found.today[Status.TODO],
        doing=found.today[Status.DOING],
        waiting=waits.jobs.number,
        running=waits.running,
        wait=_seconds(found.wait_seconds),
        run=_seconds(found.run_seconds),
        used=round(used / MEGABYTE),
        free=round(figures.free_bytes / MEGABYTE),
        devices=", ".join(turn.rooms.painters) or "–",
    )
    return f"{people}\n{_service(texts, waits, turn.rooms.metrics)}"


def _service(texts: Texts, waits: Backlog, metrics: Metrics) -> str:
    """What waits longest, and what this process met since its start."""
    failures = metrics.totals("failures_total", "kind").items()
    edits = metrics.total("edit_delay_seconds_count")
    speeds = metrics.totals("job_steps_per_second_sum", "size")
    painted = metrics.totals("job_steps_per_second_count", "size")
    return texts(
        "admin.stats.service",
        picture=_seconds(waits.jobs.oldest_seconds),
        updates=waits.inbox.number,
        update=_seconds(waits.inbox.oldest_seconds),
        calls=waits.outbox.number,
        call=_seconds(waits.outbox.oldest_seconds),
        speed=", ".join(f"{size} px {speeds[size] / painted[size]:.2f}" for size in painted) or "–",
        failures=", ".join(f"{kind} {number:.0f}" for kind, number in failures) or "–",
        edits=round(edits),
        delay=_seconds(metrics.total("edit_delay_seconds_sum") / edits if edits else None),
        floods=round(metrics.total("floods_total")),
    )


def _seconds(number: float | None) -> str:
    return "–" if number is None else f"{number:.1f}"


def _used(folder: Path) -> int:
    """Bytes of the data folder; files may go meanwhile."""
    used = 0
    for path in folder.rglob("*"):
        try:
            used += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return used


async def _queue(turn: Turn, _values: Values) -> str:
    texts = turn.texts
    running, waiting = await jobs.running(turn.session), await jobs.waiting(turn.session)
    if not running and not waiting:
        return texts("admin.queue.empty")
    lines = [texts("admin.queue", running=len(running), waiting=len(waiting))]
    lines += [await _line(turn, job) for job in [*running, *waiting][:LISTED_JOBS]]
    more = len(running) + len(waiting) - LISTED_JOBS
    return "\n".join([*lines, texts("admin.queue.more", n=more)] if more > 0 else lines)


async def _line(turn: Turn, job: Job) -> str:
    texts, short = turn.texts, job.id[:SHORT_ID_CHARS]
    if job.status is Status.TODO:
        waits = texts.duration((utc_now() - job.created_at).total_seconds())
        return texts("admin.queue.waiting", job=short, owner=job.user_id, time=waits)
    event = await jobs.latest_event(turn.session, job.id)
    step, steps = (event.step, event.steps) if event else (0, job.settings.iterations)
    return texts("admin.queue.running", job=short, owner=job.user_id, step=step, steps=steps)


async def _ban(turn: Turn, values: Values) -> str:
    person = int(values["id"])
    if person in turn.rooms.config.admin_user_ids:
        return turn.texts("admin.ban.admin")
    await standings.ban(turn.session, person, values.get("reason"))
    theirs = await jobs.active_of(turn.session, person)
    for job in theirs:
        await stop(turn, job, keep=False)
    return turn.texts("admin.ban", id=person, n=len(theirs))


async def _unban(turn: Turn, values: Values) -> str:
    person, allowed = int(values["id"]), turn.rooms.config.allowed_telegram_user_ids
    was_banned = await standings.unban(turn.session, person)
    if allowed is not None and person not in allowed:
        return turn.texts("admin.unban.unlisted", id=person)
    return turn.texts("admin.unban" if was_banned else "admin.unban.free", id=person)


async def _quota(turn: Turn, values: Values) -> str:
    person, texts = int(values["id"]), turn.texts
    own = None if values["minutes"] == "default" else int(values["minutes"])
    await standings.set_quota(turn.session, person, own)
    minutes = turn.rooms.config.daily_minutes if own is None else own
    return texts("admin.quota" if minutes else "admin.quota.free", id=person, n=minutes)


async def _drain(turn: Turn, values: Values) -> str:
    on = values.get("switch") != "off"
    await flags.put(turn.session, flags.DRAINING, on=on)
    counts = await jobs.counts(turn.session)
    numbers = {"running": counts[Status.DOING], "waiting": counts[Status.TODO]}
    return turn.texts("admin.drain" if on else "admin.drain.off", **numbers)


async def _broadcast(turn: Turn, values: Values) -> str:
    words = html.escape(values["text"], quote=False)
    readers = await broadcasts.begin(turn.session, turn.chat_id, words)
    return turn.texts("admin.broadcast", n=readers)


async def _cancel(turn: Turn, values: Values) -> str:
    texts, beginning = turn.texts, values["job"]
    active = [*await jobs.running(turn.session), *await jobs.waiting(turn.session)]
    found = [job for job in active if job.id.startswith(beginning)]
    if len(found) != 1:
        return texts("admin.cancel.many" if found else "admin.cancel.none", job=beginning)
    await stop(turn, found[0], keep=False)
    return texts("admin.cancel", job=beginning, owner=found[0].user_id)


SUBCOMMANDS: tuple[Subcommand, ...] = (
    Subcommand("stats", (), _stats),
    Subcommand("queue", (), _queue),
    Subcommand("ban", (PERSON, REASON), _ban),
    Subcommand("unban", (PERSON,), _unban, aliases=("allow",)),
    Subcommand("quota", (PERSON, MINUTES), _quota),
    Subcommand("drain", (SWITCH,), _drain),
    Subcommand("broadcast", (TEXT,), _broadcast),
    Subcommand("cancel", (JOB,), _cancel),
)
