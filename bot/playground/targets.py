"""What a bot's call is aimed at: the chat, the message, the message replied to."""

from __future__ import annotations

from bot.playground.errors import ApiError, bad_request
from bot.playground.messages import Chat, Message
from bot.playground.parameters import Parameters
from bot.playground.world import World


def chat_of(world: World, parameters: Parameters, name: str = "chat_id") -> Chat:
    """The chat of a call; raises ApiError."""
    if not parameters.text(name):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(parameters.number(name))
    if chat is None:
        raise bad_request("chat not found")
    if chat.upgraded_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.upgraded_to},
        )
    return chat


def writable_chat_of(world: World, parameters: Parameters) -> Chat:
    """The chat of a call that changes something there; raises ApiError 403 where the bot is not."""
    chat = chat_of(world, parameters)
    if chat.type == "private" and world.accounts[chat.id].blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    if not chat.has_bot:
        raise ApiError(403, f"Forbidden: bot was kicked from the {chat.type} chat")
    return chat


def message_of(chat: Chat, parameters: Parameters, what: str, name: str = "message_id") -> Message:
    """A message of the chat; raises ApiError "message to … not found"."""
    number = parameters.number(name)
    if number <= 0:
        raise bad_request("message identifier is not specified")
    message = chat.standing(number)
    if message is None:
        raise bad_request(f"message to {what} not found")
    return message


def own_message_of(world: World, parameters: Parameters) -> Message:
    """The bot's message that a call edits; raises ApiError."""
    message = message_of(writable_chat_of(world, parameters), parameters, "edit")
    if message.sender is not world.bot:
        raise bad_request("message can't be edited")
    return message


def reply_of(chat: Chat, parameters: Parameters) -> Message | None:
    """The message a call replies to, None when it may be missing; raises ApiError."""
    reply = parameters.json("reply_parameters", "reply parameters")
    if reply is None:
        number, lenient = parameters.number("reply_to_message_id"), False
        lenient = parameters.flag("allow_sending_without_reply")
    elif isinstance(reply, dict) and isinstance(reply.get("message_id"), int):
        number, lenient = reply["message_id"], bool(reply.get("allow_sending_without_reply"))
    else:
        raise bad_request("can't parse reply parameters JSON object")
    message = chat.standing(number)
    if message is None and number and not lenient:
        raise bad_request("message to be replied not found")
    return message
