"""The words that columns of a job are limited to."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a job is in its life; the last three are final."""

    TODO = "TODO"
    DOING = "DOING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class StopRequest(StrEnum):
    """How a person wants a running job to end: with the best picture so far, or with none."""

    KEEP = "keep"
    DISCARD = "discard"


class EventKind(StrEnum):
    """What a running job reports."""

    PROGRESS = "progress"
    PREVIEW = "preview"
