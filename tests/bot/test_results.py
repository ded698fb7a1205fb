"""What may follow a finished picture: every button under it, seen from the chat."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import numpy as np
import pytest
from fake_runner import FakeRunner
from person import BORIS, PAINTERS, Person, buttons, words
from PIL import Image
from served import Picture, running_bot
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.config import Config
from bot.playground import Playground
from bot.rooms import Rooms
from storage import jobs
from storage.models import Job

DONE = " px, "
Message = dict[str, Any]


async def painted(ada: Person, picture: Picture, size: tuple[int, int] = (800, 600)) -> Message:
    await ada.say("/set image_size 256")
    await ada.wait_for_text("Size is now")
    await ada.send_album([picture("red", size), picture("blue", size)])
    return await ada.wait_for_text(DONE, 30)


async def next_done(ada: Person, before: Message) -> Message:
    return await ada.wait_for(lambda one: one["id"] > before["id"] and DONE in words(one), 30)


async def job_of(rooms: Rooms, message: Message) -> Job:
    async with rooms.database.read() as session:
        job = await jobs.shown_in(session, message["chat"], message["id"])
    assert job is not None
    return job


async def said(ada: Person, message: Message, button: str) -> str:
    answer = await ada.press(message, button)
    return str(answer["text"]) if answer else ""


async def pixels(ada: Person, message: Message) -> Any:
    image = Image.open(io.BytesIO(await ada.download(message["photo"])))
    return np.asarray(image.convert("RGB"), float)


@pytest.mark.parametrize(
    ("button", "changed", "goes_on"),
    [
        ("Stronger", {"style_weight": 500.0}, True),
        ("Weaker", {"strength": 75}, False),
        ("Larger", {"image_size": 384}, True),
    ],
)
async def test_a_variation_is_a_new_message_below_the_result(
    ada: Person, picture: Picture, rooms: Rooms, button: str, changed: dict[str, Any], goes_on: bool
) -> None:
    done = await painted(ada, picture)
    first = await job_of(rooms, done)
    assert await said(ada, done, button) == "A new picture is on its way."
    after = await next_done(ada, done)
    second = await job_of(rooms, after)
    assert after["reply_to"]["id"] == done["id"]
    assert second.parent_id == first.id
    assert second.settings == first.settings.replace(**changed)
    assert second.initial_blob == (first.result_blob if goes_on else None)
    assert words(await ada.message(done["id"])) == words(done)


async def test_again_draws_another_seed(ada: Person, picture: Picture, rooms: Rooms) -> None:
    done = await painted(ada, picture)
    await ada.press(done, "Again")
    first, second = await job_of(rooms, done), await job_of(rooms, await next_done(ada, done))
    assert first.settings.seed != second.settings.seed
    assert first.settings == second.settings.replace(seed=first.settings.seed)


async def test_a_second_press_orders_no_second_picture(
    ada: Person, picture: Picture, runner: FakeRunner
) -> None:
    done = await painted(ada, picture)
    runner.seconds = 60
    await ada.press(done, "Stronger")
    assert await said(ada, done, "Stronger") == "That one is on its way already."


@pytest.mark.parametrize(
    ("line", "button", "answer"),
    [
        ("strength=25", "Weaker", "It does not get any weaker than this."),
        ("style_weight=2000", "Stronger", "It does not get any stronger than this."),
    ],
)
async def test_the_end_of_a_ladder_is_said(
    ada: Person, picture: Picture, line: str, button: str, answer: str
) -> None:
    await ada.say(f"/set {line}")
    assert await said(ada, await painted(ada, picture), button) == answer


async def test_a_photo_is_not_made_larger_than_it_is(ada: Person, picture: Picture) -> None:
    done = await painted(ada, picture, (200, 120))
    assert "only 200 px" in await said(ada, done, "Larger")


async def test_the_colours_change_in_the_same_message_and_back(
    ada: Person, picture: Picture, rooms: Rooms, runner: FakeRunner
) -> None:
    done = await painted(ada, picture)
    styled = await pixels(ada, done)
    await ada.press(done, "Keep colours")
    kept = await ada.wait_for(lambda one: "Style colours" in str(buttons(one)), 5)
    colors = await pixels(ada, kept)
    assert kept["id"] == done["id"]
    assert colors[..., 0].mean() > colors[..., 2].mean()  # the photo is red
    assert styled[..., 0].mean() < styled[..., 2].mean()  # the style is blue
    await ada.press(done, "Style colours")
    back = await ada.wait_for(lambda one: "Keep colours" in str(buttons(one)), 5)
    assert np.abs(await pixels(ada, back) - styled).mean() < 1
    assert len(runner.started) == 1
    assert not (await job_of(rooms, done)).keeps_colors


async def test_what_follows_keeps_the_colours_that_are_shown(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    first = await job_of(rooms, done)
    await ada.press(done, "Keep colours")
    await ada.wait_for(lambda one: "Style colours" in str(buttons(one)), 5)
    await ada.press(done, "Stronger")
    after = await next_done(ada, done)
    second = await job_of(rooms, after)
    assert second.settings.colors == "luma"
    assert second.initial_blob == first.result_blob  # as it was painted
    assert second.keeps_colors
    assert "Style colours" in str(buttons(after))
    await ada.press(after, "Style colours")
    await ada.wait_for(lambda one: one["id"] == after["id"] and "Keep" in str(buttons(one)), 5)


async def test_another_style_is_picked_from_the_gallery(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    await ada.press(done, "Other style")
    gallery = await ada.wait_for_text("Now the style")
    await ada.press(gallery, "2")
    after = await next_done(ada, done)
    first, second = await job_of(rooms, done), await job_of(rooms, after)
    assert after["id"] == gallery["id"]
    assert second.parent_id == first.id
    assert second.pictures[0].blob == first.pictures[0].blob
    assert second.pictures[1].blob != first.pictures[1].blob


async def test_a_picture_of_ones_own_can_be_the_other_style(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    await ada.press(done, "Other style")
    await ada.wait_for_text("Now the style")
    await ada.press(done, "Other style")  # asks once more, and takes the first question away
    await ada.send_photo(picture("green"))
    after = await next_done(ada, done)
    first, second = await job_of(rooms, done), await job_of(rooms, after)
    assert second.pictures[0].blob == first.pictures[0].blob
    await ada.wait_until_gone("Now the style")


async def test_another_photo_is_painted_in_the_same_style(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    await ada.press(done, "Other photo")
    question = await ada.wait_for_text("Send me the photo to paint in this style")
    assert question["reply_to"]["id"] == done["id"]
    photo = await ada.send_photo(picture("green", (300, 300)))
    after = await next_done(ada, done)
    first, second = await job_of(rooms, done), await job_of(rooms, after)
    assert after["reply_to"]["id"] == photo["id"]
    assert second.pictures[1].blob == first.pictures[1].blob
    assert second.pictures[0].blob != first.pictures[0].blob
    assert second.parent_id == first.id


async def test_what_waits_anew_takes_the_place_of_what_waited(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    await ada.send_photo(picture("green"))
    await ada.wait_for_text("Now the style")
    await ada.press(done, "Other photo")
    await ada.wait_for_text("Send me the photo")
    await ada.wait_until_gone("Now the style")
    await ada.send_photo(picture("white"))
    first, second = await job_of(rooms, done), await job_of(rooms, await next_done(ada, done))
    assert second.pictures[1].blob == first.pictures[1].blob


async def test_delete_removes_message_and_result(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    job = await job_of(rooms, done)
    assert await said(ada, done, "Delete") == "Deleted."
    async with rooms.database.read() as session:
        after = await jobs.get(session, job.id)
    assert after is not None
    assert after.result_blob is None
    for _ in range(100):
        if all(one["id"] != done["id"] for one in await ada.answers()):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the message is still there")


async def test_a_result_too_old_to_be_deleted_is_blanked(
    ada: Person, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> bool:
        raise BadRequest("Message can't be deleted for everyone")

    done = await painted(ada, picture)
    before = await pixels(ada, done)
    monkeypatch.setattr(ExtBot, "delete_message", refuse)
    await ada.press(done, "Delete")
    blanked = await ada.wait_for(lambda one: words(one) == "Deleted.", 5)
    assert blanked["id"] == done["id"]
    assert (await pixels(ada, blanked)).shape != before.shape
    assert buttons(blanked) == []


async def test_a_file_that_is_gone_is_one_sentence(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    job = await job_of(rooms, done)
    rooms.blobs.path(str(job.result_blob)).unlink()
    for button in ("Stronger", "Keep colours", "Original PNG"):
        assert "no longer kept" in await said(ada, done, button)
    rooms.blobs.path(str(job.pictures[0].blob)).unlink()
    await ada.press(done, "Weaker")  # Telegram still has the photo
    await next_done(ada, done)


async def test_only_the_owner_may_go_on(ada: Person, picture: Picture) -> None:
    group = ada.also(chat=PAINTERS)
    await group.send_album([picture("red"), picture("blue")], caption="@easel_bot")
    done = await group.wait_for_text(DONE, 30)
    boris = ada.also(user=BORIS, chat=PAINTERS)
    for button in ("Stronger", "Delete", "Keep colours"):
        assert "чужая" in await said(boris, done, button)


async def test_the_buttons_outlive_the_process(
    config: Config, runner: FakeRunner, playground: Playground, picture: Picture
) -> None:
    async with Person(playground.url) as ada:
        async with running_bot(config, runner, playground):
            done = await painted(ada, picture)
            await ada.press(done, "Other photo")
            await ada.wait_for_text("Send me the photo")
        async with running_bot(config, runner, playground) as rooms:
            await ada.send_photo(picture("green"))
            after = await next_done(ada, done)
            await ada.press(done, "Larger")
            larger = await next_done(ada, after)
            assert (await job_of(rooms, larger)).settings.image_size == 384


async def test_no_row_of_buttons_is_too_wide_for_a_phone(ada: Person, picture: Picture) -> None:
    done = await painted(ada, picture)
    for row in done["keyboard"]:
        assert len(row) <= 3
        assert sum(len(button["text"]) for button in row) <= 30
