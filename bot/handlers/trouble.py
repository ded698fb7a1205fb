"""A handler that raised: the boundary where any exception is caught, logged, and tried again."""

from __future__ import annotations

import logging

from telegram import Update

from bot.context import Context
from bot.turn import Settled

log = logging.getLogger(__name__)


async def note_failure(update: object, context: Context) -> None:
    """Log what a handler raised, and have its update handled again, unless that is needless."""
    if isinstance(context.error, Settled):
        log.info("another process was faster: %s", context.error)
        return
    log.error("a handler failed", exc_info=context.error)
    if isinstance(update, Update):
        context.easel.failed[update.update_id] = repr(context.error)
