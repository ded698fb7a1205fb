"""The chat page in a browser, found by its data-testid hooks (listed in main.js)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, TypeVar

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE_SECONDS = 10
Value = TypeVar("Value")

DROP = """
const [target, name, content] = arguments;
const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
const dataTransfer = new DataTransfer();
dataTransfer.items.add(new File([bytes], name, { type: "image/png" }));
for (const type of ["dragenter", "dragover", "drop"]) {
  target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}
"""
PASTE = """
const [name, content] = arguments;
const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
const clipboardData = new DataTransfer();
clipboardData.items.add(new File([bytes], name, { type: "image/png" }));
document.activeElement.dispatchEvent(
  new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
"""


class ChatPage:
    """What a person sees and does; every look waits until there is something to see."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def all(self, hook: str, more: str = "") -> list[WebElement]:
        """Every element with that hook, shown or not; `more` narrows the CSS selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, f'[data-testid="{hook}"]{more}')

    def one(self, hook: str, more: str = "") -> WebElement:
        """The first shown element with that hook, waited for."""
        return self.wait(
            lambda: next((one for one in self.all(hook, more) if one.is_displayed()), None)
        )

    def wait(self, look: Callable[[], Value | None], seconds: float = PATIENCE_SECONDS) -> Value:
        """Wait until a look finds something; raises TimeoutException."""
        patience = WebDriverWait(
            self.driver,
            seconds,
            poll_frequency=0.05,
            ignored_exceptions=[StaleElementReferenceException],
        )
        found = patience.until(lambda _: look())
        assert found is not None
        return found

    def message(self, number: int) -> WebElement:
        """The bubble of a message."""
        return self.one("message", f'[data-message-id="{number}"]')

    def attribute(self, hook: str, name: str, more: str = "") -> str:
        """An attribute or property of an element, empty when there is none."""
        return self.one(hook, more).get_attribute(name) or ""

    def complaints(self) -> list[str]:
        """What the browser's console said since the last look."""
        lines: list[dict[str, str]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [line["message"] for line in lines]

    def type(self, *keys: str) -> None:
        """Press keys wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def say(self, text: str) -> None:
        """Write a message and press Enter."""
        self.one("composer-input").send_keys(text + "\n")

    def drop(self, hook: str, name: str, content: bytes) -> None:
        """Drop a PNG file on an element."""
        target = self.all(hook)[0]
        self.script(DROP, target, name, base64.b64encode(content).decode())

    def paste(self, name: str, content: bytes) -> None:
        """Paste a PNG from the clipboard into the focused element."""
        self.script(PASTE, name, base64.b64encode(content).decode())

    def script(self, code: str, *arguments: Any) -> Any:
        """Run JavaScript in the page."""
        return self.driver.execute_script(code, *arguments)

    def resize(self, width: int = 1280, height: int = 860, *, phone: bool = False) -> None:
        """Give the page another size in CSS px; a phone has a viewport of its own."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, scheme: str) -> None:
        """Set the system's colour scheme, light or dark."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
