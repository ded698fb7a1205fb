"""What the engine service costs: the time to a first event, and a hundred who follow a run.

    python benchmarks/service.py [--rounds 5] [--size 384] [--steps 30]

Starts `python -m engine.service` with one worker for the CPU. Runs with and without subscribers
take turns; the subscribers, who read and drop everything, are in this process, on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import os
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from PIL import Image

TOKEN = secrets.token_hex()
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
SUBSCRIBERS = 100
FIRST = 20
TICKS = os.sysconf("SC_CLK_TCK")


async def main() -> None:
    options = _parse()
    async with _service() as (url, pid), aiohttp.ClientSession(url, headers=HEADERS) as session:
        await _run(session, "warm", 64, 20)
        await _tell_first(session)
        alone, followed = [], []
        for number in range(options.rounds):
            order = options.size, options.steps
            alone.append(await _timed(session, url, pid, f"alone{number}", order, 0))
            followed.append(
                await _timed(session, url, pid, f"followed{number}", order, SUBSCRIBERS)
            )
        _tell(alone, followed)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("--steps", type=int, default=30)
    return parser.parse_args()


@contextlib.asynccontextmanager
async def _service() -> AsyncIterator[tuple[str, int]]:
    """A ready service: its address and its process."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ("--port", "0", "--folder", folder, "--devices", "cpu")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "engine.service", *arguments),
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "ENGINE_TOKEN": TOKEN},
        )
        assert process.stderr is not None
        url = ""
        async for line in process.stderr:
            if found := re.search(rb"serving at (\S+)", line):
                url = found[1].decode()
            if b"ready, painting" in line:
                break
        dropping = asyncio.create_task(process.stderr.read())
        try:
            yield url, process.pid
        finally:
            process.terminate()
            await process.wait()
            await dropping


def _picture(size: int, turned: bool) -> bytes:
    gradient = Image.linear_gradient("L").resize((size, size * 3 // 4)).convert("RGB")
    buffer = io.BytesIO()
    gradient.rotate(90 * turned).save(buffer, "JPEG")
    return buffer.getvalue()


async def _put(session: aiohttp.ClientSession, name: str, size: int, steps: int) -> None:
    settings = {"recipe": "fine", "image_size": size, "iterations": steps, "seed": 1}
    form = aiohttp.FormData()
    form.add_field("order", json.dumps({"settings": settings}), content_type="application/json")
    form.add_field("content", _picture(size, False), filename="content")
    form.add_field("style", _picture(size, True), filename="style")
    async with session.put(f"/v1/jobs/{name}", data=form) as answer:
        assert answer.status == 201, await answer.text()


async def _run(session: aiohttp.ClientSession, name: str, size: int, steps: int) -> list[float]:
    """Seconds from the PUT to the first event, the first step and the end."""
    began = time.perf_counter()
    await _put(session, name, size, steps)
    seconds = {}
    async with session.get(f"/v1/jobs/{name}/events") as answer:
        while block := await answer.content.readuntil(b"\n\n"):
            kind = "step" if b"event: Progress" in block else "event"
            seconds.setdefault(kind, time.perf_counter() - began)
            assert b"event: Failed" not in block, block
    return [seconds["event"], seconds["step"], time.perf_counter() - began]


async def _tell_first(session: aiohttp.ClientSession) -> None:
    runs = [await _run(session, f"first{number}", 64, 3) for number in range(FIRST)]
    for place, name in enumerate(("event", "step of 64 px")):
        times = [run[place] * 1000 for run in runs]
        print(f"first {name} after PUT: median {statistics.median(times):.0f} ms", end=", ")
        print(f"longest of {FIRST} {max(times):.0f} ms")


async def _timed(
    session: aiohttp.ClientSession,
    url: str,
    pid: int,
    name: str,
    order: tuple[int, int],
    subscribers: int,
) -> tuple[float, float]:
    """Seconds of a run, and of the processor's time that the service itself took."""
    before = _processor_seconds(pid)
    running = asyncio.create_task(_run(session, name, *order))
    await asyncio.sleep(0.1)
    followers = [asyncio.create_task(_follow(url, name)) for _ in range(subscribers)]
    seconds = (await running)[2]
    sizes = await asyncio.gather(*followers)
    assert not sizes or min(sizes) > 1000  # each was told of the whole run
    return seconds, _processor_seconds(pid) - before


async def _follow(url: str, name: str) -> int:
    """Read events to the end, as cheaply as can be; how many bytes there were."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"GET /v1/jobs/{name}/events HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
    writer.write(f"{head}Authorization: Bearer {TOKEN}\r\n\r\n".encode())
    size = 0
    while chunk := await reader.read(1 << 16):
        size += len(chunk)
    writer.close()
    return size


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _tell(alone: list[tuple[float, float]], followed: list[tuple[float, float]]) -> None:
    for name, runs in (("alone", alone), (f"{SUBSCRIBERS} subscribers", followed)):
        seconds = statistics.median(run[0] for run in runs)
        processor = statistics.median(run[1] for run in runs)
        print(f"{name}: {seconds:.2f} s, of which the service computes {processor:.2f} s")
    ratios = [with_[0] / without[0] - 1 for without, with_ in zip(alone, followed, strict=True)]
    print(
        f"cost of {SUBSCRIBERS} subscribers: median {100 * statistics.median(ratios):+.1f} %",
        end="",
    )
    print(f" ({', '.join(f'{100 * ratio:+.1f}' for ratio in ratios)})")


if __name__ == "__main__":
    asyncio.run(main())
