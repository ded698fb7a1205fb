"""A person before the chat page, who knows the bot's words in their own language."""

from __future__ import annotations

from pathlib import Path

from chatpage import ChatPage
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from bot.texts import texts_for

WAYS = {"photo": "as-photo", "file": "as-file", "sticker": "as-sticker"}
OPEN_MENU = """
const place = { bubbles: true, cancelable: true, clientX: 200, clientY: 200 };
arguments[0].dispatchEvent(new MouseEvent("contextmenu", place));
"""
FIRST_LINE = """
const holder = document.createElement("div");
holder.innerHTML = arguments[0];
return holder.innerText.split("\\n")[0].trim();
"""


class Visitor(ChatPage):
    """Sends, replies and presses with the mouse; a message is known by its number."""

    def __init__(self, driver: Chrome, url: str, person: int, language: str) -> None:
        super().__init__(driver)
        self.url = url
        self.texts = texts_for(language)
        self.enter(person)

    def enter(self, chat: int) -> None:
        """Open a chat."""
        self.driver.get("about:blank")
        self.driver.get(f"{self.url}/#{chat}")
        row = f'[data-chat="{chat}"][aria-current="true"]'
        self.wait(lambda: self.all("chat-item", row) or None)

    def speak_as(self, person: int) -> None:
        """Write and press as somebody else, in a group."""
        self.one("speaker", f'[data-user="{person}"]').click()

    def words(self, key: str) -> str:
        """How a text of the bot begins: its first line, up to the first placeholder."""
        text = self.texts.module.TEXTS[key]
        form = next(iter(text.values())) if isinstance(text, dict) else text
        return str(self.script(FIRST_LINE, form.split("{")[0]))

    def label(self, key: str, **values: object) -> str:
        """The words of a button, or of an answer to a press."""
        return self.texts.plain(key, **values)

    def hear(self, part: str, *, after: int = 0, seconds: float = 20) -> int:
        """Wait until a message of the bot has these words; the newest one's number."""

        def look() -> int | None:
            said = {self._number(one): one.text for one in self.all("message", ".in")}
            return max((n for n, text in said.items() if n > after and part in text), default=None)

        return self.wait(look, seconds)

    def newest(self) -> int:
        """The number of the newest message."""
        return max(map(self._number, self.all("message")), default=0)

    def _number(self, message: WebElement) -> int:
        return int(message.get_attribute("data-message-id") or 0)

    def send(
        self, *paths: Path, caption: str = "", way: str = "photo", reply_to: int | None = None
    ) -> int:
        """Send pictures, maybe in reply; the number of the first message."""
        before = self.newest()
        if reply_to is not None:
            self.answer(reply_to)
        self.all("file-input")[0].send_keys("\n".join(map(str, paths)))
        self.one(WAYS[way]).click()
        if caption:
            self.one("composer-input").send_keys(caption)
        self.one("send").click()

        def look() -> int | None:
            mine = map(self._number, self.all("message", ".out"))
            return next((number for number in mine if number > before), None)

        return self.wait(look)

    def answer(self, message: int) -> None:
        """Begin an answer to a message, from its menu."""
        bubble = self.message(message).find_element(By.CSS_SELECTOR, ".bubble")
        self.script("arguments[0].scrollIntoView({ block: 'center' })", bubble)
        self.script(OPEN_MENU, bubble)
        self.one("menu").find_element(By.CSS_SELECTOR, "button").click()
        self.one("reply-bar")

    def labels(self, message: int) -> list[str]:
        """The words of the buttons under a message."""
        return [one.text for one in self._buttons(message)]

    def _buttons(self, message: int) -> list[WebElement]:
        inside = f'[data-message-id="{message}"] [data-testid="keyboard-button"]'
        return self.all("message", inside)

    def press(self, message: int, label: str) -> None:
        """Press a button by its words, waited for."""

        def click() -> bool | None:
            for button in self._buttons(message):
                if button.text == label:
                    self.script("arguments[0].scrollIntoView({ block: 'center' })", button)
                    button.click()
                    return True
            return None

        self.wait(click)

    def asked(self, message: int, label: str) -> str:
        """Press a button, and the words of the answer."""
        self.script("document.getElementById('toasts').replaceChildren()")
        self.press(message, label)
        return self.one("toast").text
