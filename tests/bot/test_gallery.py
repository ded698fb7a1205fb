"""The built-in styles and their contact sheet."""

from __future__ import annotations

import io

from PIL import Image

from bot.gallery import caption, cells_of, contact_sheet, read_gallery


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
