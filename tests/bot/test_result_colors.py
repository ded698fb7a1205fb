"""The photo's colours for a finished picture, and back."""

from __future__ import annotations

import numpy as np
from fake_runner import FakeRunner
from person import Person, buttons
from results import job_of, next_done, painted, pixels
from served import Picture

from bot.rooms import Rooms


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
