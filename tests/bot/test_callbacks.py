"""Button data: there and back, short enough, and never a crash."""

from __future__ import annotations

import pytest

from bot.callbacks import BlendPress, GalleryPress, JobPress, Press, SettingPress, pack, unpack
from bot.gallery import read_gallery
from bot.handlers.results import ACTIONS
from bot.limits import MAX_CALLBACK_DATA_BYTES
from bot.words import BY_NAME

BIGGEST_USER_ID = 2**52
PRESSES: list[Press] = [
    *[SettingPress("down", name, BIGGEST_USER_ID) for name in BY_NAME],
    *[GalleryPress(painting.slug, BIGGEST_USER_ID) for painting in read_gallery()],
    *[JobPress(action, "abcdefgh-_12") for action in ("keep", "discard", "swap", *ACTIONS)],
    BlendPress(9, "abcdefgh-_12"),
]


@pytest.mark.parametrize("press", PRESSES, ids=str)
def test_a_press_survives_the_wire(press: Press) -> None:
    data = pack(press)
    assert len(data.encode()) <= MAX_CALLBACK_DATA_BYTES
    assert unpack(data) == press


@pytest.mark.parametrize("data", ["", "x", "s", "s:up", "s:up:a:b", "j:keep", "q:1:2", "g:a:b:c"])
def test_foreign_data_is_no_press(data: str) -> None:
    assert unpack(data) is None


def test_data_too_long_for_telegram_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes"):
        pack(JobPress("keep", "x" * 64))
