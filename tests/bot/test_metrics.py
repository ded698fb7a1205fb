"""Metrics: what Prometheus is told is what happened, and what /admin stats says."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from fake_runner import FakeRunner
from person import ADA, Person, words
from process import BotProcess
from prometheus_client.parser import text_string_to_metric_families
from served import Picture

from bot.app import open_rooms
from bot.config import Config
from bot.errors import StartError
from bot.figures import READINGS
from bot.monitoring import serving_metrics
from bot.rooms import Rooms
from engine.errors import OutOfMemory

Samples = dict[str, float]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        data_dir=tmp_path,
        devices="cpu",
        admin_user_ids=frozenset({ADA}),
        metrics_listen="127.0.0.1:0",
    )


@pytest.fixture
async def url(rooms: Rooms) -> AsyncIterator[str]:
    async with serving_metrics(rooms) as url:
        assert url
        yield url


async def scrape(url: str) -> Samples:
    """Every sample as `name{label="value",…}`, without `easel_`."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        text = await answer.text()
    return {
        sample.name.removeprefix("easel_")
        + "".join(f"{{{name}={value}}}" for name, value in sample.labels.items()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_a_picture_is_counted_with_its_wait_time_and_speed(
    ada: Person, picture: Picture, url: str
) -> None:
    before = await scrape(url)
    assert before["jobs_total{status=succeeded}"] == 0
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text(" px, ", 30)
    found = await scrape(url)
    assert found["jobs_total{status=succeeded}"] == 1
    assert found["job_wait_seconds_count"] == 1
    assert found["job_run_seconds_count{size=512}"] == 1
    assert found["job_run_seconds_sum{size=512}"] == pytest.approx(0.5)
    assert found["job_steps_per_second_sum{size=512}"] == pytest.approx(20 / 0.5)
    assert found["edit_delay_seconds_count"] >= 1
    assert found["people"] == 1
    assert found["blob_bytes"] > 1000
    assert found["run_median_seconds"] == pytest.approx(0.5)
    assert found["database_up"] == 1
    assert found["process_resident_memory_bytes"] > 1e7
    assert {name.removeprefix("easel_") for name in READINGS} <= found.keys()


async def test_what_waits_shows_its_number_and_age(
    ada: Person, picture: Picture, url: str, runner: FakeRunner
) -> None:
    runner.seconds = 60
    for color in ("blue", "green"):
        await ada.send_album([picture("red"), picture(color)])
    await ada.wait_for_text("1 picture before yours", 20)
    await ada.wait_for_text("▱", 20)
    found = await scrape(url)
    assert (found["running_jobs"], found["queue_jobs"], found["devices"]) == (1, 1, 1)
    assert found["queue_age_seconds"] > 0


async def test_failures_are_counted_by_kind(
    ada: Person, picture: Picture, url: str, runner: FakeRunner
) -> None:
    runner.failures = [OutOfMemory("Too little memory.")]
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text(" px, ", 30)
    await ada.send_file(b"hello " * 100, mime="image/png")
    await ada.wait_for_text("Now the style")
    await ada.send_photo(picture("red"))
    await ada.wait_for_text("cannot read this as a picture", 20)
    found = await scrape(url)
    assert found["jobs_total{status=failed}"] == 1
    assert found["failures_total{kind=out_of_memory}"] == 1
    assert found["failures_total{kind=not_an_image}"] == 1
    assert "job_run_seconds_count{size=512}" not in found  # it took a second attempt


async def test_floods_are_counted(ada: Person, url: str) -> None:
    await ada.fault("429", chat=ada.id, count=1, retry_after=1)
    await ada.say("/queue")
    await ada.wait_for_text("Nothing of yours", 20)
    assert (await scrape(url))["floods_total"] == 1


async def test_admin_stats_says_the_same(ada: Person, picture: Picture, url: str) -> None:
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text(" px, ", 30)
    await ada.say("/admin stats")
    said = words(await ada.wait_for_text("Since the start"))
    found = await scrape(url)
    assert f"painted {found['jobs_total{status=succeeded}']:.0f}," in said
    assert f"painting {found['run_median_seconds']:.1f} s" in said
    assert f"floods {found['floods_total']:.0f};" in said
    assert f"progress {found['edit_delay_seconds_count']:.0f} times shown" in said
    assert "512 px 40.00" in said
    assert re.search(r"update [0-9.]+ s \(1 open\)", said)  # the one that asked


def put_a_folder_in_its_place(file: Path) -> None:
    file.unlink()
    file.mkdir()


async def test_without_a_database_the_counters_are_still_told(config: Config) -> None:
    async with open_rooms(config) as rooms, serving_metrics(rooms) as url:
        assert url
        assert (await scrape(url))["database_up"] == 1
        await rooms.database.close()
        put_a_folder_in_its_place(config.data_dir / "easel.db")
        found = await scrape(url)
    assert found["database_up"] == 0
    assert found["people"] != found["people"]  # not a number
    assert "floods_total" in found


async def test_a_port_in_use_is_said(rooms: Rooms, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        rooms.config = Config(
            data_dir=tmp_path, metrics_listen=f"127.0.0.1:{other.getsockname()[1]}"
        )
        with pytest.raises(StartError, match="Set METRICS_LISTEN"):
            async with serving_metrics(rooms):
                pass


async def test_a_process_serves_metrics_only_when_asked_to(tmp_path: Path) -> None:
    async with BotProcess(tmp_path, PLAYGROUND_PORT="0", METRICS_LISTEN="127.0.0.1:0") as bot:
        found = re.search(r"metrics at (\S+)", bot.log)
        assert found
        assert (await scrape(found[1]))["devices"] == 1
    async with BotProcess(tmp_path, PLAYGROUND_PORT="0", LOG_FORMAT="json") as bot:
        assert "metrics at" not in bot.log
        assert all(line.startswith('{"time": "') for line in bot.log.splitlines())
