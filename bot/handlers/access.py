"""Who may use the bot, and which messages of a group are meant for it."""

from __future__ import annotations

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop

from bot.context import Context

ANONYMOUS_ADMIN_ID = 1087968824  # Telegram's account for admins who hide behind their group


async def check_access(update: Update, context: Context) -> None:
    """Let nothing through from those the operator did not allow; they are not answered."""
    person = update.effective_user
    allowed = context.rooms.config.allowed_telegram_user_ids
    known = person is not None and not person.is_bot and person.id != ANONYMOUS_ADMIN_ID
    if not known or update.effective_chat is None:
        raise ApplicationHandlerStop
    assert person is not None
    if allowed is not None and person.id not in allowed | context.rooms.config.admin_user_ids:
        raise ApplicationHandlerStop


def addressed(message: Message, bot_id: int, bot_username: str) -> bool:
    """Whether a message is meant for the bot: always in private, in groups by mention or reply."""
    if message.chat.type == message.chat.PRIVATE:
        return True
    reply = message.reply_to_message
    if reply is not None and reply.from_user is not None and reply.from_user.id == bot_id:
        return True
    words = f"{message.text or ''} {message.caption or ''}".lower()
    return f"@{bot_username.lower()}" in words
