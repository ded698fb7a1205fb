"""Telegram brings the updates: taken with the secret only, whole only, committed before the 200."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fake_runner import FakeRunner
from person import ADA, Person
from process import TOKEN, BotProcess
from served import Picture, running_bot
from sqlalchemy import select, update
from telegram import Update

from bot.app import serve
from bot.config import Config, read_config
from bot.errors import StartError
from bot.intake import ABANDONED
from bot.playground import Playground
from bot.rooms import Rooms
from bot.turn import Settled, turn
from bot.webhook import MAX_BODY_BYTES, SECRET_HEADER
from storage import inbox
from storage.columns import utc_now
from storage.errors import StorageFull
from storage.models import Inbox

SECRET = "s3cret"
UPDATE: dict[str, Any] = {"update_id": 7_000_000_001}


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    playground = Playground(token=TOKEN, first_retry_seconds=0.1)
    await playground.start()
    yield playground
    await playground.stop()


@pytest.fixture
def config(tmp_path: Path, playground: Playground) -> Config:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    return read_config(
        data_dir=tmp_path,
        devices="cpu",
        telegram_bot_token=TOKEN,
        telegram_api_url=playground.url,
        webhook_url=f"http://{address}/easel",
        webhook_listen=address,
        webhook_secret=SECRET,
    )


@pytest.fixture
async def rooms(config: Config, runner: FakeRunner, playground: Playground) -> AsyncIterator[Rooms]:
    async with running_bot(config, runner, playground) as rooms:
        while not await is_listening(config):
            await asyncio.sleep(0.05)
        yield rooms


async def is_listening(config: Config) -> bool:
    try:
        _, writer = await asyncio.open_connection(*config.webhook_address)
    except OSError:
        return False
    writer.close()
    return True


async def post(config: Config, body: Any, secret: str | None = SECRET, path: str = "") -> int:
    """The status of an answer."""
    headers = {} if secret is None else {SECRET_HEADER: secret}
    data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{config.webhook_url}{path}", data=data, headers=headers) as answer,
    ):
        return answer.status


async def test_people_are_served_as_ever(ada: Person, picture: Picture) -> None:
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text(" px, ")


async def test_an_answer_of_200_means_that_the_update_is_in_the_inbox(
    config: Config, rooms: Rooms
) -> None:
    for _ in ("first", "again"):
        assert await post(config, UPDATE) == 200
        async with rooms.database.read() as session:
            query = select(Inbox.update_id).where(Inbox.update_id == UPDATE["update_id"])
            assert list(await session.scalars(query)) == [UPDATE["update_id"]]


async def test_what_cannot_be_committed_is_brought_again(
    config: Config, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: Any, **__: Any) -> bool:
        raise StorageFull("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr("storage.inbox.record", full)
        assert await post(config, UPDATE) == 503
    assert await post(config, UPDATE) == 200
    assert rooms.config is config


def greeting(number: int) -> dict[str, Any]:
    person = {"id": ADA, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    chat = {"id": ADA, "type": "private", "first_name": "Ada"}
    entities = [{"type": "bot_command", "offset": 0, "length": 6}]
    words = {"text": "/start", "entities": entities, "date": 1_700_000_000, "message_id": number}
    return {"update_id": number, "message": {**words, "from": person, "chat": chat}}


async def test_what_another_process_left_open_is_taken_up(
    playground: Playground, rooms: Rooms
) -> None:
    async with rooms.database.write() as session:
        await inbox.record(session, 4242, 9, greeting(9), ADA, message_id=9)
        await session.execute(update(Inbox).values(received_at=utc_now() - 2 * ABANDONED))
    async with Person(playground.url) as ada:
        await ada.wait_for_text("Send me two photos", 20)


async def test_an_album_that_fails_is_tried_again_and_given_up(
    ada: Person, rooms: Rooms, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError("on purpose")

    async def states() -> list[tuple[int, bool]]:
        async with rooms.database.read() as session:
            query = select(Inbox).where(Inbox.media_group_id.is_not(None))
            return [(row.tries, row.done_at is None) for row in await session.scalars(query)]

    monkeypatch.setattr("bot.handlers.photos.take_album", fail)
    await ada.send_album([picture("red"), picture("blue")])
    for tries in (1, 2, 3):
        async with asyncio.timeout(20):
            while await states() != [(tries, tries < 3)] * 2:
                await asyncio.sleep(0.1)
        async with rooms.database.write() as session:  # as if long ago
            await session.execute(update(Inbox).values(received_at=utc_now() - 2 * ABANDONED))


async def test_an_update_that_another_process_has_dealt_with_is_let_be(rooms: Rooms) -> None:
    async with rooms.database.write() as session:
        await inbox.record(session, 4242, 9, greeting(9), ADA, message_id=9)
        await inbox.finish(session, await inbox.lock(session, 4242, [9]))
    with pytest.raises(Settled):
        async with turn(rooms, 4242, Update.de_json(greeting(9))):
            pass


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "\u00e9"])
async def test_a_stranger_is_refused(config: Config, secret: str | None) -> None:
    assert await post(config, UPDATE, secret) == 403


BAD_BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe{}",
    "a list": b"[]",
    "no number": b"{}",
    "a number in words": b'{"update_id": "7"}',
    "a truth": b'{"update_id": true}',
    "a negative number": b'{"update_id": -1}',
    "a number beyond 64 bits": b'{"update_id": 9223372036854775808}',
    "a message of another type": b'{"update_id": 7, "message": 5}',
    "a message without anything": b'{"update_id": 7, "message": {"x": 1}}',
    "very deep": b'{"update_id": 7, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
async def test_a_malformed_body_is_refused(config: Config, body: bytes) -> None:
    assert await post(config, body) == 400
    assert await post(config, UPDATE) == 200


@pytest.mark.usefixtures("rooms")
async def test_an_oversize_body_is_refused(config: Config) -> None:
    assert await post(config, b" " * (MAX_BODY_BYTES + 1)) == 413


@pytest.mark.usefixtures("rooms")
async def test_other_paths_and_methods_lead_nowhere(config: Config) -> None:
    assert await post(config, UPDATE, path="/more") == 404
    async with aiohttp.ClientSession() as session, session.get(str(config.webhook_url)) as answer:
        assert answer.status == 405


async def test_a_port_in_use_is_said(
    runner: FakeRunner, playground: Playground, rooms: Rooms
) -> None:
    with pytest.raises(StartError, match="Set WEBHOOK_LISTEN"):
        await serve(rooms, runner, asyncio.Event(), playground)


async def test_a_bot_that_polls_takes_an_old_webhook_away(
    playground: Playground, tmp_path: Path
) -> None:
    address = f"{playground.base_url}{TOKEN}/setWebhook"
    async with aiohttp.ClientSession() as session:
        await session.post(address, json={"url": "http://127.0.0.1:9/gone"})
    bot = BotProcess(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=playground.url)
    async with bot, Person(playground.url) as ada:
        await ada.say("/start")
        await ada.wait_for_text("Send me two photos", 20)
