"""The picture that a message replies to."""

from __future__ import annotations

from telegram import Message

from bot.pictures import NoPicture, picture_of
from bot.turn import Turn
from storage import jobs
from storage.models import Picture


async def replied_to(turn: Turn, message: Message) -> Picture | None:
    """A person's picture or a result of ours, with its message's id; None for anything else."""
    reply = message.reply_to_message
    if reply is None:
        return None
    job = await jobs.shown_in(turn.session, turn.chat_id, reply.message_id)
    if job is not None and job.result_blob is not None:
        return Picture(blob=job.result_blob, message_id=reply.message_id)
    if job is not None or (reply.from_user is not None and reply.from_user.is_bot):
        return None  # our own gallery is a question, not a picture to paint
    try:
        return Picture(file_id=picture_of(reply).file_id, message_id=reply.message_id)
    except NoPicture:
        return None
