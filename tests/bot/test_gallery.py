"""The built-in styles and their contact sheet."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from person import BORIS, Person, buttons, words
from PIL import Image, ImageDraw, ImageFont
from served import Picture

from bot.gallery import (
    FONT,
    caption,
    cells_of,
    columns,
    contact_sheet,
    read_gallery,
    sheets_of,
)
from bot.rooms import Rooms
from bot.texts import languages


def test_there_are_sixteen_paintings_with_their_files() -> None:
    gallery = read_gallery()
    assert len({painting.slug for painting in gallery}) == 16
    for painting in gallery:
        with Image.open(painting.path) as image:
            assert min(image.size) >= 256


def test_the_sheet_is_a_photo_that_telegram_takes() -> None:
    for language in languages():
        (data,) = sheets_of(read_gallery(), language)
        width, height = Image.open(io.BytesIO(data)).size
        assert len(data) < 10_000_000
        assert width + height <= 10_000


def test_every_title_fits_in_two_lines_in_every_language() -> None:
    for painting in read_gallery():
        for title in painting.titles.values():
            lines = caption(title).splitlines()
            assert 1 <= len(lines) <= 2
            assert " ".join(lines) == title


def test_every_painting_has_a_title_in_english_and_in_russian() -> None:
    for painting in read_gallery():
        assert painting.title("en") == painting.title("xx")
        assert re.search("[ж-э]", painting.title("ru"))


def test_a_word_that_is_wider_than_its_cell_is_cut_short() -> None:
    cut = caption("щ" * 60)
    assert len(cut.splitlines()) == 1
    assert cut.startswith("щщщ")
    assert cut.endswith("щ…")


def test_the_font_has_letters_of_its_own_for_every_language() -> None:
    missing = pixels_of("\U0010ffff")
    for letter in "aéñüßжщёїλš":
        assert pixels_of(letter) != missing
        assert pixels_of(letter) != pixels_of("?")


@pytest.mark.parametrize(("count", "beside"), [(1, 1), (2, 2), (3, 3), (4, 2), (5, 4), (16, 4)])
def test_a_sheet_of_few_styles_is_no_long_strip(count: int, beside: int) -> None:
    sheet = Image.open(io.BytesIO(contact_sheet([(None, "x")] * count)))
    assert columns(count) == beside
    assert sheet.width <= 2.5 * sheet.height


def pixels_of(letter: str) -> bytes:
    image = Image.new("L", (60, 60))
    ImageDraw.Draw(image).text((5, 5), letter, fill=255, font=ImageFont.truetype(FONT, 40))
    return image.tobytes()


async def test_more_paintings_than_fit_are_turned_like_pages(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    first = rooms.gallery[0]
    more = [replace(first, slug=f"wave-{n}", titles={"en": f"Wave {n}"}) for n in (17, 18)]
    rooms.gallery += tuple(more)
    async with rooms.database.write() as session:
        sheet = await rooms.blobs.put(session, contact_sheet(cells_of(more, "en"), 17), "gallery")
    rooms.sheet_blobs["en"] += (sheet,)
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


async def test_a_russian_reads_the_titles_in_russian(ada: Person, picture: Picture) -> None:
    boris = ada.also(user=BORIS)
    await boris.send_photo(picture("red"), caption="большая волна в канагаве, шаги 20")
    await boris.wait_for_text("Большая волна в Канагаве")
    await boris.send_photo(picture("blue"))
    gallery = await boris.wait_for_text("Теперь стиль")
    await ada.send_photo(picture("blue"))
    english = await ada.wait_for_text("Now the style")
    sheets = [await one.download(m["photo"]) for one, m in ((ada, english), (boris, gallery))]
    assert sheets[0] != sheets[1]
