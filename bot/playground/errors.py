"""What the playground refuses, as a tree.

PlaygroundError
├── ApiError      a bot's call, answered as the real server words it
├── PersonError   a person's request that makes no sense: a status and one sentence
└── PictureError    bytes that cannot be shown as a picture
"""

from __future__ import annotations

from collections.abc import Mapping


class PlaygroundError(Exception):
    """Root of the tree."""


class ApiError(PlaygroundError):
    """A refused call: HTTP status, description, and the answer's `parameters` if any."""

    def __init__(
        self, code: int, description: str, parameters: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})


class PersonError(PlaygroundError):
    """A refused request of the person's side."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class PictureError(PlaygroundError):
    """A picture that cannot be used; `code` is the word the real server has for it."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def bad_request(description: str) -> ApiError:
    """The commonest refusal, 400."""
    return ApiError(400, f"Bad Request: {description}")
