"""When a run speaks, saves and stops, by a clock that the test turns."""

from __future__ import annotations

import pytest

from engine.pace import Pace, SaveTimer, StopFlag, preview_steps


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def paced(*durations: float) -> Pace:
    clock = Clock()
    pace = Pace(clock)
    for seconds in durations:
        clock.now += seconds
        pace.step_done()
    return pace


def test_the_first_step_says_nothing_about_the_rest() -> None:
    assert paced(60).seconds_left(10) is None


def test_the_time_left_is_steps_times_the_recent_rate() -> None:
    assert paced(60, 2, 2, 2).seconds_left(10) == pytest.approx(20)


def test_one_interrupted_step_does_not_spoil_the_time_left() -> None:
    assert paced(1, 2, 2, 90, 2, 2).seconds_left(5) == pytest.approx(10)


def test_a_lasting_change_of_rate_is_followed() -> None:
    assert paced(1, *[1.0] * 50, *[4.0] * 10).seconds_left(5) == pytest.approx(20)


def steps_until_due(seconds: float, cost: float = 0.0) -> int:
    clock = Clock()
    timer = SaveTimer(clock)
    timer.saved(cost)
    for step in range(1, 1000):
        clock.now += seconds
        if timer.is_due():
            return step
    raise AssertionError("the state was never due")


@pytest.mark.parametrize(("seconds", "step"), [(0.01, 25), (0.39, 25), (1.0, 10), (30.0, 1)])
def test_the_state_is_due_after_25_steps_or_10_seconds(seconds: float, step: int) -> None:
    assert steps_until_due(seconds) == step


def test_saving_takes_a_tenth_of_the_time_at_most() -> None:
    assert steps_until_due(0.01, cost=0.5) * 0.01 >= 5


@pytest.mark.parametrize("percent", [2, 5, 10, 25, 50])
@pytest.mark.parametrize("steps", [3, 4, 10, 99, 5000])
def test_every_job_of_three_steps_shows_three_previews(steps: int, percent: int) -> None:
    due = preview_steps(steps, percent)
    assert {1, steps} <= due <= set(range(1, steps + 1))
    assert 3 <= len(due) <= 100 // percent + 1


@pytest.mark.parametrize("steps", [1, 2])
def test_the_smallest_jobs_show_every_step(steps: int) -> None:
    assert preview_steps(steps, 10) == set(range(1, steps + 1))


@pytest.mark.parametrize(
    ("wishes", "kept"),
    [([True], True), ([False], False), ([True, False], False), ([False, True], False)],
)
def test_a_wish_to_discard_is_final(wishes: list[bool], kept: bool) -> None:
    stop = StopFlag()
    assert not stop()
    for keep_best in wishes:
        stop.set(keep_best=keep_best)
    assert stop()
    assert stop.keep_best is kept
