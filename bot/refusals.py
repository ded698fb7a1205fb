"""What a refused call of the Bot API means, by the words of the server."""

from __future__ import annotations

from telegram.error import BadRequest


def is_harmless(error: BadRequest) -> bool:
    """Whether the chat shows what it should, or no longer has the message."""
    return "message is not modified" in str(error).lower() or is_gone(error)


def is_too_old(error: BadRequest) -> bool:
    """Whether a message cannot be deleted any more: a bot has 48 hours for it."""
    return "message can't be deleted" in str(error).lower()


def is_gone(error: BadRequest) -> bool:
    """Whether the message to edit is not there any more."""
    words = str(error).lower()
    return "message to edit not found" in words or "message can't be edited" in words
