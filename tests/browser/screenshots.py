"""Takes the README's pictures of the chat, and the times a person waits: `make pictures`.

The bot runs as `make run` starts it, without a token; a browser is its person.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path

from chatpage import ChatPage
from debian_chromium import start
from test_painting import (
    GALLERY,
    RunningBot,
    number_of,
    photo_of,
    send_album,
    signal,
    wait_for_answer,
)

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
SECONDS = 900


def main() -> None:
    """Send an album, take pictures on the way, and print what took how long."""
    with tempfile.TemporaryDirectory() as folder:
        bot = RunningBot(Path(folder) / "data")
        driver = start(Path(folder) / "chromium")
        try:
            page = ChatPage(driver)
            page.resize(1180, 900)
            driver.get(f"{bot.url}/#1001")
            take(page)
        finally:
            driver.quit()
            bot.end(signal.SIGTERM)


def take(page: ChatPage) -> None:
    """The chat while painting and when done, and the settings."""
    sent = time.monotonic()

    def tell(what: str) -> None:
        sys.stdout.write(f"{time.monotonic() - sent:6.1f} s  {what}\n")

    send_album(page, ROOT / "examples" / "2-content.jpg", GALLERY / "great-wave.jpg")
    living = number_of(wait_for_answer(page, "In the style of your picture"))
    tell("queued")
    page.wait(lambda: photo_of(page, living) or None, SECONDS)
    tell("first preview")
    page.wait(lambda: re.search(r"\b[4-8]\d %", page.message(living).text), SECONDS)
    time.sleep(4)  # the picture fades in, and the edit of that preview follows
    page.driver.save_screenshot(str(PICTURES / "painting.png"))
    page.wait(lambda: True if " px, " in page.message(living).text else None, SECONDS)
    tell("done")
    time.sleep(2)
    page.driver.save_screenshot(str(PICTURES / "done.png"))
    page.say("/settings")
    wait_for_answer(page, "Tap")
    time.sleep(1)
    page.driver.save_screenshot(str(PICTURES / "settings.png"))
    page.all("file-input")[0].send_keys(str(ROOT / "examples" / "2-content.jpg"))
    page.one("send").click()
    wait_for_answer(page, "Now the style")
    time.sleep(2)
    page.driver.save_screenshot(str(PICTURES / "gallery.png"))


if __name__ == "__main__":
    main()
