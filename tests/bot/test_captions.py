"""Captions: what is understood, in which words, and what is said of the rest."""

from __future__ import annotations

import pytest

from bot.captions import Caption, read_caption
from bot.gallery import read_gallery
from bot.vocabulary import vocabulary
from bot.words import BY_NAME, Chosen
from engine.settings import chat_defaults
from storage.preferences import Preferences

START = Chosen(chat_defaults("cpu"), Preferences())


def read(text: str, *own: str) -> Caption:
    return read_caption(text, vocabulary(read_gallery(), own), START)


def changes(caption: Caption) -> dict[str, object]:
    return {name: caption.chosen.value(name) for name in caption.changed}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("style 200, keep colours", {"style_weight": 200, "colors": "luma"}),
        ("STYLE 200 keep colors", {"style_weight": 200, "colors": "luma"}),
        ("style_weight=200;tv_weight: 12,5", {"style_weight": 200, "tv_weight": 12.5}),
        ("strength 50%", {"strength": 50}),
        ("50 %", {"strength": 50}),
        ("size 512 px, 200 steps", {"image_size": 512, "iterations": 200}),
        ("size 512px", {"image_size": 512}),
        ("draft", {"recipe": "draft"}),
        ("colours match, start noise", {"colors": "match", "start": "noise"}),
        ("colours of the photo vivid", {"colors": "oklab"}),
        ("seed random", {"seed": None}),
        ("larger strokes", {"style_scale": 1.5}),
        ("weaker style", {"style_weight": 200}),
        ("output both", {"output": "both"}),
        ("размер 512, стиль 200, сохрани цвета", {"image_size": 512, "style_weight": 200}),
        ("Сила 30 %", {"strength": 30}),
        ("200 шагов?! 🙂", {"iterations": 200}),
    ],
)
def test_settings_are_read_in_a_persons_words(text: str, expected: dict[str, object]) -> None:
    assert expected.items() <= changes(read(text)).items()
    assert read(text).refused == ()


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "language"])
def test_every_setting_is_read_as_it_is_shown(name: str) -> None:
    setting = BY_NAME[name]
    value = START.value(name)
    if setting.choices:
        value = setting.choices[-1]
    elif not setting.optional:
        value = setting.neighbour(value, 1)
    caption = read(f"{name} {setting.show(value)}")
    assert changes(caption) == {name: value}
    assert caption.unknown == ()


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("great-wave", ("great-wave",)),
        ("in the style of The Great Wave off Kanagawa please", ("great-wave",)),
        ("Great wave and poppies 70/30", ("great-wave", "poppies")),
        ("cafe terrace at night", ("cafe-terrace",)),
        ("monet-2, great_wave", ("monet-2", "great-wave")),
        ("Моне", ("моне",)),
    ],
)
def test_styles_are_read_by_name_and_title(text: str, styles: tuple[str, ...]) -> None:
    caption = read(text, "monet-2", "моне")
    assert caption.styles == styles
    assert caption.unknown == ()


@pytest.mark.parametrize(
    ("text", "shares"),
    [("70/30", (70, 30)), ("70 / 20 / 10", (70, 20, 10)), ("70%/30%", (70, 30)), ("70", ())],
)
def test_a_blend_is_read(text: str, shares: tuple[int, ...]) -> None:
    assert read(text).shares == shares


@pytest.mark.parametrize(
    ("text", "unknown", "nearest"),
    [
        ("graet-wave", ("graet-wave",), "great-wave"),
        ("My dog at the beach!", ("My dog at the beach",), None),
        ("size 512, sharper edges please, poppies", ("sharper edges",), None),
        ("style", ("style",), "style"),
        ("strenght 50", ("strenght 50",), "strength"),
        ("style is great", ("style is great",), "style"),
        ("🙂 – !", (), None),
    ],
)
def test_what_is_not_known_is_named_with_the_nearest_word(
    text: str, unknown: tuple[str, ...], nearest: str | None
) -> None:
    caption = read(text)
    assert (caption.unknown, caption.nearest) == (unknown, nearest)


def test_a_value_out_of_range_is_refused_and_the_rest_holds() -> None:
    caption = read("size 99999, style 200, colours lumma")
    assert caption.refused == ("image_size", "colors")
    assert changes(caption) == {"style_weight": 200}
    assert caption.chosen.value("image_size") == START.value("image_size")


@pytest.mark.parametrize("text", ["qqq style 200, great-wave zzz 70/30", "Size 512 px; size 9"])
def test_what_was_understood_reads_the_same_again(text: str) -> None:
    first = read(text)
    again = read(first.understood)
    assert (again.chosen, again.styles, again.shares) == (first.chosen, first.styles, first.shares)
    assert again.unknown == again.refused == ()


def test_a_mention_of_the_bot_is_no_wish() -> None:
    assert read("@easel_bot please") == Caption(START, understood="please")
