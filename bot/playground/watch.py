"""What can be seen beside the chats, and the fault switches, under `/api`."""

from __future__ import annotations

from aiohttp import web

from bot.playground.errors import PersonError
from bot.playground.requests import optional_integer, read_object
from bot.playground.views import message_in_transcript
from bot.playground.world import World


class Watch:
    """Handlers; PersonError becomes an answer in the server's middleware."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Where the side panel and the tests look."""
        return [
            web.get("/api/transcript", self.transcript),
            web.get("/api/calls", self.calls),
            web.get("/api/events", self._world.events.stream),
            web.get("/api/faults", self.faults),
            web.post("/api/faults", self.add_fault),
            web.delete("/api/faults", self.clear_faults),
            web.delete(r"/api/faults/{id:\d{1,18}}", self.remove_fault),
        ]

    async def transcript(self, request: web.Request) -> web.Response:
        """Every message that is kept, deleted ones too, with every version."""
        chat_id = optional_integer(dict(request.query), "chat")
        world = self._world
        chats = list(world.chats.values()) if chat_id is None else [world.chat_named(chat_id)]
        messages = [message for chat in chats for message in chat.messages.values()]
        messages.sort(key=lambda message: message.history[0].at)
        return web.json_response([message_in_transcript(message) for message in messages])

    async def calls(self, request: web.Request) -> web.Response:
        """The bot's calls after a number."""
        after = optional_integer(dict(request.query), "after") or 0
        return web.json_response(self._world.calls.after(after))

    async def faults(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """The switches in force."""
        return web.json_response(self._world.faults.view())

    async def add_fault(self, request: web.Request) -> web.Response:
        """Switch a fault on."""
        fault = self._world.faults.add(await read_object(request))
        return web.json_response({"id": fault.id}, status=201)

    async def remove_fault(self, request: web.Request) -> web.Response:
        """Switch one off."""
        if not self._world.faults.remove(int(request.match_info["id"])):
            raise PersonError(404, "There is no such fault.")
        return web.Response(status=204)

    async def clear_faults(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """Switch all off."""
        self._world.faults.clear()
        return web.Response(status=204)
