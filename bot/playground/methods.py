"""The methods of the Bot API that the playground knows, by the name a call gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.playground import account, editing, receiving, sending
from bot.playground.parameters import Parameters
from bot.playground.world import World

Method = Callable[[World, Parameters], Awaitable[Any]]

METHODS: dict[str, Method] = {
    "getMe": account.get_me,
    "logOut": account.say_yes,
    "close": account.say_yes,
    "setMyCommands": account.set_my_commands,
    "deleteMyCommands": account.delete_my_commands,
    "getMyCommands": account.get_my_commands,
    "setMyName": account.set_my_name,
    "getMyName": account.get_my_name,
    "setMyDescription": account.set_my_description,
    "getMyDescription": account.get_my_description,
    "setMyShortDescription": account.set_my_short_description,
    "getMyShortDescription": account.get_my_short_description,
    "getChat": account.get_chat,
    "getChatMember": account.get_chat_member,
    "getChatMemberCount": account.get_chat_member_count,
    "getChatAdministrators": account.get_chat_administrators,
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    "getFile": receiving.get_file,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendSticker": sending.send_sticker,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": sending.send_chat_action,
    "copyMessage": sending.copy_message,
    "forwardMessage": sending.forward_message,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "setMessageReaction": editing.set_message_reaction,
    "answerCallbackQuery": editing.answer_callback_query,
}


def canonical_names() -> dict[str, str]:
    """The names as documented, by the lower-case form: the real server ignores case."""
    return {name.lower(): name for name in METHODS}
