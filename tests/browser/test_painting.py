"""The main job as a new person would see it: `python -m bot`, its page, a mouse, real pictures."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from chatpage import ChatPage
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.remote.webelement import WebElement

GALLERY = Path(__file__).parents[2] / "bot" / "gallery"
PAINTING_SECONDS = 240


class RunningBot:
    """The program with its playground, on one data folder and one port through every restart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = "0"
        self.start()

    def start(self) -> None:
        environment = {
            **os.environ,
            "DATA_DIR": str(self._folder),
            "PLAYGROUND_PORT": self._port,
            "DEVICES": "cpu",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot"], env=environment, stderr=subprocess.PIPE, text=True
        )
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if found := re.search(r"chat page at (http://\S+:(\d+))", line):
                self.url, self._port = found[1], found[2]
            if "listening as" in line:
                return
        raise AssertionError("the bot ended before it listened")

    def end(self, number: signal.Signals) -> None:
        self._process.send_signal(number)
        self._process.wait(20)
        assert self._process.stderr is not None
        self._process.stderr.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningBot]:
    bot = RunningBot(tmp_path / "data")
    yield bot
    bot.end(signal.SIGTERM)


@pytest.fixture
def page(chromium: Chrome, running: RunningBot) -> Iterator[ChatPage]:
    page = ChatPage(chromium)
    page.resize()
    chromium.get(f"{running.url}/#1001")
    page.one("chat-item", '[aria-current="true"]')
    yield page
    chromium.get("about:blank")


def answers(page: ChatPage) -> list[WebElement]:
    return page.all("message", ".in")


def wait_for_answer(page: ChatPage, part: str, seconds: int = 20) -> WebElement:
    return page.wait(
        lambda: next((one for one in reversed(answers(page)) if part in one.text), None),
        seconds,
    )


def send_album(page: ChatPage, *paths: Path) -> None:
    page.all("file-input")[0].send_keys("\n".join(map(str, paths)))
    page.one("send").click()


def number_of(message: WebElement) -> int:
    return int(message.get_attribute("data-message-id") or 0)


def photo_of(page: ChatPage, message: int) -> str:
    """The address of the picture a message shows now."""
    found = page.all("photo", f'[data-message-id="{message}"] img')
    return (found[0].get_attribute("src") or "") if found else ""


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        data: bytes = answer.read()
    return data


def test_an_album_is_painted_and_a_changed_setting_changes_the_next_result(
    page: ChatPage, pictures: list[Path]
) -> None:
    page.say("/set image_size=64 iterations=300")
    wait_for_answer(page, "Steps is now 300")
    send_album(page, pictures[0], GALLERY / "great-wave.jpg")
    living = number_of(wait_for_answer(page, "In the style of your picture"))
    seen: set[str] = set()

    def finished() -> bool | None:
        seen.add(photo_of(page, living))
        return True if "64 px, 300 steps" in page.message(living).text else None

    page.wait(finished, PAINTING_SECONDS)
    result = fetch(page.wait(lambda: photo_of(page, living) or None))
    assert len(seen - {""}) >= 3
    page.message(living).find_element("css selector", '[data-data^="j:original"]').click()
    document = page.wait(lambda: next(iter(page.all("document")), None))
    original = fetch(document.find_element("css selector", "a").get_attribute("href") or "")
    assert Image.open(io.BytesIO(original)).format == "PNG"
    assert Image.open(io.BytesIO(original)).size == Image.open(io.BytesIO(result)).size == (64, 48)

    page.say("/set iterations 30")
    wait_for_answer(page, "Steps is now 30")
    page.say("/settings")
    settings = number_of(wait_for_answer(page, "Tap"))
    page.one("keyboard-button", '[data-data="s:up:image_size:1001"]').click()
    page.wait(lambda: True if "Size: 256 px" in page.message(settings).text else None)
    send_album(page, pictures[0], GALLERY / "great-wave.jpg")
    again = wait_for_answer(page, "256 px, 30 steps", PAINTING_SECONDS)
    larger = Image.open(
        io.BytesIO(fetch(page.wait(lambda: photo_of(page, number_of(again)) or None)))
    )
    assert larger.size == (256, 192)


def test_a_job_killed_midway_goes_on_in_the_same_message(
    page: ChatPage, running: RunningBot, pictures: list[Path]
) -> None:
    page.say("/set image_size=128 iterations=120")
    wait_for_answer(page, "Steps is now 120")
    send_album(page, pictures[0], GALLERY / "poppies.jpg")
    living = number_of(wait_for_answer(page, "In the style of your picture"))
    first = page.wait(lambda: photo_of(page, living) or None, 60)
    count = len(page.all("message"))
    running.end(signal.SIGKILL)
    running.start()
    page.wait(
        lambda: True if "128 px, 120 steps" in page.message(living).text else None, PAINTING_SECONDS
    )
    assert len(page.all("message")) == count
    assert photo_of(page, living) != first
    assert fetch(first)
