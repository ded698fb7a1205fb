"""Who may use the bot, and which messages of a group are meant for it."""

from __future__ import annotations

import re

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop

from bot.context import Context
from bot.texts import texts_for
from storage import inbox, outbox, standings
from storage.models import Inbox

ANONYMOUS_ADMIN_ID = 1087968824  # Telegram's account for admins who hide behind their group
FORWARDER_ID = 777000  # Telegram's own, which brings a channel's posts to its group


async def check_access(update: Update, context: Context) -> None:
    """Let nothing through from those the operator did not allow or has banned.

    They are not answered. An admin who writes as the group is told why that cannot work.
    """
    person = update.effective_user
    if person is not None and person.id == ANONYMOUS_ADMIN_ID:
        await _refuse_anonymous(update, context)
    if not await _is_served(update, context):
        await _close(update, context)
        raise ApplicationHandlerStop


async def _is_served(update: Update, context: Context) -> bool:
    person, config = update.effective_user, context.rooms.config
    if person is None or person.is_bot or update.effective_chat is None:
        return False
    if person.id in (ANONYMOUS_ADMIN_ID, FORWARDER_ID):
        return False
    if person.id in config.admin_user_ids:
        return True
    allowed = config.allowed_telegram_user_ids
    if allowed is not None and person.id not in allowed:
        return False
    async with context.rooms.database.read() as session:
        return not await standings.is_banned(session, person.id)


async def _close(update: Update, context: Context) -> None:
    """Be done with a picture of an album, whose row would stay open until the album is complete."""
    message = update.message
    if message is None or message.media_group_id is None:
        return
    async with context.rooms.database.write() as session:
        row = await session.get(Inbox, (context.bot.id, update.update_id))
        await inbox.finish(session, [row] if row else [])


async def _refuse_anonymous(update: Update, context: Context) -> None:
    """Settings and pictures belong to a person, and this could be any of the group's admins."""
    message = update.message
    if message is None or not (_commands(message, context) or _calls(message, context)):
        return
    payload = {
        "text": texts_for(None)("anonymous"),
        "keyboard": None,
        "reply_to": message.message_id,
    }
    key = f"anonymous:{context.bot.id}:{update.update_id}"
    async with context.rooms.database.write() as session:
        await outbox.put(session, message.chat.id, "send_text", payload, dedupe_key=key)
    context.rooms.send.ring()


def _commands(message: Message, context: Context) -> bool:
    """Whether a message is a command of ours, as /settings or /settings@our_name."""
    found = re.match(r"/(\w+)(?:@(\w+))?", message.text or "")
    if found is None or found[1].lower() not in context.easel.command_names:
        return False
    return found[2] is None or found[2].lower() == context.bot.username.lower()


def _calls(message: Message, context: Context) -> bool:
    return addressed(message, context.bot.id, context.bot.username)


def addressed(message: Message, bot_id: int, bot_username: str) -> bool:
    """Whether a message is meant for the bot: always in private, in groups by mention or reply."""
    if message.chat.type == message.chat.PRIVATE:
        return True
    reply = message.reply_to_message
    if reply is not None and reply.from_user is not None and reply.from_user.id == bot_id:
        return True
    words = f"{message.text or ''} {message.caption or ''}"
    name = re.escape(bot_username)  # another bot's name may begin with ours
    return re.search(rf"@{name}(?!\w)", words, re.IGNORECASE) is not None
