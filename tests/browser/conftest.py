"""A real Chromium before a playground with a real bot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from backstage import ADA, Backstage, picture
from chatpage import ChatPage
from debian_chromium import installed, start
from selenium.webdriver import Chrome


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One Chromium for all tests."""
    if not installed():
        pytest.skip("Chromium is missing: `apt-get install chromium chromium-driver` installs it.")
    driver = start(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@pytest.fixture
def backstage(tmp_path: Path) -> Iterator[Backstage]:
    """A running playground with a polling bot; its port makes it an origin of its own."""
    running = Backstage(tmp_path / "world")
    yield running
    running.close()


@pytest.fixture
def page(chromium: Chrome, backstage: Backstage) -> Iterator[ChatPage]:
    """The page in Ada's chat; whatever lands in the browser's console fails the test."""
    page = ChatPage(chromium)
    page.resize()
    page.prefer("light")
    chromium.get(f"{backstage.playground.url}/#{ADA}")
    page.one("chat-item", '[aria-current="true"]')
    yield page
    complaints = page.complaints()
    chromium.get("about:blank")
    assert complaints == []


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Three picture files of different shapes."""
    shapes = {"red sky": (400, 300), "green": (300, 400), "blue": (500, 250)}
    paths = [tmp_path / f"{name}.png" for name in shapes]
    for path, (name, size) in zip(paths, shapes.items(), strict=True):
        path.write_bytes(picture(name.split()[0], *size))
    return paths
