"""Attempts, devices and the queue as JSON."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from engine.messages import plain
from engine.service.attempt import Attempt
from engine.service.attempts import Attempts
from engine.service.problems import Problem
from engine.wire import refusal_members

View = dict[str, Any]


def attempt_view(attempt: Attempt, device: str | None = None) -> View:
    """An attempt, where it stands, and how it ended."""
    progress = attempt.progress
    return {
        "id": attempt.id,
        "status": attempt.status,
        "device": device,
        "accepted": attempt.began,
        "latest_event": attempt.journal.latest,
        "latest_preview": attempt.latest_preview,
        "followers": attempt.followers,
        "image_size": attempt.job.settings.image_size,
        "recipe": attempt.job.settings.recipe,
        "progress": None if progress is None else dataclasses.asdict(progress),
        "error": _error_view(attempt),
    }


def _error_view(attempt: Attempt) -> View | None:
    if attempt.error is None:
        return None
    return {"detail": str(attempt.error), **refusal_members(attempt.error)}


def queue_view(attempts: Attempts) -> View:
    """What is painted, and who asks for a device in vain."""
    holders = {job: device for device, job in attempts.painter.occupants.items()}
    return {
        "free": max(0, attempts.free),
        "running": [attempt_view(a, holders.get(a.id)) for a in attempts.running],
        "waiting": [{"id": name, "seconds": secs} for name, secs in attempts.turns.waiting()],
    }


def devices_view(attempts: Attempts, *, ready: bool) -> View:
    """The devices, with their attempts, and how fast they paint once that is known."""
    occupants, speed = attempts.painter.occupants, attempts.painter.speed
    return {
        "ready": ready,
        "devices": [
            {"name": device, "attempt": occupants.get(device)}
            for device in attempts.painter.devices
        ],
        "speed": None if speed is None else json.loads(json.dumps(speed, default=plain)),
    }


def known(attempts: Attempts, attempt_id: str) -> Attempt:
    """The attempt of that id. Raises Problem when there is none, or none any more."""
    attempt = attempts.get(attempt_id)
    if attempt is None:
        raise Problem(404, "There is no such attempt, or it is forgotten.")
    return attempt
