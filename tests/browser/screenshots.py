"""Takes the pictures of the chat in README and docs/chat.md, and the times a person waits.

`make pictures`. The bot runs as `make run` starts it, without a token; a browser is its person.
The font fonts-noto-color-emoji must be there, or emoji are boxes.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from backstage import ADA, BORIS, GROUP
from debian_chromium import start
from PIL import Image
from test_painting import GALLERY, RunningBot, photo_of, signal
from visitor import Visitor

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
PHOTO, CUP = (ROOT / "examples" / f"{number}-content.jpg" for number in (2, 1))
WAVE, POPPIES, SPRING = (GALLERY / f"{name}.jpg" for name in ("great-wave", "poppies", "spring"))
SECONDS = 600
JPEG_QUALITY = 80
SETTLE_SECONDS = 1.5  # a picture fades in
SMALL = "/set image_size=256 iterations=40"


def main() -> None:
    """All pictures, or those of one part: readme, english, russian."""
    os.environ["ADMIN_USER_IDS"] = str(ADA)
    parts = {"readme": readme, "english": english, "russian": russian}
    with tempfile.TemporaryDirectory() as folder:
        bot = RunningBot(Path(folder) / "data")
        driver = start(Path(folder) / "chromium")
        try:
            for name in sys.argv[1:] or parts:
                language = "ru" if name == "russian" else "en"
                person = BORIS if name == "russian" else ADA
                visitor = Visitor(driver, bot.url, person, language)
                parts[name](visitor)
        finally:
            driver.quit()
            bot.end(signal.SIGTERM)


def shoot(visitor: Visitor, name: str) -> None:
    """Keep what the page shows now."""
    time.sleep(SETTLE_SECONDS)
    image = Image.open(io.BytesIO(visitor.driver.get_screenshot_as_png())).convert("RGB")
    image.save(PICTURES / f"{name}.jpg", quality=JPEG_QUALITY, optimize=True)


def readme(visitor: Visitor) -> None:
    """A picture in the making and made, with the settings of a new person."""
    visitor.resize(1180, 900)
    sent = time.monotonic()

    def tell(what: str) -> None:
        sys.stdout.write(f"{time.monotonic() - sent:6.1f} s  {what}\n")

    living = visitor.hear("In the style of your picture", after=visitor.send(PHOTO, WAVE))
    tell("queued")
    visitor.wait(lambda: photo_of(visitor, living) or None, SECONDS)
    tell("first preview")
    visitor.wait(lambda: re.search(r"\b[4-7]\d %", visitor.message(living).text), SECONDS)
    shoot(visitor, "painting")
    visitor.hear(" px, ", seconds=SECONDS)
    tell("done")
    shoot(visitor, "done")
    visitor.say("/settings")
    visitor.hear("Tap")
    shoot(visitor, "settings")
    visitor.hear("Now the style", after=visitor.send(PHOTO))
    shoot(visitor, "gallery")


def english(visitor: Visitor) -> None:
    """What a person meets, from the first word on."""
    visitor.resize(440, 900)
    visitor.say("/start")
    visitor.hear("Send me two photos")
    shoot(visitor, "chat-start")
    visitor.say(SMALL)
    visitor.hear("Steps is now")
    gallery = visitor.hear("Now the style", after=visitor.send(CUP))
    shoot(visitor, "chat-gallery")
    visitor.press(gallery, "2")
    result = visitor.hear(" px, ", after=gallery - 1, seconds=SECONDS)
    queue(visitor)
    results(visitor, result)
    styles(visitor)
    words(visitor)
    group(visitor)


def queue(visitor: Visitor) -> None:
    """A blend that waits its turn, and one that is stopped early."""
    running = visitor.hear("▱", after=visitor.send(PHOTO, POPPIES, caption="steps 150, size 384"))
    waiting = visitor.hear("70 %", after=visitor.send(CUP, WAVE, SPRING, caption="70/30"))
    shoot(visitor, "chat-blend")
    visitor.say("/queue")
    visitor.hear("Your pictures")
    shoot(visitor, "chat-queue")
    visitor.press(running, "Good enough")
    visitor.wait(lambda: "Stopped at step" in visitor.message(running).text or None, SECONDS)
    visitor.wait(lambda: "▰▰▰▰" in visitor.message(waiting).text or None, SECONDS)
    see(visitor, waiting)
    shoot(visitor, "chat-painting")
    visitor.wait(lambda: "Stronger" in visitor.labels(waiting) or None, SECONDS)


def results(visitor: Visitor, result: int) -> None:
    """The buttons under a result."""
    see(visitor, result)
    shoot(visitor, "chat-result")
    visitor.press(result, "Keep colours")
    visitor.wait(lambda: "Style colours" in visitor.labels(result) or None)
    visitor.asked(result, "Delete")
    visitor.wait(lambda: "Yes, delete" in visitor.labels(result) or None)
    see(visitor, result)
    shoot(visitor, "chat-delete")
    visitor.press(result, "Keep it")
    last = visitor.newest()
    visitor.press(result, "Weaker")
    weaker = visitor.hear("Strength: 75 %", after=last)
    visitor.wait(lambda: "Stronger" in visitor.labels(weaker) or None, SECONDS)
    see(visitor, weaker)
    shoot(visitor, "chat-weaker")


def styles(visitor: Visitor) -> None:
    """Pictures saved as styles."""
    saved = visitor.hear("Kept as", after=visitor.send(WAVE, caption="/save hokusai"))
    visitor.hear("Kept as", after=visitor.send(SPRING, caption="/save весна-арчимбольдо"))
    visitor.say("/styles")
    visitor.hear("Your styles", after=saved)
    shoot(visitor, "chat-styles")


def words(visitor: Visitor) -> None:
    """Settings, and what is said about a person's things."""
    visitor.say("/settings")
    settings = visitor.hear("Tap")
    shoot(visitor, "chat-settings")
    visitor.press(settings, "More ▸")
    visitor.wait(lambda: "◂ Back" in visitor.labels(settings) or None)
    shoot(visitor, "chat-settings-more")
    visitor.say("/privacy")
    visitor.hear("What I keep")
    visitor.say("/forget")
    visitor.hear("Erase everything of yours?")
    shoot(visitor, "chat-privacy")
    visitor.say("/admin")
    visitor.hear("For the operator")
    visitor.say("/admin stats")
    visitor.hear("Ordered today")
    shoot(visitor, "chat-admin")


def group(visitor: Visitor) -> None:
    """A mention in a group, and a press by somebody else."""
    visitor.enter(GROUP)
    visitor.speak_as(BORIS)
    visitor.say("Смотрите, что умеет этот бот")
    visitor.speak_as(ADA)
    sent = visitor.send(PHOTO, WAVE, caption="@easel_bot")
    result = visitor.hear(" px, ", after=sent, seconds=SECONDS)
    visitor.speak_as(BORIS)
    visitor.asked(result, "Larger")
    shoot(visitor, "chat-group")


def russian(visitor: Visitor) -> None:
    """The same in Russian."""
    visitor.resize(440, 900)
    visitor.say(SMALL)
    visitor.hear("Шаги: теперь")
    gallery = visitor.hear("Теперь стиль", after=visitor.send(PHOTO))
    shoot(visitor, "chat-gallery-ru")
    visitor.press(gallery, "7")
    result = visitor.hear("пикс., шагов", after=gallery - 1, seconds=SECONDS)
    see(visitor, result)
    shoot(visitor, "chat-result-ru")
    visitor.say("/settings")
    visitor.hear("Настройки")
    shoot(visitor, "chat-settings-ru")
    visitor.say("/help")
    visitor.hear("Как написать картину")
    shoot(visitor, "chat-help-ru")


def see(visitor: Visitor, message: int) -> None:
    """Bring the lower end of a message into view."""
    visitor.script("arguments[0].scrollIntoView({ block: 'end' })", visitor.message(message))


if __name__ == "__main__":
    main()
