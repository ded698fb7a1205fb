"""The built-in styles: sixteen paintings in the public domain, and the sheet that shows them."""

from __future__ import annotations

import io
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

FOLDER = Path(__file__).parent
WELCOME = FOLDER / "welcome.jpg"
COLUMNS = 4
CELL_PX = 300
CAPTION_PX = 68
CAPTION_FONT_PX = 24
GAP_PX = 12
PAPER = (250, 248, 244)
INK = (40, 36, 32)


@dataclass(frozen=True, slots=True)
class Painting:
    """A style picture that ships with the bot."""

    slug: str
    title: str
    artist: str
    year: str
    path: Path


def read_gallery() -> tuple[Painting, ...]:
    """The paintings in gallery order; their numbers count from 1."""
    entries = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return tuple(
        Painting(
            slug=entry["slug"],
            title=entry["title"],
            artist=entry["artist"],
            year=entry["year"],
            path=FOLDER / entry["file"],
        )
        for entry in entries
    )


def contact_sheet(paintings: tuple[Painting, ...]) -> bytes:
    """One JPEG that shows every painting with its number and title."""
    rows = -(-len(paintings) // COLUMNS)
    width = COLUMNS * (CELL_PX + GAP_PX) + GAP_PX
    height = rows * (CELL_PX + CAPTION_PX + GAP_PX) + GAP_PX
    sheet = Image.new("RGB", (width, height), PAPER)
    for place, painting in enumerate(paintings):
        row, column = divmod(place, COLUMNS)
        corner = (
            GAP_PX + column * (CELL_PX + GAP_PX),
            GAP_PX + row * (CELL_PX + CAPTION_PX + GAP_PX),
        )
        _draw_cell(sheet, corner, place + 1, painting)
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _draw_cell(
    sheet: Image.Image, corner: tuple[int, int], number: int, painting: Painting
) -> None:
    left, top = corner
    with Image.open(painting.path) as picture:
        sheet.paste(ImageOps.fit(picture.convert("RGB"), (CELL_PX, CELL_PX)), corner)
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle((left + 8, top + 8, left + 62, top + 54), radius=14, fill=INK)
    draw.text(
        (left + 35, top + 31), str(number), fill=PAPER, anchor="mm", font=ImageFont.load_default(30)
    )
    draw.multiline_text(
        (left + CELL_PX // 2, top + CELL_PX + CAPTION_PX // 2),
        caption(painting.title),
        fill=INK,
        anchor="mm",
        align="center",
        spacing=6,
        font=ImageFont.load_default(CAPTION_FONT_PX),
    )


def caption(title: str) -> str:
    """A title in lines that fit a cell; without accents, because Pillow's own font has none."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    font = ImageFont.load_default(CAPTION_FONT_PX)
    lines = [""]
    for word in plain.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= CELL_PX:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)
