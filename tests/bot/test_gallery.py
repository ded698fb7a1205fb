"""The built-in styles and their contact sheet."""

from __future__ import annotations

import io

from PIL import Image

from bot.gallery import contact_sheet, read_gallery


def test_there_are_sixteen_paintings_with_their_files() -> None:
    gallery = read_gallery()
    assert len({painting.slug for painting in gallery}) == 16
    for painting in gallery:
        with Image.open(painting.path) as image:
            assert min(image.size) >= 256


def test_the_sheet_is_a_photo_that_telegram_takes() -> None:
    data = contact_sheet(read_gallery())
    width, height = Image.open(io.BytesIO(data)).size
    assert len(data) < 10_000_000
    assert width + height <= 10_000
