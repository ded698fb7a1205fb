"""The people's side of the playground over HTTP: requests, the log of calls, the fault switches."""

from __future__ import annotations

from typing import Any, Self

import aiohttp


class Refused(Exception):
    """The playground found a request senseless."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(f"{status}: {sentence}")
        self.status = status
        self.sentence = sentence


class Panel:
    """What a browser can see and switch, whoever sits before it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(self.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session
        await self._session.close()

    async def request(self, verb: str, path: str, **more: Any) -> Any:
        """Any request of the people's side: its JSON, None when empty; raises Refused."""
        assert self._session, "use `async with Person(…)`"
        async with self._session.request(verb, path, **more) as answer:
            if answer.status == 204:
                return None
            body = await answer.json()
            if answer.status >= 400:
                raise Refused(answer.status, body["error"])
            return body

    async def download(self, media: dict[str, Any]) -> bytes:
        """The bytes of a message's photo, document or sticker, or of a version's."""
        assert self._session
        async with self._session.get(media["url"]) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def calls(self, method: str | None = None, *, after: int = 0) -> list[dict[str, Any]]:
        """What the bot called, in all chats, maybe of one method only."""
        calls = await self.request("GET", f"/api/calls?after={after}")
        return [call for call in calls if method in (None, call["method"])]

    async def world(self) -> dict[str, Any]:
        """The bot, the people and the chats."""
        found: dict[str, Any] = await self.request("GET", "/api/world")
        return found

    async def let_in(self, name: str, language: str = "en") -> int:
        """Let one more person in; their id, which is that of their private chat too."""
        body = {"name": name, "language": language}
        number: int = (await self.request("POST", "/api/users", json=body))["id"]
        return number

    async def fault(self, kind: str, **limits: object) -> int:
        """Switch a fault on; `limits` are chat, method, count, retry_after, seconds."""
        body = await self.request("POST", "/api/faults", json={"kind": kind, **limits})
        number: int = body["id"]
        return number

    async def faults(self) -> list[dict[str, Any]]:
        """The faults in force."""
        found: list[dict[str, Any]] = await self.request("GET", "/api/faults")
        return found

    async def mend(self, fault: int | None = None) -> None:
        """Switch one fault off, or all."""
        await self.request("DELETE", "/api/faults" if fault is None else f"/api/faults/{fault}")
