"""A person in front of the playground, as every test of the bot drives it: over HTTP.

    async with Person(playground.url) as ada:
        await ada.say("/start")
        hello = await ada.wait_for(lambda message: "Hello" in message.get("text", ""))
        await ada.press(hello, "Settings")

A message is what docs/playground.md says it is, as a plain dictionary.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterable
from typing import Any

import aiohttp
from panel import Panel

ADA, BORIS, CLEO = 1001, 1002, 1003
PAINTERS = -2001
LOOK_AGAIN_SECONDS = 0.03

Message = dict[str, Any]


class Person(Panel):
    """One of Ada, Boris and Cleo, in one chat; `chat` defaults to the private one with the bot."""

    def __init__(self, url: str, user: int = ADA, *, chat: int | None = None) -> None:
        super().__init__(url)
        self.id = user
        self.chat = user if chat is None else chat
        self._path = f"/api/chats/{self.chat}/messages"

    def also(self, *, user: int | None = None, chat: int | None = None) -> Person:
        """The same person in another chat, or another person; shares this one's connection."""
        user = self.id if user is None else user
        other = Person(self.url, user, chat=chat)
        other._session = self._session
        return other

    # What a person does

    async def say(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Send text; the message as it stands."""
        body = {"user": self.id, "text": text, "reply_to": reply_to and reply_to["id"]}
        return (await self._sent(json=body))[0]

    async def send_photo(
        self, data: bytes, *, caption: str = "", reply_to: Message | None = None
    ) -> Message:
        """Send a picture as a photo."""
        files = [(data, "photo.jpg")]
        return (await self._send_files("photo", files, caption, reply_to))[0]

    async def send_file(
        self,
        data: bytes,
        name: str = "picture.png",
        *,
        caption: str = "",
        reply_to: Message | None = None,
        mime: str = "application/octet-stream",
    ) -> Message:
        """Send any bytes as a file."""
        return (await self._send_files("document", [(data, name)], caption, reply_to, mime))[0]

    async def send_sticker(self, data: bytes, *, reply_to: Message | None = None) -> Message:
        """Send a picture as a sticker."""
        return (await self._send_files("sticker", [(data, "sticker.webp")], "", reply_to))[0]

    async def send_album(
        self,
        pictures: Iterable[bytes],
        *,
        caption: str = "",
        reply_to: Message | None = None,
        as_files: bool = False,
    ) -> list[Message]:
        """Send 2 to 10 pictures in one album; the caption is the first one's."""
        kind, ending = ("document", "png") if as_files else ("photo", "jpg")
        files = [(data, f"picture{number}.{ending}") for number, data in enumerate(pictures, 1)]
        return await self._send_files(kind, files, caption, reply_to)

    async def press(self, message: Message, button: str) -> dict[str, Any] | None:
        """Press the button of that label or data, as it stands now; the bot's answer if any."""
        data = button_data(await self.message(message["id"]), button)
        path = f"{self._path}/{message['id']}/press"
        body = await self.request("POST", path, json={"user": self.id, "data": data})
        answer: dict[str, Any] | None = body["answer"]
        return answer

    async def delete(self, message: Message) -> None:
        """Delete a message for everyone."""
        await self.request("DELETE", f"{self._path}/{message['id']}", json={"user": self.id})

    async def block(self, blocked: bool = True) -> None:
        """Block the bot, or unblock it."""
        await self.request("POST", f"/api/users/{self.id}/block", json={"blocked": blocked})

    async def put_bot_out(self) -> None:
        """Put the bot out of this group."""
        body = {"user": self.id, "present": False}
        await self.request("POST", f"/api/chats/{self.chat}/presence", json=body)

    async def bring_bot_back(self) -> None:
        """Add the bot to this group again."""
        body = {"user": self.id, "present": True}
        await self.request("POST", f"/api/chats/{self.chat}/presence", json=body)

    async def upgrade_group(self) -> int:
        """Turn this group into a supergroup; its new id."""
        body = {"user": self.id}
        answer = await self.request("POST", f"/api/chats/{self.chat}/upgrade", json=body)
        chat: int = answer["chat"]
        return chat

    async def speak(self, language: str) -> None:
        """Set the language of the person's app."""
        await self.request("POST", f"/api/users/{self.id}/language", json={"language": language})

    # What a person sees

    async def messages(self) -> list[Message]:
        """Everything in the chat, oldest first."""
        found: list[Message] = await self.request("GET", self._path)
        return found

    async def message(self, message_id: int) -> Message:
        """One message as it stands now; AssertionError when it is gone."""
        found = [one for one in await self.messages() if one["id"] == message_id]
        assert found, f"message {message_id} is not in the chat"
        return found[0]

    async def answers(self) -> list[Message]:
        """The bot's messages in the chat, oldest first."""
        return [message for message in await self.messages() if message["from"]["bot"]]

    async def wait_for(
        self, predicate: Callable[[Message], bool], seconds: float = 10.0
    ) -> Message:
        """The latest message of the bot that fits, as soon as there is one.

        Raises AssertionError, with what the bot said instead, after that many seconds.
        """
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for message in reversed(await self.answers()):
                        if predicate(message):
                            return message
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
        except TimeoutError:
            said = [words(message) for message in await self.answers()]
            raise AssertionError(f"the bot said only {said}") from None

    async def wait_for_text(self, part: str, seconds: float = 10.0) -> Message:
        """The latest message of the bot whose text or caption has that part."""
        return await self.wait_for(lambda message: part in words(message), seconds)

    async def wait_until_gone(self, part: str, seconds: float = 10.0) -> None:
        """Wait until no message of the bot has that part in its text or caption."""
        async with asyncio.timeout(seconds):
            while any(part in words(message) for message in await self.answers()):
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def transcript(self) -> list[Message]:
        """Every message this chat ever had, with `history` and `deleted`."""
        path = f"/api/transcript?chat={self.chat}"
        found: list[Message] = await self.request("GET", path)
        return found

    async def history(self, message: Message) -> list[dict[str, Any]]:
        """Every version of a message, oldest first, even of a deleted one."""
        found = [one for one in await self.transcript() if one["id"] == message["id"]]
        assert found, f"message {message['id']} never was in the chat"
        versions: list[dict[str, Any]] = found[0]["history"]
        return versions

    async def _send_files(
        self,
        kind: str,
        files: Iterable[tuple[bytes, str]],
        caption: str,
        reply_to: Message | None,
        mime: str = "application/octet-stream",
    ) -> list[Message]:
        form = aiohttp.FormData({"user": str(self.id), "as": kind, "caption": caption})
        if reply_to:
            form.add_field("reply_to", str(reply_to["id"]))
        for data, name in files:
            form.add_field("file", io.BytesIO(data), filename=name, content_type=mime)
        return await self._sent(data=form)

    async def _sent(self, **body: Any) -> list[Message]:
        ids = (await self.request("POST", self._path, **body))["messages"]
        return [message for message in await self.messages() if message["id"] in ids]


def words(message: Message) -> str:
    """The text or the caption of a message, "" without."""
    found: str = message.get("text") or message.get("caption") or ""
    return found


def buttons(message: Message) -> list[dict[str, Any]]:
    """All buttons under a message, row by row."""
    return [button for row in message.get("keyboard", []) for button in row]


def button_data(message: Message, button: str) -> str:
    """The data of the button with that label or data, or with a label that has it in it."""
    having_data = [one for one in buttons(message) if "data" in one]
    for fits in (
        lambda one: button in (one["data"], one["text"]),
        lambda one: button.casefold() in one["text"].casefold(),
    ):
        for one in filter(fits, having_data):
            data: str = one["data"]
            return data
    labels = [one["text"] for one in having_data]
    raise AssertionError(f"no button {button!r} under {words(message)!r}, only {labels}")
