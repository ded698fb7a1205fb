"""A stream of events: resumed without a loss, told of a gap, never in the way of a run."""

from __future__ import annotations

import asyncio
import socket
import time
from pathlib import Path

import pytest
from aiohttp import ClientSession
from fake_runner import FakeRunner
from serving import HEADERS, asking, events_of, new_form, problem, serving

from engine.service import attempt, stream
from engine.service.journal import Journal
from engine.service.server import Service


async def paint(session: ClientSession, **more: object) -> None:
    """An attempt a, to its end."""
    await session.put("/v1/jobs/a", data=new_form(**more))
    await events_of(session, "a")


async def test_events_are_numbered_from_one(session: ClientSession) -> None:
    await session.put("/v1/jobs/a", data=new_form())
    events = await events_of(session, "a")
    assert [number for _, number, _ in events] == list(range(1, len(events) + 1))
    assert not any("path" in data for _, _, data in events)


@pytest.mark.parametrize("how", ["header", "query"])
async def test_a_stream_goes_on_after_the_last_event_seen(session: ClientSession, how: str) -> None:
    await paint(session)
    whole = await events_of(session, "a")
    if how == "header":
        rest = await events_of(session, "a", headers={"Last-Event-ID": "7"})
    else:
        rest = await events_of(session, "a", params={"after": "7"})
    assert rest == whole[7:]


async def test_a_cursor_that_is_too_old_is_told_of_the_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "Journal", lambda: Journal(kept=5))
    async with serving(tmp_path, FakeRunner()) as service, asking(service) as session:
        await paint(session)
        events = await events_of(session, "a")
        assert [kind for kind, _, _ in events].count("gap") == 1
        kind, _, data = events[0]
        assert (kind, data["after"], data["oldest"]) == ("gap", 0, events[1][1])
        assert events[-1][0] == "Result"
        assert len(events) == 6


async def test_a_cursor_of_another_life_is_told_of_the_gap(session: ClientSession) -> None:
    await paint(session)
    events = await events_of(session, "a", params={"after": "9999"})
    assert events[0][0] == "gap"
    assert events[1][1] == 1


async def test_who_has_seen_the_end_is_told_to_stop_asking(session: ClientSession) -> None:
    await paint(session)
    last = (await events_of(session, "a"))[-1][1]
    async with session.get("/v1/jobs/a/events", headers={"Last-Event-ID": str(last)}) as answer:
        assert answer.status == 204


@pytest.mark.parametrize("cursor", ["-1", "x", "1.5", "²", "9" * 30])
async def test_a_cursor_is_a_number(session: ClientSession, cursor: str) -> None:
    await paint(session)
    async with session.get("/v1/jobs/a/events", params={"after": cursor}) as answer:
        assert answer.status == 400
        await problem(answer)


async def connect(service: Service, buffer: int = 4096) -> socket.socket:
    """A subscriber to a that reads nothing."""
    host, port = service.url.removeprefix("http://").split(":")
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(sock, (host, int(port)))
    head = f"GET /v1/jobs/a/events HTTP/1.1\r\nHost: {host}:{port}\r\n"
    head += f"Authorization: {HEADERS['Authorization']}\r\n\r\n"
    await loop.sock_sendall(sock, head.encode())
    return sock


async def test_a_subscriber_that_reads_nothing_is_hung_up_on_and_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BATCH_SECONDS", 0.01)
    monkeypatch.setattr(stream, "WRITE_SECONDS", 0.3)
    async with serving(tmp_path, FakeRunner(seconds=6)) as service, asking(service) as session:
        await session.put("/v1/jobs/a", data=new_form(settings={"iterations": 5000}))
        dead = [await connect(service) for _ in range(20)]
        started = time.monotonic()
        await events_of(session, "a")
        assert time.monotonic() - started < 60
        async with session.get("/metrics") as answer:
            assert "easel_engine_streams 0.0" in await answer.text()
        for sock in dead:
            sock.close()


async def test_streams_end_with_the_service_and_do_not_hold_it_up(tmp_path: Path) -> None:
    async with serving(tmp_path, FakeRunner(seconds=600)) as service, asking(service) as session:
        await session.put("/v1/jobs/a", data=new_form(settings={"iterations": 5000}))
        following = [asyncio.create_task(events_of(session, "a")) for _ in range(10)]
        await asyncio.sleep(0.3)
        started = time.monotonic()
        await service.stop()
        assert time.monotonic() - started < 1
        for events in await asyncio.gather(*following):
            kind, _, data = events[-1]
            assert (kind, data["error"]) == ("Failed", "WorkerLost")
