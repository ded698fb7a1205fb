"""Stop and keep, cancel, queue: by buttons and by commands."""

from __future__ import annotations

import pytest
from fake_runner import FakeRunner
from person import BORIS, Person, words
from served import Picture

from bot.living import painting_words
from bot.texts import texts_for
from storage.models import Job, JobEvent, StopRequest


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner(seconds=60)


async def paint(ada: Person, picture: Picture) -> dict[str, object]:
    await ada.send_album([picture("red"), picture("blue")])
    return await ada.wait_for_text("▱", 30)


async def test_good_enough_keeps_the_best_picture(ada: Person, picture: Picture) -> None:
    running = await paint(ada, picture)
    await ada.press(running, "Good enough")
    done = await ada.wait_for_text("the best picture so far", 20)
    assert done["id"] == running["id"]
    assert done["photo"]


async def test_cancel_keeps_the_picture_at_first(ada: Person, picture: Picture) -> None:
    running = await paint(ada, picture)
    answer = await ada.press(running, "Cancel")
    assert answer
    assert "Press once more" in answer["text"]
    await ada.wait_for_text("the best picture so far", 20)


@pytest.mark.parametrize(("stop", "tells"), [(None, True), (StopRequest.KEEP, False)])
def test_what_is_being_stopped_has_no_time_left(stop: StopRequest | None, tells: bool) -> None:
    job = Job(title="x", stop_requested=stop)
    event = JobEvent(step=3, steps=10, seconds_left=40.0)
    assert ("40 s left" in painting_words(job, event, texts_for("en"))) == tells


async def test_a_second_cancel_discards(ada: Person, picture: Picture) -> None:
    await paint(ada, picture)
    await ada.say("/cancel")
    await ada.say("/cancel")
    await ada.wait_for(
        lambda message: "throwing it away" in words(message) or "Nothing" in words(message)
    )


async def test_a_waiting_picture_is_cancelled_at_once(ada: Person, picture: Picture) -> None:
    await paint(ada, picture)
    await ada.send_album([picture("green"), picture("white")])
    waiting = await ada.wait_for_text("1 picture before yours", 20)
    await ada.press(waiting, "Cancel")
    await ada.wait_for_text("Cancelled.")


async def test_the_queue_tells_where_each_picture_stands(ada: Person, picture: Picture) -> None:
    await paint(ada, picture)
    await ada.send_album([picture("green"), picture("white")])
    await ada.wait_for_text("1 picture before yours", 20)
    await ada.say("/queue")
    queue = await ada.wait_for_text("Your pictures")
    assert "number 2 in the queue" in words(queue)
    assert "2 pictures in the queue in all" in words(queue)


async def test_others_may_not_press_my_buttons(ada: Person, picture: Picture) -> None:
    group = ada.also(chat=-2001)
    await group.send_album([picture("red"), picture("blue")], caption="@easel_bot")
    running = await group.wait_for_text("▱", 30)
    boris = ada.also(user=BORIS, chat=-2001)
    answer = await boris.press(running, "Good enough")
    assert answer
    assert "чужая" in answer["text"]


async def test_too_many_pictures_are_refused_with_a_sentence(ada: Person, picture: Picture) -> None:
    for _ in range(6):
        await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text("You already have 5 pictures waiting", 20)


async def test_nothing_to_cancel_is_said(ada: Person) -> None:
    await ada.say("/cancel")
    await ada.wait_for_text("Nothing of yours")
