"""The settings of a picture that follows another: a step on the ladders of the settings."""

from __future__ import annotations

from bot.words import BY_NAME
from engine.settings import Settings
from storage.models import Job

KEEPING = "luma"  # how a finished picture gets the photo's colours


def stronger(settings: Settings) -> Settings | None:
    """More of the style: up to its full strength, then a greater weight; None at the top."""
    return _stepped(settings, "strength", 1) or _stepped(settings, "style_weight", 1)


def weaker(settings: Settings) -> Settings | None:
    """Less strength; None at the end of the ladder."""
    return _stepped(settings, "strength", -1)


def larger(settings: Settings) -> Settings | None:
    """The next size; None at the top."""
    return _stepped(settings, "image_size", 1)


def as_shown(job: Job) -> Settings:
    """A job's settings with the colours that its message shows now."""
    photo = job.settings.colors not in ("style", "match")
    if photo == job.keeps_colors:
        return job.settings
    return job.settings.replace(colors=KEEPING if job.keeps_colors else "style")


def painted_blob(job: Job) -> str | None:
    """The picture as it was painted, whatever colours its message shows."""
    return job.other_blob if job.keeps_colors else job.result_blob


def _stepped(settings: Settings, name: str, direction: int) -> Settings | None:
    value = getattr(settings, name)
    after = BY_NAME[name].neighbour(value, direction)
    return None if after == value else settings.replace(**{name: after})
