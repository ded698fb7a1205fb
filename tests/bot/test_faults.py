"""Telegram misbehaves: floods, lost answers, blocked bots. Nothing is lost, nobody else waits."""

from __future__ import annotations

import asyncio
import time

import pytest
from fake_runner import FakeRunner
from person import BORIS, Person, words
from served import Picture

from bot import loops
from bot.handlers import photos
from bot.rooms import Rooms
from engine.errors import InvalidInput, OutOfMemory, WorkerLost
from storage import jobs, outbox, users
from storage.errors import StorageFull
from storage.models import Status

DONE = " px, "


async def test_a_flooded_chat_gets_its_result_and_delays_no_other(
    ada: Person, picture: Picture, runner: FakeRunner
) -> None:
    runner.seconds = 3
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text("Queued")
    await ada.fault("429", chat=ada.id, retry_after=12)
    boris = ada.also(user=BORIS, chat=BORIS)
    await boris.say("/set iterations 5")
    started = time.monotonic()
    await boris.wait_for_text("Шаги")
    assert time.monotonic() - started < 3
    await ada.mend()
    await ada.wait_for_text(DONE, 40)


@pytest.mark.parametrize("kind", ["502", "reset", "dropped"])
async def test_a_failed_final_edit_is_repeated_without_a_second_result(
    ada: Person, picture: Picture, runner: FakeRunner, kind: str
) -> None:
    runner.seconds = 2
    await ada.send_album([picture("red"), picture("blue")])
    queued = await ada.wait_for_text("Queued")
    await ada.fault(kind, method="editMessageMedia", count=2)
    done = await ada.wait_for_text(DONE, 60)
    assert done["id"] == queued["id"]
    assert sum(DONE in words(message) for message in await ada.answers()) == 1


async def test_a_deleted_message_is_sent_anew(
    ada: Person, picture: Picture, runner: FakeRunner
) -> None:
    runner.seconds = 3
    await ada.send_album([picture("red"), picture("blue")])
    await ada.delete(await ada.wait_for_text("Queued"))
    done = await ada.wait_for_text(DONE, 40)
    assert done["photo"]


async def test_blocking_the_bot_cancels_what_is_being_painted(
    ada: Person, picture: Picture, runner: FakeRunner, rooms: Rooms
) -> None:
    runner.seconds = 20
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text("▱", 20)
    await ada.send_album([picture("red"), picture("blue")])
    await ada.block()
    await ada.also().say("/queue")
    async with rooms.database.read() as session:
        mine = await jobs.active_of(session, ada.id)
    deadline = time.monotonic() + 30
    while mine and time.monotonic() < deadline:
        async with rooms.database.read() as session:
            mine = await jobs.active_of(session, ada.id)
    async with rooms.database.read() as session:
        user = await users.get(session, ada.id)
    assert mine == []
    assert user is not None


async def test_a_lost_worker_means_another_attempt(
    ada: Person, picture: Picture, runner: FakeRunner, rooms: Rooms
) -> None:
    runner.failures = [WorkerLost("The worker was killed by signal 9.")]
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text(DONE, 40)
    assert len(runner.started) == 2
    async with rooms.database.read() as session:
        job = await jobs.get(session, runner.started[0])
    assert job is not None
    assert (job.status, job.attempt, job.failures) == (Status.SUCCEEDED, 2, 1)


@pytest.mark.parametrize(
    ("failures", "sentence", "attempts"),
    [
        ([WorkerLost("gone")] * 9, "gave up", 2),
        ([OutOfMemory("no room")] * 9, "too large for this machine", 3),
        ([InvalidInput("The style has no pixels.")], "The style has no pixels.", 1),
    ],
)
async def test_a_hopeless_job_fails_with_one_sentence(
    ada: Person,
    picture: Picture,
    runner: FakeRunner,
    failures: list[Exception],
    sentence: str,
    attempts: int,
) -> None:
    runner.failures = list(failures)  # type: ignore[arg-type]
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text(sentence, 40)
    assert len(runner.started) == attempts


async def test_a_picture_that_cannot_be_fetched_is_tried_again(
    ada: Person, picture: Picture
) -> None:
    await ada.fault("502", method="getFile", count=2)
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text(DONE, 40)


async def test_a_handler_that_fails_is_tried_again(
    ada: Person, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = photos.take_one, []

    async def stumble(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == 1:
            raise RuntimeError("stumbled")
        await real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(photos, "take_one", stumble)
    await ada.send_photo(picture("red"))
    await ada.wait_for_text("Now the style")
    assert len(calls) == 2


async def test_a_message_deleted_while_painting_is_sent_anew_once(
    ada: Person, picture: Picture, runner: FakeRunner
) -> None:
    runner.seconds = 8
    await ada.send_album([picture("red"), picture("blue")])
    await ada.delete(await ada.wait_for_text("▱", 20))
    await ada.wait_for_text(DONE, 40)
    assert len([one for one in await ada.answers() if "In the style of" in words(one)]) == 1


async def test_a_handler_that_always_fails_is_given_up_with_a_word(
    ada: Person, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumble(*_: object) -> None:
        raise RuntimeError("stumbled")

    monkeypatch.setattr(photos, "take_one", stumble)
    await ada.send_photo(picture("red"))
    await ada.wait_for_text("Sorry, something went wrong", 20)


async def test_a_database_that_is_full_for_a_while_stops_nothing_for_good(
    ada: Person, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = outbox.claim_due

    async def full(*_: object) -> None:
        raise StorageFull("The disk is full.")

    monkeypatch.setattr(loops, "PAUSE_SECONDS", 0.3)
    monkeypatch.setattr(outbox, "claim_due", full)
    await ada.say("/queue")
    await asyncio.sleep(1)
    monkeypatch.setattr(outbox, "claim_due", real)
    rooms.send.ring()
    await ada.wait_for_text("Nothing of yours")
