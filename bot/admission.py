"""Whether one more job may be ordered: the operator's switch, the places, the day's allowance.

All is decided and charged in the transaction that enqueues the job, so that two orders at once
cannot share the last place or the last minute.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.estimates import seconds_for
from bot.texts import Texts
from bot.turn import Turn
from engine.settings import Settings
from storage import flags, jobs, quotas, standings
from storage.locks import Lock, hold
from storage.models import Picture, Status

MINUTE = 60
HOUR = 3600
# Charged before the first picture has told how fast this machine is; corrected when it is done.
FIRST_GUESS_SECONDS = 60.0


class NotAdmitted(Exception):
    """A job that is not taken; the message is the sentence for the person, in HTML."""


async def admit(turn: Turn, settings: Settings, pictures: Sequence[Picture]) -> float:
    """The seconds to charge for a job of a content and styles; raises NotAdmitted."""
    await quotas.lock(turn.session, turn.user.id)
    if await flags.is_on(turn.session, flags.DRAINING):
        raise NotAdmitted(turn.texts("draining"))
    await hold(turn.session, Lock.PLACES)
    await _find_place(turn)
    speed = turn.rooms.runner.speed if turn.rooms.runner else None
    known = await seconds_for(turn.session, settings, pictures, speed)
    seconds = known or FIRST_GUESS_SECONDS
    await _find_time(turn, seconds)
    return seconds


async def _find_place(turn: Turn) -> None:
    config, texts = turn.rooms.config, turn.texts
    mine = len(await jobs.active_of(turn.session, turn.user.id))
    if mine >= config.max_jobs_per_user:
        raise NotAdmitted(texts("too_many.user", n=mine, limit=config.max_jobs_per_user))
    everybody = await count_active(turn.session)
    if everybody >= config.max_jobs:
        raise NotAdmitted(texts("too_many.all", n=everybody, limit=config.max_jobs))


async def _find_time(turn: Turn, seconds: float) -> None:
    minutes = await _minutes(turn)
    if minutes == 0:
        return
    spent = await quotas.spent(turn.session, turn.user.id)
    if spent + seconds > minutes * MINUTE:
        left, takes = _left(minutes, spent, turn.texts), turn.texts.duration(seconds)
        raise NotAdmitted(turn.texts("quota.short", takes=takes, **left))


async def allowance(turn: Turn) -> str | None:
    """What is left of the person's day, as a sentence; None when there is no limit."""
    minutes = await _minutes(turn)
    if minutes == 0:
        return None
    spent = await quotas.spent(turn.session, turn.user.id)
    return turn.texts("quota.left", **_left(minutes, spent, turn.texts))


async def _minutes(turn: Turn) -> int:
    default = turn.rooms.config.daily_minutes
    return await standings.quota_minutes(turn.session, turn.user.id, default)


def _left(minutes: int, spent: float, texts: Texts) -> dict[str, Any]:
    left = max(0, math.floor(minutes - spent / MINUTE))
    return {"left": left, "n": minutes, "reset": _rounded_up(quotas.seconds_to_reset(), texts)}


def _rounded_up(seconds: float, texts: Texts) -> str:
    """A time of day needs no minutes until its last hour."""
    if seconds > HOUR:
        return texts("hours", count=math.ceil(seconds / HOUR))
    return texts("minutes", count=math.ceil(seconds / MINUTE))


async def count_active(session: AsyncSession) -> int:
    """How many jobs wait or run, of everybody."""
    counts = await jobs.counts(session)
    return counts[Status.TODO] + counts[Status.DOING]
