"""How often a chat may be edited; the clock is the test's."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.pace import Pace

PRIVATE, GROUP = 1001, -2001


@pytest.mark.parametrize(("chat", "gap"), [(PRIVATE, 3), (GROUP, 6)])
def test_the_first_edits_are_quick_and_the_others_keep_their_distance(chat: int, gap: int) -> None:
    pace, times = Pace(), [100.0]
    for _ in range(6):
        pace.edited(chat, times[-1])
        times.append(pace.ready_at(chat))
    assert [later - now for now, later in pairwise(times)] == [1, 1, 1, gap, gap, gap]


def test_a_quiet_minute_makes_the_next_edits_quick_again() -> None:
    pace = Pace()
    for now in (0, 1, 2, 3, 6):
        pace.edited(PRIVATE, now)
    pace.edited(PRIVATE, 100)
    assert pace.ready_at(PRIVATE) == 101


@pytest.mark.parametrize(("chat", "limit"), [(PRIVATE, 20), (GROUP, 10)])
def test_a_minute_never_holds_more_edits_than_allowed(chat: int, limit: int) -> None:
    pace, now, edits = Pace(), 0.0, []
    while now < 300:
        if pace.ready_at(chat) <= now:
            pace.edited(chat, now)
            edits.append(now)
        now += 0.5
    busiest = max(sum(start <= edit < start + 60 for edit in edits) for start in edits)
    assert busiest == limit


def test_a_flooded_chat_waits_and_the_others_do_not() -> None:
    pace = Pace()
    pace.flooded(PRIVATE, 100, 60)
    assert pace.ready_at(PRIVATE) == pace.blocked_until(PRIVATE) == 160
    assert pace.ready_at(GROUP) == 0


def test_each_flood_doubles_the_distance_until_the_chat_was_long_quiet() -> None:
    pace = Pace()
    pace.flooded(PRIVATE, 0, 1)
    pace.flooded(PRIVATE, 0, 1)
    pace.edited(PRIVATE, 10)
    assert pace.ready_at(PRIVATE) == 10 + 4 * 3
    pace.edited(PRIVATE, 1000)
    assert pace.ready_at(PRIVATE) == 1001
