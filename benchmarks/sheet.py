"""Pictures side by side under their names, for the eye and for the docs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.pairs import Pair

CELL = 200  # px
GAP = 4
HEAD = 24


def write_sheet(
    path: Path, names: Sequence[str], rows: Sequence[tuple[Pair, Sequence[Path]]]
) -> None:
    """A JPEG: each row a pair's photo, its style, and what was painted of them."""
    heads = ["photo", "style", *names]
    cells = [
        [_fitted(i) for i in (pair.content, pair.style, *map(Image.open, paths))]
        for pair, paths in rows
    ]
    heights = [row[0].height for row in cells]
    size = len(heads) * (CELL + GAP), HEAD + sum(heights) + GAP * len(heights)
    sheet, top = Image.new("RGB", size, "white"), HEAD
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for column, head in enumerate(heads):
        draw.text((column * (CELL + GAP) + GAP, GAP), head, "black", font)
    for row, height in zip(cells, heights, strict=True):
        for column, picture in enumerate(row):
            picture.thumbnail((CELL, height))
            sheet.paste(picture, (column * (CELL + GAP), top))
        top += height + GAP
    sheet.save(path, quality=82)


def _fitted(picture: Image.Image) -> Image.Image:
    height = round(CELL * picture.height / picture.width)
    return picture.convert("RGB").resize((CELL, height), Image.Resampling.LANCZOS)
