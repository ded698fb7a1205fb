"""The built-in styles and their contact sheet."""

from __future__ import annotations

import io
from dataclasses import replace

from person import Person, buttons, words
from PIL import Image
from served import Picture

from bot.gallery import caption, cells_of, contact_sheet, read_gallery
from bot.rooms import Rooms


def test_there_are_sixteen_paintings_with_their_files() -> None:
    gallery = read_gallery()
    assert len({painting.slug for painting in gallery}) == 16
    for painting in gallery:
        with Image.open(painting.path) as image:
            assert min(image.size) >= 256


def test_the_sheet_is_a_photo_that_telegram_takes() -> None:
    data = contact_sheet(cells_of(read_gallery()))
    width, height = Image.open(io.BytesIO(data)).size
    assert len(data) < 10_000_000
    assert width + height <= 10_000


def test_every_caption_fits_in_two_lines_of_letters_that_the_font_has() -> None:
    for painting in read_gallery():
        lines = caption(painting.title).splitlines()
        assert 1 <= len(lines) <= 2
        assert all(line.isascii() for line in lines)


async def test_more_paintings_than_fit_are_turned_like_pages(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    first = rooms.gallery[0]
    more = [replace(first, slug=f"wave-{n}", title=f"Wave {n}") for n in (17, 18)]
    rooms.gallery += tuple(more)
    async with rooms.database.write() as session:
        sheet = await rooms.blobs.put(session, contact_sheet(cells_of(more), 17), "gallery")
    rooms.sheet_blobs += (sheet,)
    rooms.gallery_blobs |= dict.fromkeys(("wave-17", "wave-18"), rooms.gallery_blobs[first.slug])
    await ada.send_photo(picture("red"))
    gallery = await ada.wait_for_text("Now the style")
    assert [one["text"] for one in buttons(gallery)][-2:] == ["16", "▸"]
    await ada.press(gallery, "▸")
    await ada.wait_for(lambda message: [b["text"] for b in buttons(message)] == ["17", "18", "◂"])
    await ada.press(gallery, "18")
    done = await ada.wait_for_text(" px, ", 30)
    assert done["id"] == gallery["id"]
    assert "Wave 18" in words(done)
