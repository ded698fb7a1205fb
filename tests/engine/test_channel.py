"""Every message survives the socket, and the end of either side is noticed."""

from __future__ import annotations

import asyncio
import math
import socket
import time
from pathlib import Path

import pytest

from engine.channel import CallerEnd, WorkerEnd
from engine.errors import (
    Cancelled,
    InvalidInput,
    InvalidPicture,
    InvalidSetting,
    InvalidWeights,
    OutOfMemory,
    WorkerLost,
)
from engine.forecast import DeviceSpeed, Speed
from engine.messages import Failed, Heartbeat, Measured, Message, Ready, Run, Stop
from engine.runner import Job, Losses, Preview, Progress, Result, StateSaved, Style
from engine.settings import Settings

LOSSES = Losses(1.5, 2e9, math.inf)
JOB = Job(
    "a1",
    Path("/photos/Ада.jpg"),
    (Style(Path("wave.png"), 0.7, 1.5), Style(Path("night.png"), 0.3)),
    Settings(style_weight=321.0, seed=9),
    Path("/jobs/a1"),
    25,
    initial=Path("/photos/start.png"),
)
MESSAGES = [
    Run(JOB, None),
    Run(JOB, Path("/jobs/a1/state")),
    Stop("a1", keep_best=True),
    Ready(),
    Measured(DeviceSpeed(Speed(0.01, 1e-6), Speed(0.02, 5e-7))),
    Heartbeat(),
    Progress(3, 10, LOSSES, None, 1, 2),
    Progress(4, 10, LOSSES, 12.5),
    Preview(3, 10, LOSSES, bytes(range(256)) * 1000),
    StateSaved(25, Path("state")),
    Result(Path("result.png"), 10, 10, LOSSES, 3.25, stopped=True, painted=Path("painted.png")),
]
ERRORS = [
    Cancelled("stopped"),
    InvalidInput("no styles"),
    InvalidPicture("too small", code="too_small", width=1, height=2, minimum=16),
    InvalidSetting("seed takes", name="seed", nearest="7"),
    InvalidWeights("foreign"),
    OutOfMemory("too large"),
    WorkerLost("killed"),
]


async def pair() -> tuple[CallerEnd, WorkerEnd]:
    ours, theirs = socket.socketpair()
    return await CallerEnd.open(ours), WorkerEnd(theirs)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
async def test_a_message_arrives_as_it_was_sent(message: Message) -> None:
    caller, worker = await pair()
    await caller.send(message)
    arrived = await asyncio.to_thread(worker.receive)
    assert arrived == message
    sending = asyncio.to_thread(worker.send, message)  # larger than the socket's buffer
    back, _ = await asyncio.gather(caller.receive(), sending)
    assert back == message
    worker.close()
    await caller.close()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_an_error_arrives_with_its_type_and_numbers(error: WorkerLost) -> None:
    caller, worker = await pair()
    worker.send(Failed(error))
    arrived = await caller.receive()
    assert isinstance(arrived, Failed)
    assert type(arrived.error) is type(error)
    assert str(arrived.error) == str(error)
    assert vars(arrived.error) == vars(error)
    worker.close()
    await caller.close()


async def test_the_end_of_the_caller_is_noticed_even_within_a_frame() -> None:
    caller, worker = await pair()
    await caller.send(Ready())
    await caller.close()
    assert await asyncio.to_thread(worker.receive) == Ready()
    assert await asyncio.to_thread(worker.receive) is None
    worker.close()


async def test_the_end_of_the_worker_is_noticed_even_with_unread_data() -> None:
    caller, worker = await pair()
    await caller.send(Ready())  # never read: closing is then a reset
    worker.close()
    assert await caller.receive() is None
    await caller.send(Ready())  # no error: the end was told already
    await caller.close()


async def test_a_message_takes_milliseconds() -> None:
    caller, worker = await pair()
    preview = Preview(1, 10, LOSSES, bytes(300_000))
    started = time.perf_counter()
    for _ in range(20):
        await asyncio.gather(caller.receive(), asyncio.to_thread(worker.send, preview))
    assert (time.perf_counter() - started) / 20 < 0.1
    worker.close()
    await caller.close()
