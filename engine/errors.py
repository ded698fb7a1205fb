"""Everything that can go wrong in the engine, as a tree.

EngineError
├── InvalidInput           what a person gave cannot be used; never retried
│   ├── InvalidSetting     a setting's value: carries the name and the nearest valid value
│   ├── InvalidPicture     not an image, truncated, too large, too small
│   └── InvalidWeights     a weights file that is missing, foreign or damaged
├── Cancelled              the run was stopped and its picture discarded
├── OutOfMemory            the device had too little memory for the plan
└── WorkerLost             the worker process died or stopped answering; worth another attempt

Every message is one plain sentence that may be shown to the person it concerns. A subclass that
the chat words in the person's language carries a `code` (a key of the bot's texts) and `values`.
"""

from __future__ import annotations


class EngineError(Exception):
    """Root of the tree."""


class InvalidInput(EngineError):
    """Something given by a person cannot be used; a retry would fail the same way."""


class InvalidSetting(InvalidInput):
    """A setting's value is out of its bounds or not one of its choices."""

    def __init__(self, message: str, *, name: str, nearest: str | None = None) -> None:
        super().__init__(message)
        self.name = name
        self.nearest = nearest


class InvalidPicture(InvalidInput):
    """A picture cannot be read.

    `code` is one of: not_an_image, truncated, empty, too_small, too_many_pixels, too_many_bytes.
    `values` are the numbers in the sentence, for a translation of it.
    """

    def __init__(self, message: str, *, code: str, **values: int) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


class InvalidWeights(InvalidInput):
    """A weights file is missing, of a foreign format, or damaged."""


class Cancelled(EngineError):
    """The run was stopped and its picture discarded."""


class OutOfMemory(EngineError):
    """The device had too little memory for the plan."""


class WorkerLost(EngineError):
    """The worker process died or stopped answering."""
