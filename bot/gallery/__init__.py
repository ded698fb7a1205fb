"""The built-in styles: sixteen paintings in the public domain, and the sheet that shows them."""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageFont, ImageOps

FOLDER = Path(__file__).parent
WELCOME = FOLDER / "welcome.jpg"
FONT = FOLDER / "DejaVuSansCondensed.ttf"  # Pillow's own has no letters but the English
COLUMNS = 4
PER_SHEET = 16
CELL_PX = 300
CAPTION_PX = 68
CAPTION_FONT_PX = 24
NUMBER_FONT_PX = 30
GAP_PX = 12
PAPER = (250, 248, 244)
INK = (40, 36, 32)


@dataclass(frozen=True, slots=True)
class Painting:
    """A style picture that ships with the bot; `titles` by language, English at least."""

    slug: str
    titles: dict[str, str]
    artist: str
    year: str
    path: Path

    def title(self, language: str) -> str:
        """The title in a language, in English where there is no other."""
        return self.titles.get(language, self.titles["en"])


def read_gallery() -> tuple[Painting, ...]:
    """The paintings in gallery order; their numbers count from 1."""
    entries = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return tuple(
        Painting(
            slug=entry["slug"],
            titles=entry["title"],
            artist=entry["artist"],
            year=entry["year"],
            path=FOLDER / entry["file"],
        )
        for entry in entries
    )


Cell = tuple[Path | BinaryIO | None, str]  # a picture that may still be on its way, and its title


def cells_of(paintings: Sequence[Painting], language: str) -> list[Cell]:
    """The paintings as they stand on a sheet in a language."""
    return [(painting.path, painting.title(language)) for painting in paintings]


def columns(count: int) -> int:
    """How many stand side by side: a few make no strip so long that a chat would crop it."""
    return 2 if count == COLUMNS else min(count, COLUMNS)


def sheets_of(gallery: Sequence[Painting], language: str) -> list[bytes]:
    """The gallery's sheets in a language, as JPEG."""
    return [
        contact_sheet(cells_of(gallery[start : start + PER_SHEET], language), start + 1)
        for start in range(0, len(gallery), PER_SHEET)
    ]


def contact_sheet(cells: Sequence[Cell], first: int = 1) -> bytes:
    """One JPEG that shows every picture with its number, counted from `first`, and title."""
    beside = columns(len(cells))
    rows = -(-len(cells) // beside)
    width = beside * (CELL_PX + GAP_PX) + GAP_PX
    height = rows * (CELL_PX + CAPTION_PX + GAP_PX) + GAP_PX
    sheet = Image.new("RGB", (width, height), PAPER)
    for place, cell in enumerate(cells):
        row, column = divmod(place, beside)
        corner = (
            GAP_PX + column * (CELL_PX + GAP_PX),
            GAP_PX + row * (CELL_PX + CAPTION_PX + GAP_PX),
        )
        _draw_cell(sheet, corner, first + place, cell)
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _draw_cell(sheet: Image.Image, corner: tuple[int, int], number: int, cell: Cell) -> None:
    left, top = corner
    source, title = cell
    if source is not None:
        with Image.open(source) as picture:
            sheet.paste(ImageOps.fit(picture.convert("RGB"), (CELL_PX, CELL_PX)), corner)
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle((left + 8, top + 8, left + 62, top + 54), radius=14, fill=INK)
    draw.text(
        (left + 35, top + 31), str(number), fill=PAPER, anchor="mm", font=_font(NUMBER_FONT_PX)
    )
    draw.multiline_text(
        (left + CELL_PX // 2, top + CELL_PX + CAPTION_PX // 2),
        caption(title),
        fill=INK,
        anchor="mm",
        align="center",
        spacing=6,
        font=_font(CAPTION_FONT_PX),
    )


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def caption(title: str) -> str:
    """A title in lines that fit a cell; a word that is too long is cut short."""
    font = _font(CAPTION_FONT_PX)
    lines = [""]
    for word in title.split():
        while font.getlength(word) > CELL_PX:
            word = f"{word.rstrip('…')[:-1]}…"
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= CELL_PX:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)
