"""The engine service's page in a real Chromium: the token, the devices, previews that change."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from fake_runner import FakeRunner
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from serving import TOKEN, asking, new_form, serving

pytestmark = pytest.mark.browser

DEVICES = ["cuda:0", "cuda:1"]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A service with two devices, on which a picture takes half a minute."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stack = AsyncExitStack()

    async def start() -> str:
        runner = FakeRunner(seconds=30, devices=DEVICES)
        service = await stack.enter_async_context(serving(tmp_path, runner))
        session = await stack.enter_async_context(asking(service))
        for name in ("first.1", "second.1", "third.1"):
            await session.put(f"/v1/jobs/{name}", data=new_form(settings={"iterations": 100}))
        return service.url

    yield asyncio.run_coroutine_threadsafe(start(), loop).result(30)
    asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def until(chromium: Chrome, true: Callable[[Chrome], bool]) -> None:
    WebDriverWait(chromium, 15).until(true)


def text(chromium: Chrome, id_: str) -> str:
    return str(chromium.find_element(By.ID, id_).text)


def previews(chromium: Chrome) -> list[str]:
    return [str(image.get_attribute("src")) for image in chromium.find_elements(By.TAG_NAME, "img")]


def test_the_page_wants_the_token_and_shows_what_is_painted(chromium: Chrome, url: str) -> None:
    chromium.get(url)
    entry = chromium.find_element(By.ID, "entry")
    until(chromium, lambda _: entry.is_displayed())
    chromium.find_element(By.ID, "token").send_keys("wrong\n")
    until(chromium, lambda _: entry.is_displayed())
    assert not chromium.find_element(By.ID, "overview").is_displayed()
    chromium.find_element(By.ID, "token").clear()
    chromium.find_element(By.ID, "token").send_keys(f"{TOKEN}\n")
    until(chromium, lambda _: "0 of 2 devices free" in text(chromium, "state"))
    assert "cuda:1\npaints second.1" in text(chromium, "devices")
    assert "first.1" in text(chromium, "running")
    assert "of 100" in text(chromium, "running")
    until(chromium, lambda _: len(previews(chromium)) == 2)
    before = previews(chromium)
    until(chromium, lambda _: previews(chromium) != before)
    lines = chromium.get_log("browser")
    assert all("401" in line["message"] for line in lines)
    chromium.get("about:blank")


def test_the_page_shows_who_waits_and_says_when_nobody_answers(chromium: Chrome, url: str) -> None:
    chromium.get(url)
    until(chromium, lambda _: chromium.find_element(By.ID, "entry").is_displayed())
    chromium.find_element(By.ID, "token").send_keys(f"{TOKEN}\n")
    until(chromium, lambda _: "cuda:0" in text(chromium, "devices"))
    # A wait is remembered for some seconds only: it is asked for again, as a client does.
    script = f"""
        const form = new FormData();
        form.append("order", "{{}}");
        return fetch("/v1/jobs/third.1", {{
            method: "PUT", body: form, headers: {{Authorization: "Bearer {TOKEN}"}},
        }}).then((answer) => answer.status);
    """
    assert chromium.execute_script(script) == 503
    until(chromium, lambda _: "third.1" in text(chromium, "waiting"))
    chromium.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    chromium.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    until(chromium, lambda _: "does not answer" in text(chromium, "state"))
    offline |= {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
    chromium.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    until(chromium, lambda _: "devices free" in text(chromium, "state"))
    chromium.get_log("browser")
    chromium.get("about:blank")
