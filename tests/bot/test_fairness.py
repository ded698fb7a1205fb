"""Fair shares: places in the queue and minutes of a day, told in one sentence with the numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_runner import FakeRunner
from person import BORIS, Person, words
from served import Picture

from bot.config import Config
from bot.rooms import Rooms
from storage import flags, quotas, standings

TAKEN = ("Queued", "очереди", "Mixing", "Смешиваю", "▱", "Очередь")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        data_dir=tmp_path, devices="cpu", max_jobs_per_user=2, max_jobs=3, daily_minutes=3
    )


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner(seconds=60)


async def order(person: Person, picture: Picture) -> None:
    await person.send_album([picture("red"), picture("blue")])


async def test_a_person_over_the_limit_is_told_the_numbers(ada: Person, picture: Picture) -> None:
    for _ in range(3):
        await order(ada, picture)
    refusal = await ada.wait_for_text("You already have", 20)
    assert "2 pictures waiting, of 2 at most" in words(refusal)


async def test_a_full_queue_is_told_with_the_numbers(ada: Person, picture: Picture) -> None:
    boris = ada.also(user=BORIS, chat=BORIS)
    for person in (ada, boris, ada, boris):
        await order(person, picture)
        await person.wait_for(lambda message: any(part in words(message) for part in TAKEN), 20)
    refusal = await boris.wait_for_text("Очередь сейчас полна", 20)
    assert "ждут 3 картины, " in words(refusal)


async def test_nobody_paints_longer_than_a_days_allowance(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    async with rooms.database.write() as session:
        await quotas.charge(session, "before", ada.id, 130)
    await order(ada, picture)
    refusal = words(await ada.wait_for_text("This picture takes about", 20))
    assert "1 min, but you have 0 of 3 minutes left today; resets in" in refusal
    async with rooms.database.write() as session:
        await standings.set_quota(session, ada.id, 0)
    await order(ada, picture)
    await ada.wait_for_text("▱", 20)


async def test_the_queue_tells_what_is_left_of_the_day(ada: Person, picture: Picture) -> None:
    await ada.say("/queue")
    await ada.wait_for_text("You have 3 of 3 minutes left today; resets in")
    await order(ada, picture)
    waiting = await ada.wait_for_text("▱", 20)
    await ada.say("/queue")
    await ada.wait_for_text("You have 2 of 3 minutes left today")
    await ada.press(waiting, "Good enough")
    await ada.wait_for_text("the best picture so far", 20)


async def test_a_bot_that_drains_says_so_and_finishes_what_runs(
    ada: Person, picture: Picture, rooms: Rooms, runner: FakeRunner
) -> None:
    runner.seconds = 2
    await order(ada, picture)
    await ada.wait_for_text("Queued", 20)
    async with rooms.database.write() as session:
        await flags.put(session, flags.DRAINING, on=True)
    await order(ada, picture)
    await ada.wait_for_text("I take no new pictures just now", 20)
