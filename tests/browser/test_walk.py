"""A walk through the whole chat with a mouse, by turns in both languages; the painter is a fake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pillow_heif
import pytest
from backstage import ADA, BORIS, GROUP
from fake_runner import FakeRunner
from PIL import Image
from selenium.webdriver import Chrome
from stage import Stage
from visitor import Visitor

ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "examples" / "2-content.jpg"
CUP = ROOT / "examples" / "1-content.jpg"
GALLERY = ROOT / "bot" / "gallery"
WAVE, POPPIES, RAMPARTS = (
    GALLERY / f"{name}.jpg" for name in ("great-wave", "poppies", "ramparts")
)
CLEO = 1003
STEPS = 40
PEOPLE = {"en": ADA, "ru": BORIS}
DONE = {"en": " px, ", "ru": " пикс., "}

pytestmark = pytest.mark.browser


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner(seconds=0.2)


@pytest.fixture
def stage(tmp_path: Path, runner: FakeRunner) -> Iterator[Stage]:
    stage = Stage(tmp_path / "data", runner, admin_user_ids="1001 1002")
    yield stage
    stage.close()


@pytest.fixture
def visitor(request: pytest.FixtureRequest, chromium: Chrome, stage: Stage) -> Iterator[Visitor]:
    """Ada or Boris, whose settings ask for few steps; the page must not complain."""
    visitor = Visitor(chromium, stage.url, PEOPLE[request.param], request.param)
    visitor.resize(460, 940)
    visitor.say(f"/set image_size=256 iterations={STEPS}")
    visitor.hear("40")
    yield visitor
    complaints = visitor.complaints()
    chromium.get("about:blank")
    assert complaints == []


in_english = pytest.mark.parametrize("visitor", ["en"], indirect=True)
in_russian = pytest.mark.parametrize("visitor", ["ru"], indirect=True)
in_both = pytest.mark.parametrize("visitor", PEOPLE, indirect=True)


def done(visitor: Visitor) -> str:
    return DONE[visitor.texts.language]


def painted(visitor: Visitor) -> int:
    """A result whose style a caption names."""
    return visitor.hear(done(visitor), after=visitor.send(PHOTO, caption="great-wave"))


@in_russian
def test_every_way_in_is_painted(visitor: Visitor, tmp_path: Path) -> None:
    visitor.say("/start")
    visitor.hear(visitor.words("start"))
    first = visitor.send(PHOTO)
    gallery = visitor.hear(visitor.words("gallery"), after=first)
    assert visitor.labels(gallery)[:16] == [str(number) for number in range(1, 17)]
    second = visitor.send(WAVE)  # two photos in a row
    result = visitor.hear(done(visitor), after=second)
    assert not visitor.all("message", f'[data-message-id="{gallery}"]')

    album = visitor.send(PHOTO, WAVE, POPPIES, caption="70/30")
    result = visitor.hear(done(visitor), after=album)
    assert visitor.label("your_pictures", n=2) in visitor.message(result).text

    visitor.send(POPPIES, reply_to=first)  # its style for a photo long there
    visitor.hear(visitor.label("your_picture"), after=result)
    visitor.hear(done(visitor), after=result)

    pillow_heif.register_heif_opener()
    Image.open(PHOTO).save(tmp_path / "photo.heic")
    Image.open(WAVE).save(tmp_path / "wave.webp")
    file = visitor.send(tmp_path / "photo.heic", way="file")
    visitor.hear(visitor.words("gallery"), after=file)
    sticker = visitor.send(tmp_path / "wave.webp", way="sticker")
    visitor.hear(done(visitor), after=sticker)


@in_english
def test_a_waiting_picture_is_blended_swapped_and_dropped(
    visitor: Visitor, runner: FakeRunner
) -> None:
    runner.seconds = 60
    running = visitor.hear("▱", after=visitor.send(PHOTO, RAMPARTS))
    blend = visitor.hear("33 %", after=visitor.send(CUP, WAVE, POPPIES, RAMPARTS))
    assert visitor.asked(blend, visitor.label("button.more_of", n=1)) == "44 % / 28 % / 28 %"
    visitor.wait(lambda: "44 %" in visitor.message(blend).text or None)
    visitor.press(blend, visitor.label("button.even"))
    visitor.wait(lambda: "44 %" not in visitor.message(blend).text or None)
    waiting = visitor.hear(visitor.words("roles.first"), after=visitor.send(PHOTO, WAVE))
    assert visitor.asked(waiting, visitor.label("button.swap")) == visitor.label("swap.done")
    visitor.wait(lambda: visitor.words("roles.second") in visitor.message(waiting).text or None)
    visitor.say("/queue")
    visitor.hear(visitor.words("queue.heading"))
    for one in (blend, waiting):
        visitor.press(one, visitor.label("button.discard"))
        visitor.wait(lambda one=one: not visitor.labels(one) or None)

    stopping = visitor.asked(running, visitor.label("button.keep"))
    assert stopping == visitor.label("answer.keep")
    stronger = visitor.label("button.stronger")
    visitor.wait(lambda: stronger in visitor.labels(running) or None)


@in_russian
def test_every_button_under_a_result_does_what_it_says(visitor: Visitor) -> None:
    result = painted(visitor)
    before = visitor.labels(result)
    visitor.press(result, visitor.label("button.colors.photo"))
    visitor.press(result, visitor.label("button.colors.style"))
    visitor.wait(lambda: visitor.labels(result) == before or None)
    for name in ("weaker", "stronger", "larger", "again"):
        last = visitor.newest()
        assert visitor.asked(result, visitor.label(f"button.{name}")) == visitor.label(
            "answer.ordered"
        )
        visitor.hear(done(visitor), after=last)
    last = visitor.newest()
    visitor.press(result, visitor.label("button.restyle"))
    gallery = visitor.hear(visitor.words("gallery"), after=last)
    visitor.press(gallery, "7")
    visitor.hear(done(visitor), after=gallery - 1)
    visitor.press(result, visitor.label("button.reuse"))
    visitor.hear(visitor.words("reuse"), after=gallery)
    visitor.hear(done(visitor), after=visitor.send(CUP))
    assert visitor.asked(result, visitor.label("button.original")) == visitor.label(
        "answer.original"
    )
    visitor.wait(lambda: visitor.all("document"))
    visitor.press(result, visitor.label("button.delete"))
    visitor.press(result, visitor.label("button.erase.not"))
    visitor.wait(lambda: visitor.labels(result) == before or None)
    visitor.press(result, visitor.label("button.delete"))
    visitor.press(result, visitor.label("button.delete.really"))
    visitor.wait(lambda: not visitor.all("message", f'[data-message-id="{result}"]') or None)


@in_english
def test_own_styles_are_saved_used_and_deleted(visitor: Visitor) -> None:
    saved = visitor.hear("моне", after=visitor.send(WAVE, caption="/save моне"))
    gallery = visitor.hear(visitor.words("gallery"), after=visitor.send(PHOTO))
    visitor.press(gallery, visitor.label("button.own_styles"))
    visitor.wait(lambda: visitor.labels(gallery) == ["1", visitor.label("button.gallery")] or None)
    visitor.press(gallery, visitor.label("button.gallery"))
    visitor.press(gallery, visitor.label("button.own_styles"))
    visitor.press(gallery, "1")
    visitor.hear(done(visitor), after=gallery - 1)
    visitor.say("/styles")
    styles = visitor.hear(visitor.words("styles"), after=saved)
    visitor.press(styles, visitor.label("button.delete_styles"))
    visitor.press(styles, "✕ 1")
    visitor.hear(visitor.words("styles.none"))


@in_russian
def test_settings_step_undo_and_reset(visitor: Visitor) -> None:
    owner = PEOPLE[visitor.texts.language]
    visitor.say("/settings")
    settings = visitor.hear(visitor.words("settings"))

    def press(data: str, line: str) -> None:
        visitor.one("keyboard-button", f'[data-data="s:{data}:{owner}"]').click()
        visitor.wait(lambda: line in visitor.message(settings).text or None)

    press("up:style_weight", f"/set image_size=256 iterations={STEPS} style_weight=500")
    press("preset:gatys", "recipe=gatys")
    press("undo:0", "style_weight=500")
    visitor.one("keyboard-button", f'[data-data="s:help:style_weight:{owner}"]').click()
    assert visitor.label("setting.style_weight.help") in visitor.one("alert").text
    visitor.one("alert-ok").click()
    press("page:1", "style_weight=500")
    press("up:pooling", "pooling=avg")
    press("reset:1", visitor.label("settings.defaults"))
    other = {"en": "ru", "ru": "en"}[visitor.texts.language]
    visitor.say(f"/set language={other}")
    visitor.say("/queue")
    visitor.hear("Ничего вашего" if other == "ru" else "Nothing of yours")


@in_english
def test_a_group_is_answered_when_it_asks_and_only_the_owner_presses(visitor: Visitor) -> None:
    owner = PEOPLE[visitor.texts.language]
    visitor.enter(GROUP)
    visitor.speak_as(owner)
    visitor.say("hello")
    result = visitor.hear(
        done(visitor), after=visitor.send(PHOTO, WAVE, caption="@easel_bot, size 256, steps 40")
    )
    assert len(visitor.all("message", ".in")) == 1  # nothing to the hello
    visitor.speak_as(CLEO)
    assert (
        visitor.asked(result, visitor.label("button.delete")) == "This is somebody else's picture."
    )
    visitor.speak_as(owner)
    visitor.press(result, visitor.label("button.reuse"))
    visitor.hear(visitor.words("reuse.group"))


@in_both
def test_words_have_an_answer_and_forgetting_asks_first(visitor: Visitor) -> None:
    for command, key in {
        "/help": "help",
        "/privacy": "privacy",
        "/queue": "queue.empty",
        "/cancel": "cancel.nothing",
        "/styles": "styles.none",
        "/save": "style.usage",
        "/admin": "admin.help",
        "/admin stats": "admin.stats",
        "/set": "settings.usage",
        "good morning": "not_understood",
    }.items():
        last = visitor.newest()
        visitor.say(command)
        visitor.hear(visitor.words(key), after=last)
    visitor.say("/forget")
    visitor.press(visitor.hear(visitor.words("forget.ask")), visitor.label("button.erase.not"))
    visitor.hear(visitor.words("forget.kept"))
    last = visitor.newest()
    visitor.say("/forget")
    question = visitor.hear(visitor.words("forget.ask"), after=last)
    visitor.press(question, visitor.label("button.erase"))
    visitor.hear(visitor.words("forget.done"))
