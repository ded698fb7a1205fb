"""Many people at once, and one chat that is held: `python -m benchmarks.load`.

The bot (with eight devices that only pretend) and the playground are processes of their own. First
200 people send an album each within 10 s, for jobs of 2 s: when is each answered, does each get
its picture once, and what does the bot's memory come to? Then seven private chats and a group see
pictures of 80 s grow, while a 429 holds one of the chats for a minute: are the others edited on
time, and none too often? Ends with 1 where a limit is not kept.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("bot", "playground")]

from mortal import MortalPlayground  # noqa: E402
from person import PAINTERS, Person, words  # noqa: E402
from PIL import Image  # noqa: E402
from process import TOKEN, BotProcess  # noqa: E402
from rhythm import busiest_minute, lateness, progress_edits  # noqa: E402

from benchmarks.tables import tell  # noqa: E402
from bot.limits import (  # noqa: E402
    ALBUM_QUIET_SECONDS,
    GROUP_EDITS_PER_MINUTE,
    PRIVATE_EDITS_PER_MINUTE,
)

FAKE_BOT = ROOT / "tests" / "bot" / "fakebot.py"
DEVICES = 8
JOB_SECONDS, LONG_JOB_SECONDS = 2.0, 80.0
ARRIVAL_SECONDS = 10.0
FLOOD_SECONDS = 60
MAX_ANSWER_SECONDS = 3.0
MAX_RESIDENT_MB = 300
MAX_LATE_SECONDS = 1.0
GIVE_UP_SECONDS = 150.0
FINAL = " px, "


def photos(number: int) -> list[bytes]:
    """An album of two photos of 640 by 480 px, another one for each number."""
    gradient, album = Image.linear_gradient("L").resize((640, 480)), []
    for ground in ((number % 256, 90, 160), (200, number * 7 % 256, 40)):
        buffer = io.BytesIO()
        Image.composite(
            Image.new("RGB", (640, 480), ground), gradient.convert("RGB"), gradient
        ).save(buffer, "JPEG")
        album.append(buffer.getvalue())
    return album


def fake_bot(folder: Path, address: MortalPlayground, seconds: float) -> BotProcess:
    """The bot's process; each of its jobs takes so long."""
    program = (str(FAKE_BOT), str(DEVICES), str(seconds))
    environment = {
        "TELEGRAM_BOT_TOKEN": address.address.token,
        "TELEGRAM_API_URL": address.address.url,
        "PYTHONPATH": str(ROOT),
        "MAX_JOBS": "1000",
    }
    return BotProcess(folder, program, **environment)


def resident_mb(pid: int) -> float:
    """The most memory that the process has held so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


class Audience:
    """Sees in which chats a finished picture stands, for as long as the bot lives."""

    def __init__(self, ada: Person, bot: BotProcess) -> None:
        self._ada, self._bot = ada, bot
        self.done: set[int] = set()
        self._task = asyncio.create_task(self._watch())

    async def wait_for(self, count: int) -> None:
        """Until so many chats have one, or it has taken too long."""
        began = time.monotonic()
        while len(self.done) < count and time.monotonic() - began < GIVE_UP_SECONDS:
            if self._bot.exit_code is not None:
                raise SystemExit(f"The bot ended:\n{self._bot.log}")
            await asyncio.sleep(0.2)

    def close(self) -> None:
        """Look no more."""
        self._task.cancel()

    async def _watch(self) -> None:
        assert self._ada._session
        async with self._ada._session.get("/api/events", timeout=None) as stream:
            kind = ""
            async for line in stream.content:
                if line.startswith(b"event: "):
                    kind = line[7:].strip().decode()
                elif kind == "message" and line.startswith(b"data: "):
                    message = json.loads(line[6:])
                    if message["from"]["bot"] and FINAL in words(message):
                        self.done.add(message["chat"])


async def send_albums(people: Sequence[Person], seconds: float) -> None:
    """Everybody sends an album, one after the other over so many seconds."""

    async def send(person: Person, delay: float, album: list[bytes]) -> None:
        await asyncio.sleep(delay)
        await person.send_album(album)

    albums = [photos(number) for number in range(len(people))]
    delays = [seconds * number / len(people) for number in range(len(people))]
    await asyncio.gather(*map(send, people, delays, albums))


def answer_seconds(chat: Sequence[dict[str, Any]]) -> float:
    """From the moment when an album counts as complete to the bot's first words in its chat."""
    sent = max(one["history"][0]["at"] for one in chat if not one["from"]["bot"])
    said = min(one["history"][0]["at"] for one in chat if one["from"]["bot"])
    return said - sent - ALBUM_QUIET_SECONDS


def deliveries(chat: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """How many messages of the bot are in a chat, and how many times a result was shown."""
    ours = [one for one in chat if one["from"]["bot"]]
    shown = [v for one in ours for v in one["history"] if FINAL in (v.get("caption") or "")]
    return len(ours), len(shown)


class Report:
    """A table of what was measured against what is allowed."""

    def __init__(self) -> None:
        self.kept = True
        print("| measured | value | limit |\n|---|---|---|")

    def line(self, what: str, value: float, limit: float | None = None, unit: str = "") -> None:
        """A row; a value beyond its limit is remembered."""
        bound = "" if limit is None else f"{limit:g} {unit}"
        print(f"| {what} | {value:.4g} {unit} | {bound} |", flush=True)
        self.kept = self.kept and (limit is None or value <= limit)


async def rush(playground: MortalPlayground, ada: Person, count: int, report: Report) -> None:
    """So many people send an album each within 10 s."""
    people = [await ada.let_in(f"Person {number}") for number in range(count)]
    everybody = [ada.also(user=person, chat=person) for person in people]
    with tempfile.TemporaryDirectory() as folder:
        async with fake_bot(Path(folder), playground, JOB_SECONDS) as bot:
            audience, began = Audience(ada, bot), time.monotonic()
            await send_albums(everybody, ARRIVAL_SECONDS)
            tell(f"all sent after {time.monotonic() - began:.1f} s")
            await audience.wait_for(count)
            took, resident = time.monotonic() - began, resident_mb(bot.pid)
            await asyncio.sleep(2)  # a result that comes twice comes soon
            audience.close()
        tell(bot.log[-2000:])
    chats = [await person.transcript() for person in everybody]
    answers = sorted(answer_seconds(chat) for chat in chats)
    amiss = sum(deliveries(chat) != (1, 1) for chat in chats)
    report.line("answered after the album's pause, median", statistics.median(answers), unit="s")
    p95 = answers[int(0.95 * len(answers))]
    report.line("the same, 95th percentile", p95, MAX_ANSWER_SECONDS, "s")
    report.line("the same, last", answers[-1], unit="s")
    report.line("people without exactly one result", amiss, 0)
    report.line("all delivered after", took, unit="s")
    report.line("most resident memory of the bot", resident, MAX_RESIDENT_MB, "MB")


async def flood(playground: MortalPlayground, ada: Person, report: Report) -> None:
    """One chat is held for a minute while it and seven others see their pictures grow."""
    people = [await ada.let_in(f"Watcher {number}") for number in range(DEVICES - 1)]
    group = ada.also(chat=PAINTERS)
    everybody = [ada.also(user=person, chat=person) for person in people]
    held = people[0]
    after = (await ada.calls())[-1]["seq"]
    with tempfile.TemporaryDirectory() as folder:
        async with fake_bot(Path(folder), playground, LONG_JOB_SECONDS) as bot:
            audience = Audience(ada, bot)
            album = photos(0)
            await asyncio.gather(
                send_albums(everybody, 1.0),
                group.send_album(album, caption="@easel_bot"),
            )
            await asyncio.sleep(8)
            await ada.fault("429", chat=held, count=1, retry_after=FLOOD_SECONDS)
            await audience.wait_for(DEVICES)
            audience.close()
        tell(bot.log[-2000:])
    calls = [call for call in await ada.calls(after=after) if call["chat"] is not None]
    refused = next(call["at"] for call in calls if call["status"] == 429)
    early = [c for c in calls if c["chat"] == held and 0 < c["at"] - refused < FLOOD_SECONDS]
    report.line("calls to the held chat in its minute", len(early), 0)
    times = progress_edits(calls)
    late = [late for chat, at in times.items() if chat != held for late in lateness(chat, at)]
    report.line("edits of other chats late by, median", statistics.median(late), unit="s")
    report.line("the same, most", max(late), MAX_LATE_SECONDS, "s")


async def report_minutes(calls: Sequence[dict[str, Any]], report: Report) -> None:
    """The most progress edits in a minute."""
    times = progress_edits(calls)
    for what, limit, private in (
        ("private chat", PRIVATE_EDITS_PER_MINUTE, True),
        ("group", GROUP_EDITS_PER_MINUTE, False),
    ):
        most = max(busiest_minute(at) for chat, at in times.items() if (chat > 0) == private)
        report.line(f"progress edits of a {what} in its busiest minute", most, limit)


async def measure(count: int) -> bool:
    """Print the table; whether every limit was kept."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        async with (
            MortalPlayground(Path(folder) / "world", TOKEN) as playground,
            Person(playground.address.url) as ada,
        ):
            await rush(playground, ada, count, report)
            await flood(playground, ada, report)
            await report_minutes(await ada.calls(), report)
    return report.kept


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200, help="who send an album each")
    sys.exit(0 if asyncio.run(measure(parser.parse_args().people)) else 1)
