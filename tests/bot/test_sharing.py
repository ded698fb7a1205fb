"""Two processes behind one proxy on one PostgreSQL: one queue, each job once, albums whole."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from balancer import Balancer
from person import ADA, BORIS, CLEO, Person, words
from postgres_server import ABSENT, PostgresServer, programs, running_server
from process import TOKEN, BotProcess
from served import Picture

from bot.playground import Playground

DONE = " px, "


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    if programs() is None:
        pytest.skip(ABSENT)
    with running_server() as server:
        yield server


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    playground = Playground(token=TOKEN, first_retry_seconds=0.1)
    await playground.start()
    yield playground
    await playground.stop()


@pytest.fixture
async def balancer() -> AsyncIterator[Balancer]:
    async with Balancer(free_port(), free_port()) as balancer:
        yield balancer


@pytest.fixture
def address(server: PostgresServer) -> Iterator[str]:
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def pair(
    playground: Playground, balancer: Balancer, address: str, tmp_path: Path
) -> tuple[BotProcess, BotProcess]:
    """Both with the same settings, but for the port."""
    one, other = (
        BotProcess(
            tmp_path,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=playground.url,
            DATABASE_URL=address,
            WEBHOOK_URL=balancer.url,
            WEBHOOK_LISTEN=f"127.0.0.1:{port}",
        )
        for port in balancer.ports
    )
    return one, other


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def rows(address: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(address) as connection:
        return connection.execute(query.encode()).fetchall()


async def paint(person: Person, picture: Picture) -> list[dict[str, Any]]:
    """Order from an album of four, and wait for the result."""
    await person.speak("en")
    await person.say("/set image_size=64 iterations=30")
    await person.wait_for_text("Steps is now", 30)
    await person.send_album(
        [picture(color, (128, 96)) for color in ("red", "blue", "green", "white")]
    )
    await person.wait_for_text(DONE, 150)
    return await person.answers()


async def test_two_processes_share_one_queue(
    playground: Playground,
    balancer: Balancer,
    address: str,
    pair: tuple[BotProcess, BotProcess],
    picture: Picture,
) -> None:
    async with pair[0], pair[1], Person(playground.url) as ada:
        people = [ada, ada.also(user=BORIS, chat=BORIS), ada.also(user=CLEO, chat=CLEO)]
        answers = await asyncio.gather(*(paint(person, picture) for person in people))
        await asyncio.sleep(2)  # whatever would come twice has come by then
    assert min(balancer.passed.values()) > 4  # pictures of each album went to both
    jobs = rows(address, "SELECT id, user_id, status, attempt, failures FROM job")
    assert sorted(job[1:] for job in jobs) == [
        (user, "SUCCEEDED", 1, 0) for user in (ADA, BORIS, CLEO)
    ]
    pictures = rows(address, "SELECT job_id, count(*) FROM picture GROUP BY job_id")
    assert [number for _, number in pictures] == [4, 4, 4]
    for of_one in answers:
        assert len([message for message in of_one if DONE in words(message)]) == 1
        assert len(of_one) == 2  # the settings, and the living message
    assert rows(address, "SELECT 1 FROM inbox WHERE done_at IS NULL") == []
    assert rows(address, "SELECT 1 FROM outbox WHERE done_at IS NULL") == []


async def test_what_a_killed_process_had_is_finished_by_the_other(
    playground: Playground,
    address: str,
    pair: tuple[BotProcess, BotProcess],
    picture: Picture,
) -> None:
    first, second = pair
    async with second, Person(playground.url) as ada, first:
        await ada.say("/set image_size=64 iterations=200")
        await ada.wait_for_text("Steps is now", 30)
        await ada.send_album([picture("red", (128, 96)), picture("blue", (128, 96))])
        await ada.wait_for(lambda message: "photo" in message, 60)
        owner = rows(address, "SELECT lease_owner FROM job")[0][0]
        holder = next(bot for bot in pair if f":{bot.pid}:" in owner)
        await holder.kill()
        await ada.wait_for_text(DONE, 150)
    job = rows(address, "SELECT status, attempt, failures FROM job")
    assert job == [("SUCCEEDED", 2, 1)]
