"""The playground as one object: started, stopped, and known by its URLs."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.playground.archive import Archive
from bot.playground.depot import FolderDepot, MemoryDepot
from bot.playground.errors import PersonError
from bot.playground.gateway import Gateway
from bot.playground.opening import open_folder
from bot.playground.people import People
from bot.playground.restoring import restore
from bot.playground.watch import Watch
from bot.playground.world import World

PAGE = Path(__file__).parent / "page"
MAX_REQUEST_BYTES = 256 << 20  # an album of large files; what a bot may send is checked apart
STOP_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Playground:
    """A Bot API server and a chat page, in this process.

    `host` decides who can reach it: the default is this machine alone. With `privacy` the bot
    hears in groups only what is meant for it, as most bots do. `first_retry_seconds` is the pause
    before a webhook is tried again; it doubles with each failure.

    All that happened is found again by a later playground on the same `folder`; without one it
    ends with this object. Of each chat the latest `most_messages` are kept, and fewer when their
    files hold more than `most_bytes`.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str = "4242:PLAYGROUND",
        *,
        privacy: bool = False,
        first_retry_seconds: float = 1.0,
        folder: Path | None = None,
        most_messages: int = 1000,
        most_bytes: int = 1 << 30,
    ) -> None:
        self.token = token
        self._folder = folder
        self._archive: Archive | None = None
        self._host, self._port = host, port
        bot_id = int(token.split(":")[0])
        self._depot = FolderDepot(folder / "files") if folder else MemoryDepot()
        self._world = World(
            bot_id,
            self._depot,
            privacy=privacy,
            first_retry_seconds=first_retry_seconds,
            most_messages=most_messages,
            most_bytes=most_bytes,
        )
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; raises OSError when the port or the folder is in use."""
        if self._folder is not None:
            await asyncio.to_thread(self._remember, self._folder)
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError:
            await runner.cleanup()
            self._close_archive()
            raise
        self._runner = runner
        self._port = runner.addresses[0][1]
        reach = "this machine only" if self._is_loopback() else f"all who reach {self._host}"
        _log.info("The playground is at %s, for %s", self.url, reach)

    async def stop(self) -> None:
        """End every wait and stream, and stop listening."""
        self._world.stopping.set()
        self._world.updates.wake()
        self._world.events.close()
        await self._world.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self._close_archive()

    def _remember(self, folder: Path) -> None:
        connection, rows = open_folder(folder)
        try:
            restore(self._world, rows)
            self._depot.sweep(self._world.files.sha256s())
        except BaseException:
            connection.close()
            raise
        self._archive = Archive(connection, self._world)
        self._world.write_changes = self._archive.save

    def _close_archive(self) -> None:
        if self._archive is not None:
            self._archive.close()
            self._world.write_changes = self._archive = None

    @property
    def url(self) -> str:
        """The chat page."""
        return f"http://{self._host if self._is_loopback() else '127.0.0.1'}:{self._port}"

    @property
    def base_url(self) -> str:
        """For `telegram.Bot(base_url=…)`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """For `telegram.Bot(base_file_url=…)`."""
        return f"{self.url}/file/bot"

    @web.middleware
    async def _keep(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Write down what a request changed before it is answered."""
        try:
            return await handler(request)
        finally:
            self._world.keep()

    def _is_loopback(self) -> bool:
        try:
            return ipaddress.ip_address(self._host).is_loopback
        except ValueError:  # a name
            return self._host == "localhost"

    def _app(self) -> web.Application:
        app = web.Application(
            middlewares=[self._keep, _refuse_strangers, _word_errors],
            client_max_size=MAX_REQUEST_BYTES,
        )
        app.add_routes(Gateway(self._world, self.token).routes())
        app.add_routes(People(self._world).routes())
        app.add_routes(Watch(self._world).routes())
        app.add_routes([web.get("/", _page), web.static("/page", PAGE)])
        app.on_response_prepare.append(_forbid_caching)
        return app


async def _page(request: web.Request) -> web.FileResponse:  # noqa: ARG001
    return web.FileResponse(PAGE / "index.html")


async def _forbid_caching(request: web.Request, response: web.StreamResponse) -> None:
    if request.path == "/" or request.path.startswith("/page/"):
        response.headers["Cache-Control"] = "no-cache"


@web.middleware
async def _refuse_strangers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page sends: only our own page acts for the people."""
    origin = request.headers.get("Origin")
    if origin and request.path.startswith("/api/") and origin != f"http://{request.host}":
        return web.json_response(
            {"error": "Only the playground's own page may do that."}, status=403
        )
    return await handler(request)


@web.middleware
async def _word_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except PersonError as error:
        return web.json_response({"error": str(error)}, status=error.status)
    except web.HTTPException as error:
        if error.status < 400 or not request.path.startswith("/api/"):
            raise
        return web.json_response({"error": f"{error.reason}."}, status=error.status)
