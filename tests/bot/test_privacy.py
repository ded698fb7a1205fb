"""What is kept, what goes after a while, and what goes at once when a person asks for it."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fake_runner import FakeRunner
from person import BORIS, PAINTERS, Person, words
from served import Picture
from sqlalchemy import select, update

from bot.config import Config
from bot.housekeeping import Housekeeping
from bot.rooms import Rooms
from storage import inbox, jobs, users
from storage.models import Blob, Inbox, Job, Outbox

DONE = " px, "


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(data_dir=tmp_path, devices="cpu", retention_days=21)


async def jobs_of(rooms: Rooms, person: Person) -> list[Job]:
    async with rooms.database.read() as session:
        return list(await session.scalars(select(Job).where(Job.user_id == person.id)))


async def test_privacy_tells_the_days_that_the_operator_has_set(ada: Person) -> None:
    await ada.say("/privacy")
    said = words(await ada.wait_for_text("What I keep"))
    assert "painted from them: 21 days after a picture is finished" in said
    assert "Previews on the way: 1 h after" in said
    assert "7 days" in said
    boris = ada.also(user=BORIS, chat=BORIS)
    await boris.say("/privacy")
    await boris.wait_for_text("21 день после окончания картины")


async def test_forgetting_erases_rows_and_files_but_nothing_of_others(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    boris = ada.also(user=BORIS, chat=BORIS)
    await boris.say("/set iterations 5")
    await boris.wait_for_text("Шаги")
    for person in (ada, boris):
        await person.send_album([picture("red"), picture("blue" if person is ada else "green")])
        await person.wait_for_text(DONE if person is ada else " пикс., ", 30)
    (hers,), (his,) = await jobs_of(rooms, ada), await jobs_of(rooms, boris)
    shared, style = (one.blob for one in hers.pictures)
    assert shared == his.pictures[0].blob
    await ada.say("/forget")
    question = await ada.wait_for_text("Erase everything of yours?")
    await ada.press(question, "Erase everything")
    await ada.wait_for_text("Everything of yours is erased.")
    for blob in (style, hers.result_blob):
        assert blob
        assert not rooms.blobs.path(blob).exists()
    for blob in (shared, his.result_blob, rooms.sheet_blobs["en"][0]):
        assert blob
        assert rooms.blobs.path(blob).exists()
    async with rooms.database.read() as session:
        assert await users.get(session, ada.id) is None
        assert await jobs.get(session, hers.id) is None
        assert await jobs.get(session, his.id) is not None
        assert list(await session.scalars(select(Inbox).where(Inbox.chat_id == ada.id))) == []
        left = await session.scalars(select(Outbox).where(Outbox.chat_id == ada.id))
        assert [row.payload for row in left if row.done_at is not None] in ([], [{}])


async def test_forgetting_stops_what_is_being_painted(
    ada: Person, picture: Picture, rooms: Rooms, runner: FakeRunner
) -> None:
    runner.seconds = 60
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text("▱", 20)
    (job,) = await jobs_of(rooms, ada)
    assert rooms.job_folder(job.id).exists()
    await ada.say("/forget")
    await ada.press(await ada.wait_for_text("Erase everything of yours?"), "Erase everything")
    async with asyncio.timeout(10):
        while rooms.job_folder(job.id).exists() or runner._running:
            await asyncio.sleep(0.05)
    await ada.send_album([picture("red"), picture("green")])  # as a new person
    async with asyncio.timeout(20):
        while len(runner.started) < 2:
            await asyncio.sleep(0.05)


async def test_a_person_may_think_better_of_it(ada: Person, rooms: Rooms) -> None:
    await ada.say("/forget")
    question = await ada.wait_for_text("Erase everything of yours?")
    await ada.press(question, "Keep it")
    await ada.wait_for_text("Nothing was erased.")
    async with rooms.database.read() as session:
        user = await users.get(session, ada.id)
    assert user is not None
    assert user.settings.iterations == 20


async def test_nobody_answers_for_another(ada: Person, rooms: Rooms) -> None:
    group = ada.also(chat=PAINTERS)
    await group.say("/forget@easel_bot")
    question = await group.wait_for_text("Erase everything of yours?")
    answer = await group.also(user=BORIS, chat=PAINTERS).press(question, "Erase everything")
    assert answer
    assert "Спросили не вас" in answer["text"]
    async with rooms.database.read() as session:
        assert await users.get(session, ada.id) is not None


async def test_what_a_person_wrote_in_a_group_goes_too(ada: Person, rooms: Rooms) -> None:
    async with rooms.database.write() as session:
        for number, user in enumerate((ada.id, BORIS), 1):
            message = {"message": {"from": {"id": user}, "text": "secret"}}
            await inbox.record(session, 4242, number, message, PAINTERS, "album")
        await users.forget(session, ada.id)
        kept = list(await session.scalars(select(Inbox).where(Inbox.chat_id == PAINTERS)))
    assert [row.payload["message"]["from"]["id"] for row in kept] == [BORIS]


async def test_old_pictures_go_and_their_buttons_say_so(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    await ada.send_album([picture("red"), picture("blue")])
    old_message = await ada.wait_for_text(DONE, 30)
    await ada.send_album([picture("red"), picture("green")])
    await ada.wait_for(lambda one: DONE in words(one) and one["id"] != old_message["id"], 30)
    long_ago = datetime.now(UTC) - timedelta(days=22)
    async with rooms.database.write() as session:
        old = await jobs.shown_in(session, ada.id, old_message["id"])
        assert old
        await session.execute(update(Job).where(Job.id == old.id).values(finished_at=long_ago))
        await session.execute(update(Blob).values(created_at=long_ago))
    for path in rooms.blobs.folder.glob("*/*"):
        os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))
    await Housekeeping(rooms).tidy()
    assert old.result_blob
    assert not rooms.blobs.path(old.result_blob).exists()
    assert old.pictures[0].blob
    assert rooms.blobs.path(old.pictures[0].blob).exists()  # the younger picture's photo too
    answer = await ada.press(old_message, "Original PNG")
    assert answer
    assert "no longer kept" in answer["text"]


async def test_what_was_said_is_not_kept_once_it_is_said(ada: Person, rooms: Rooms) -> None:
    await ada.say("/queue")
    await ada.wait_for_text("Nothing of yours")
    async with asyncio.timeout(5):
        while True:
            async with rooms.database.read() as session:
                rows = list(await session.scalars(select(Outbox)))
                if rows and all(row.payload == {} for row in rows):
                    break
