"""The people's side over HTTP: what the chat page and the tests do and see, under `/api`."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web
from telegram.constants import MessageLimit

from bot.playground import keyboards, membership
from bot.playground.entities import tidied, utf16_length
from bot.playground.errors import PersonError, PictureError
from bot.playground.messages import Account, Chat, Content, Links, Message
from bot.playground.requests import (
    NewMessage,
    boolean,
    integer,
    read_message,
    read_object,
    word,
)
from bot.playground.sending import new_album
from bot.playground.views import message_for_page
from bot.playground.world import World

MAX_NAME_CHARS = 64  # of a first name
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_CHAT = r"/api/chats/{chat:-?\d{1,18}}"
_MESSAGES = _CHAT + "/messages"


class People:
    """Handlers; PersonError becomes an answer in the server's middleware."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Where people knock."""
        return [
            web.get("/api/world", self.world),
            web.get(_MESSAGES, self.messages),
            web.post(_MESSAGES, self.send),
            web.post(_MESSAGES + r"/{id:\d{1,18}}/press", self.press),
            web.delete(_MESSAGES + r"/{id:\d{1,18}}", self.delete),
            web.post(_CHAT + "/presence", self.presence),
            web.post(_CHAT + "/upgrade", self.upgrade),
            web.post("/api/users", self.join),
            web.post(r"/api/users/{user:\d{1,18}}/block", self.block),
            web.post(r"/api/users/{user:\d{1,18}}/language", self.language),
            web.get("/api/files/{id}", self.file),
        ]

    async def world(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """The bot, the people and their chats."""
        return web.json_response(self._world.view())

    async def messages(self, request: web.Request) -> web.Response:
        """What stands in a chat."""
        chat = self._chat(request)
        return web.json_response([message_for_page(message) for message in chat.current()])

    async def send(self, request: web.Request) -> web.Response:
        """Send text, a picture, an album, a file or a sticker."""
        chat, new = self._chat(request), await read_message(request)
        person = self._member(chat, new.user)
        if chat.upgraded_to is not None:
            raise PersonError(409, "That group was upgraded to a supergroup.")
        contents = await self._contents(new)
        reply = self._standing(chat, new.reply_to) if new.reply_to is not None else None
        links = Links(new_album() if len(contents) > 1 else None, reply)
        sent = [self._world.send(chat, person, content, links) for content in contents]
        return web.json_response({"messages": [message.id for message in sent]}, status=201)

    async def _contents(self, new: NewMessage) -> list[Content]:
        text, entities = tidied(new.text, [])
        most = MessageLimit.CAPTION_LENGTH if new.files else MessageLimit.MAX_TEXT_LENGTH
        if (length := utf16_length(text)) > most:
            raise PersonError(400, f"{length} characters are too many, the limit is {int(most)}.")
        if not new.files:
            return [Content(text, tuple(entities))]
        try:
            media = [await self._world.files.add(new.kind, file) for file in new.files]
        except PictureError as refusal:
            raise PersonError(400, str(refusal)) from None
        first = Content(text, tuple(entities), media[0])
        return [first, *(Content(media=one) for one in media[1:])]

    async def press(self, request: web.Request) -> web.Response:
        """Press a button and wait for what the bot answers."""
        body = await read_object(request)
        chat = self._chat(request)
        person = self._member(chat, integer(body, "user"))
        message = self._standing(chat, int(request.match_info["id"]))
        data = word(body, "data")
        if not keyboards.has_data(message.content.keyboard, data):
            raise PersonError(400, "No button of that data is under this message.")
        if chat.type == "private" and person.blocked:
            raise PersonError(409, f"{person.name} has blocked the bot.")
        query_id, press = self._world.presses.start(chat.id, message.id)
        self._world.press(person, message, data, query_id)
        return web.json_response({"answer": await self._world.presses.wait(press)})

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a message: any in a private chat, one's own in a group. The bot is not told."""
        chat = self._chat(request)
        person = self._member(chat, integer(await read_object(request), "user"))
        message = self._standing(chat, int(request.match_info["id"]))
        if chat.type != "private" and message.sender is not person:
            raise PersonError(403, "In a group one deletes only one's own messages.")
        self._world.delete(message)
        return web.Response(status=204)

    async def join(self, request: web.Request) -> web.Response:
        """Let one more person in, with a private chat."""
        body = await read_object(request)
        name, language = word(body, "name").strip(), _language(body)
        if not 1 <= len(name) <= MAX_NAME_CHARS:
            raise PersonError(400, f"A name has 1 to {MAX_NAME_CHARS} characters.")
        return web.json_response({"id": self._world.join(name, language).id}, status=201)

    async def block(self, request: web.Request) -> web.Response:
        """Block or unblock the bot."""
        person = self._person(int(request.match_info["user"]))
        blocked = boolean(await read_object(request), "blocked")
        membership.block(self._world, person, blocked=blocked)
        return web.Response(status=204)

    async def presence(self, request: web.Request) -> web.Response:
        """Put the bot out of a group or back in."""
        body = await read_object(request)
        chat = self._chat(request)
        person = self._member(chat, integer(body, "user"))
        membership.set_presence(self._world, chat, person, present=boolean(body, "present"))
        return web.Response(status=204)

    async def upgrade(self, request: web.Request) -> web.Response:
        """Turn a group into a supergroup."""
        chat = self._chat(request)
        person = self._member(chat, integer(await read_object(request), "user"))
        group = membership.upgrade(self._world, chat, person)
        return web.json_response({"chat": group.id}, status=201)

    async def language(self, request: web.Request) -> web.Response:
        """Change the language of a person's app."""
        person = self._person(int(request.match_info["user"]))
        person.language = _language(await read_object(request))
        self._world.changed()
        return web.Response(status=204)

    async def file(self, request: web.Request) -> web.Response:
        """The bytes of a photo, file or sticker; scripts in them do not run."""
        file = self._world.files.file(request.match_info["id"])
        body = await self._world.files.read(file)
        if file is None or body is None:
            raise PersonError(404, "There is no such file.")
        mime = file.mime if file.mime.startswith("image/") else "application/octet-stream"
        headers = {
            "Content-Type": mime,
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=86400, immutable",
        }
        return web.Response(body=body, headers=headers)

    def _chat(self, request: web.Request) -> Chat:
        return self._world.chat_named(int(request.match_info["chat"]))

    def _person(self, user: int) -> Account:
        person = self._world.accounts.get(user)
        if person is None or person.is_bot:
            raise PersonError(404, "There is no such person.")
        return person

    def _member(self, chat: Chat, user: int) -> Account:
        person = self._person(user)
        if person.id not in chat.members:
            raise PersonError(403, f"{person.name} is not in that chat.")
        return person

    def _standing(self, chat: Chat, message_id: int) -> Message:
        message = chat.standing(message_id)
        if message is None:
            raise PersonError(404, "There is no such message in that chat.")
        return message


def _language(body: dict[str, Any]) -> str:
    language = word(body, "language")
    if not _LANGUAGE.fullmatch(language):
        raise PersonError(400, "A language is a tag such as en, ru or pt-br.")
    return language
