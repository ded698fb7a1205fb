"""A picture again, with one thing changed: stronger, weaker, larger, another seed."""

from __future__ import annotations

from typing import Any

import pytest
from fake_runner import FakeRunner
from person import Person, words
from results import job_of, next_done, painted, said
from served import Picture

from bot.rooms import Rooms


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
    assert ("This time: Strength: 75 %" in words(after)) == (button == "Weaker")
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
