"""A Bot API server with a chat page, for playing and for tests; see docs/playground.md."""

from __future__ import annotations

from bot.playground.server import Playground

__all__ = ["Playground"]
