"""Blend and swap: what a person may still change about a picture, and until when."""

from __future__ import annotations

import pytest
from fake_runner import FakeRunner
from person import ADA, BORIS, PAINTERS, Message, Person, buttons, words
from results import job_of
from served import Picture

from bot.blends import more_of, percents
from bot.rooms import Rooms

DONE = " px, "


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner(seconds=60)


async def waiting(ada: Person, picture: Picture, *colors: str, caption: str = "") -> Message:
    """The message of an album that waits behind a painting that takes long."""
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text("▱", 30)
    await ada.send_album([picture(color) for color in colors], caption=caption)
    return await ada.wait_for_text("1 picture before yours", 20)


async def pressed(ada: Person, message: Message, button: str) -> str:
    answer = await ada.press(message, button)
    assert answer
    text: str = answer["text"]
    return text


async def weights(rooms: Rooms, message: Message) -> list[float]:
    return [style.weight for style in (await job_of(rooms, message)).pictures[1:]]


async def test_the_blend_is_changed_by_buttons_while_the_job_waits(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    message = await waiting(ada, picture, "green", "white", "black")
    assert "The first picture is painted, the others are its styles." in words(message)
    assert "1. 50 %, 2. 50 %" in words(message)
    assert await pressed(ada, message, "More of 2") == "40 % / 60 %"
    await ada.wait_for_text("1. 40 %, 2. 60 %")
    assert await weights(rooms, message) == [40, 60]
    for _ in range(3):
        await ada.press(message, "More of 2")
    assert "90 % already" in await pressed(ada, message, "More of 2")
    await ada.press(message, "Even")
    await ada.wait_for_text("1. 50 %, 2. 50 %")


async def test_a_blend_button_is_stale_once_the_job_is_painted(
    ada: Person, picture: Picture, runner: FakeRunner, rooms: Rooms
) -> None:
    message = await waiting(ada, picture, "green", "white", "black", caption="70/30")
    assert "1. 70 %, 2. 30 %" in words(message)
    await ada.fault("hang", chat=ADA, method="editMessageText", seconds=5)  # the button stays
    runner.seconds = 20
    await ada.say("/cancel")
    for _ in range(500):
        if len(runner.started) == 2:
            break
        await ada.messages()
    assert await pressed(ada, message, "More of 1") == (
        "It is being painted already, the blend is settled."
    )
    assert await weights(rooms, message) == [70, 30]


async def test_content_and_style_swap_while_the_job_waits(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    message = await waiting(ada, picture, "green", "white")
    assert "The first picture is painted, the second is the style." in words(message)
    before = await job_of(rooms, message)
    assert await pressed(ada, message, "other way round") == "Swapped."
    swapped = await ada.wait_for_text("The second picture is painted, the first is the style.")
    assert swapped["id"] == message["id"]
    after = await job_of(rooms, message)
    assert after.id == before.id
    assert [one.message_id for one in after.pictures] == [
        one.message_id for one in reversed(before.pictures)
    ]
    assert await pressed(ada, message, "other way round") == "Swapped."
    await ada.wait_for_text("The first picture is painted, the second is the style.")


async def test_a_swap_while_it_is_painted_starts_anew_in_the_same_message(
    ada: Person, picture: Picture, rooms: Rooms, runner: FakeRunner
) -> None:
    await ada.send_album([picture("red", form="PNG"), picture("blue", form="PNG")])
    running = await ada.wait_for_text("▱", 30)
    before = await job_of(rooms, running)
    runner.seconds = 1
    assert await pressed(ada, running, "other way round") == "Starting again, the other way round."
    done = await ada.wait_for_text(DONE, 30)
    assert done["id"] == running["id"]
    after = await job_of(rooms, done)
    assert after.id != before.id
    assert [one.blob for one in after.pictures] == [one.blob for one in reversed(before.pictures)]
    assert after.settings == before.settings
    said = [words(version) for version in await ada.history(done)]
    assert not any("Cancelled" in text for text in said)
    assert len([one for one in await ada.answers() if "In the style" in words(one)]) == 1


async def test_a_style_of_the_gallery_is_not_swapped(ada: Person, picture: Picture) -> None:
    await ada.send_photo(picture("red"), caption="poppies")
    running = await ada.wait_for_text("▱", 30)
    assert [one["text"] for one in buttons(running)] == ["Good enough", "Cancel"]


async def test_nobody_swaps_somebody_elses_pictures(ada: Person, picture: Picture) -> None:
    group = ada.also(chat=PAINTERS)
    await group.send_album([picture("red"), picture("blue")], caption="@easel_bot")
    running = await group.wait_for_text("▱", 30)
    boris = ada.also(user=BORIS, chat=PAINTERS)
    assert "чужая" in await pressed(boris, running, "other way round")


async def test_what_is_special_about_a_job_is_said(ada: Person, picture: Picture) -> None:
    message = await waiting(ada, picture, "green", "white", caption="size 64, keep colours")
    assert "This time: Size: 64 px, Colours: of the photo" in words(message)


@pytest.mark.parametrize(
    ("weights", "shares"),
    [
        ([1, 1], [50, 50]),
        ([1, 1, 1], [34, 33, 33]),
        ([70, 20, 10], [70, 20, 10]),
        ([0, 5], [0, 100]),
    ],
)
def test_percents_add_up(weights: list[float], shares: list[int]) -> None:
    assert percents(weights) == shares


@pytest.mark.parametrize(
    ("weights", "place", "shares"),
    [
        ([50, 50], 0, [60, 40]),
        ([34, 33, 33], 2, [29, 28, 43]),
        ([90, 10], 0, [90, 10]),
        ([100, 0], 0, [100, 0]),
        ([100, 0], 1, [90, 10]),
        ([85, 15], 0, [90, 10]),
    ],
)
def test_more_of_a_style_takes_from_the_others(
    weights: list[float], place: int, shares: list[int]
) -> None:
    assert more_of(weights, place) == shares
