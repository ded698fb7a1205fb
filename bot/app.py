"""The composition root: builds every part once, starts the loops, and ends them in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator

from telegram import Bot

from bot.bridge import build_application, publish_menu, sign_in
from bot.broadcasts import Broadcasts
from bot.config import Config
from bot.context import EaselApplication
from bot.delivery import Delivery
from bot.dispatcher import Dispatcher, owner_name
from bot.errors import StartError
from bot.fetcher import Fetcher
from bot.gallery import WELCOME, read_gallery, sheets_of
from bot.heartbeat import Heartbeat
from bot.housekeeping import Housekeeping
from bot.intake import Intake
from bot.listening import Listening
from bot.loops import Loop, run_until
from bot.monitoring import serving_metrics
from bot.pace import Pace
from bot.painters import runner_of
from bot.playground import Playground
from bot.polling import Polling
from bot.rooms import Rooms
from bot.sender import Sender
from bot.texts import languages
from bot.webhook import Webhook
from engine.client import ServiceRunner
from engine.devices import CPU, find_devices
from engine.errors import InvalidInput, InvalidWeights, WorkerLost
from engine.local import LocalRunner
from engine.runner import Runner
from storage.blobs import GALLERY, Blobs
from storage.database import Database
from storage.folder import BLOB_FOLDER

CLOSE_SECONDS = 2.0

log = logging.getLogger(__name__)


async def run(config: Config, stop: asyncio.Event | None = None) -> None:
    """Serve until a signal, `stop`, or a loop that cannot go on; raises StartError and its like."""
    stop = stop or asyncio.Event()
    _end_on_signals(stop)
    async with contextlib.AsyncExitStack() as stack:
        _make_folder(config)
        playground = None
        if config.token is None:
            playground = await stack.enter_async_context(_playground(config))
        rooms = await stack.enter_async_context(open_rooms(config))
        await stack.enter_async_context(serving_metrics(rooms))
        runner = runner_of(config)
        stack.push_async_callback(runner.close)
        warming = asyncio.create_task(_warm_up(runner, stop))
        stack.callback(warming.cancel)
        await serve(rooms, runner, stop, playground)
        if warming.done():
            warming.result()


async def _warm_up(runner: LocalRunner | ServiceRunner, stop: asyncio.Event) -> None:
    """Get the devices ready before the first job needs them; raises StartError.

    That is for a wrong file of weights, or a token that the engine service refuses.
    """
    try:
        await runner.start()
    except InvalidWeights as error:
        stop.set()
        raise StartError(f"{error} Set NETWORK_FILE to a good file, or unset it.") from error
    except InvalidInput as error:
        stop.set()
        raise StartError(f"{error} Set ENGINE_TOKEN to that of the service.") from error
    except WorkerLost as error:  # it is tried again, for each job or every few seconds
        log.error("nothing can be painted yet: %s", error)


async def serve(
    rooms: Rooms, runner: Runner, stop: asyncio.Event, playground: Playground | None
) -> None:
    """Run the loops over open rooms until `stop`, then end them so that nothing is lost."""
    rooms.runner = runner
    application = build_application(rooms, playground)
    heartbeat = Heartbeat(rooms.config.heartbeat_file)
    await sign_in(application, stop, heartbeat)
    try:
        if stop.is_set():
            return
        await publish_menu(application.bot, rooms.config.admin_user_ids)
        if playground is not None:
            log.warning("No token: playground only. Open the chat page at %s", playground.url)
        log.info("listening as @%s, painting on %s", application.bot.username, runner.devices)
        await _run_loops(rooms, application, runner, stop, heartbeat)
    finally:
        await application.shutdown()


async def _run_loops(
    rooms: Rooms,
    application: EaselApplication,
    runner: Runner,
    stop: asyncio.Event,
    heartbeat: Heartbeat,
) -> None:
    owner = owner_name()
    sender = Sender(rooms, Delivery(application.bot, rooms), owner, Pace(), heartbeat)
    dispatcher = Dispatcher(rooms, runner, sender, owner, heartbeat)
    fetcher = Fetcher(rooms, application.bot)
    intake = Intake(rooms, application)
    loops: list[Loop] = [
        _bringer(rooms.config, application.bot, intake, heartbeat),
        Listening(rooms),
        fetcher,
        dispatcher,
        sender,
        Housekeeping(rooms),
        Broadcasts(rooms),
    ]
    try:
        await run_until(stop, loops)
    finally:
        await application.albums.close()
        await intake.close(CLOSE_SECONDS)
        await fetcher.close()
        await dispatcher.close()
        await sender.close(CLOSE_SECONDS)


def _bringer(config: Config, bot: Bot, intake: Intake, heartbeat: Heartbeat) -> Loop:
    """Who brings updates: Telegram itself, or our asking."""
    if config.webhook_url is not None:
        return Webhook(config, bot, intake, heartbeat)
    return Polling(bot, intake, heartbeat)


@contextlib.asynccontextmanager
async def open_rooms(config: Config) -> AsyncIterator[Rooms]:
    """Open the database (migrating it), the blobs and the gallery; raises StorageError."""
    database = Database(config.database)
    await database.open()
    try:
        gallery = read_gallery()
        rooms = Rooms(
            config=config,
            database=database,
            blobs=Blobs(config.data_dir / BLOB_FOLDER),
            gallery=gallery,
            devices=CPU if config.engine_url else find_devices(config.device_names or ()),
        )
        async with database.write() as session:
            for painting in gallery:
                blob = await rooms.blobs.put(session, painting.path, GALLERY)
                rooms.gallery_blobs[painting.slug] = blob
            for language in languages():
                sheets = await asyncio.to_thread(sheets_of, gallery, language)
                rooms.sheet_blobs[language] = tuple(
                    [await rooms.blobs.put(session, sheet, GALLERY) for sheet in sheets]
                )
            rooms.welcome_blob = await rooms.blobs.put(session, WELCOME, GALLERY)
        yield rooms
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def _playground(config: Config) -> AsyncIterator[Playground]:
    playground = Playground(
        host=config.playground_host,
        port=config.playground_port,
        folder=config.data_dir / "playground",
    )
    try:
        await playground.start()
    except OSError as error:
        raise StartError(
            f"The playground cannot listen on {config.playground_host}:{config.playground_port} "
            f"({os.strerror(error.errno or 0)}). Set PLAYGROUND_PORT to a free port, or 0 for any."
        ) from error
    try:
        yield playground
    finally:
        await playground.stop()


def _make_folder(config: Config) -> None:
    folder = config.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StartError(
            f"The data folder {folder} cannot be written ({error.strerror}). "
            "Set DATA_DIR to a folder this user may write to."
        ) from error


def _end_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
