"""How long a person waits: `python -m benchmarks.chat [--size 256]`.

The bot runs as a process of its own against the playground, with the real engine; times are seconds
from the end of a person's upload.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "bot"))  # where the person and the process are

from person import Person, words  # noqa: E402
from process import TOKEN, BotProcess  # noqa: E402

from bot.gallery import FOLDER  # noqa: E402
from bot.playground import Playground  # noqa: E402

PHOTOS = [(FOLDER / f"{name}.jpg").read_bytes() for name in ("summertime", "great-wave")]
LONG = 900.0


async def wait(ada: Person, part: str, after: int) -> float:
    """Seconds until a message later than `after` has these words (or a photo, for '')."""
    began = time.monotonic()
    await ada.wait_for(
        lambda one: one["id"] > after and (part in words(one) if part else "photo" in one), LONG
    )
    return time.monotonic() - began


async def measure(size: int) -> None:
    """Print a line for each of three albums, cold and warm, and for two photos in a row."""
    playground = Playground(token=TOKEN)
    await playground.start()
    environment = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": playground.url}
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        async with BotProcess(Path(folder), **environment), Person(playground.url) as ada:
            print(f"listening {time.monotonic() - began:.1f}")
            await ada.say(f"/set image_size={size} iterations=20")
            await ada.wait_for_text("Steps is now", 20)
            for state in ("cold", "warm", "warm"):
                album = await ada.send_album(PHOTOS)
                queued = await wait(ada, "In the style", album[-1]["id"])
                preview = queued + await wait(ada, "", album[-1]["id"])
                done = preview + await wait(ada, " px, ", album[-1]["id"])
                print(f"{state} album: queued {queued:.2f}, preview {preview:.1f}, done {done:.1f}")
            await ada.send_photo(PHOTOS[0])
            gallery = await ada.wait_for_text("Now the style", 20)
            await ada.send_photo(PHOTOS[1])
            print(f"second photo: queued {await wait(ada, 'In the style', gallery['id']):.2f}")
    await playground.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=256, help="longest edge in px")
    asyncio.run(measure(parser.parse_args().size))
