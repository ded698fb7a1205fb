"""The same photo and style painted through every network: `python -m benchmarks.story FOLDER`.

Pictures go to the folder, a captioned sheet of them to FOLDER/networks.jpg. Each caption says which
weights the network had: those of the folder of models, the bundled ones, or random ones.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from benchmarks.pairs import Pair, read_pairs
from engine.networks import load_network
from engine.networks.loading import weights_of
from engine.networks.registry import NETWORKS
from engine.options import Options
from engine.settings import preset
from engine.stylize import Inputs, StylePicture, stylize

COLUMNS = 6
GAP = 6  # px
LINE = 15  # px of a caption
QUALITY = 80


def main() -> None:
    """Paint, tell each network's caption, and put all pictures on the sheet."""
    arguments = _parsed()
    pair = read_pairs(arguments.size, arguments.pair)[-1]
    style = ImageOps.fit(pair.style, pair.content.size, Image.Resampling.BICUBIC)
    cells = [(pair.content, "photo", ""), (style, "style, cropped", "")]
    for name in arguments.names or NETWORKS:
        picture, caption = _painted(pair, name, arguments)
        picture.save(arguments.folder / f"{name}.png")
        cells.append((picture, NETWORKS[name].title, caption))
        print(f"{NETWORKS[name].title}: {caption}")
    _sheet(cells).save(arguments.folder / "networks.jpg", quality=QUALITY, optimize=True)


def _painted(pair: Pair, name: str, arguments: argparse.Namespace) -> tuple[Image.Image, str]:
    path = weights_of(name, arguments.models)
    network = load_network(path, network=name, device=arguments.device)
    settings = preset("fine").replace(iterations=arguments.iterations, seed=0)
    given = Inputs(pair.content, (StylePicture(pair.style),))
    began = time.perf_counter()
    for step in stylize(given, settings, network, options=Options(size=pair.content.size)):  # noqa: B007
        pass
    seconds = (time.perf_counter() - began) / arguments.iterations
    # A file is named by its network: whose weights they are says more.
    source = network.source if path is None else NETWORKS[name].origin
    return step.best(), f"{source}, {seconds:.2f} s a step"


def _sheet(cells: list[tuple[Image.Image, str, str]]) -> Image.Image:
    width = max(picture.width for picture, _, _ in cells)
    height = max(picture.height for picture, _, _ in cells) + 3 * LINE + GAP
    rows = -(-len(cells) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, rows * height + GAP), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(LINE - 3)
    for place, (picture, title, caption) in enumerate(cells):
        left = GAP + place % COLUMNS * (width + GAP)
        top = GAP + place // COLUMNS * height
        sheet.paste(picture, (left, top))
        lines = [title, *_wrapped(caption, font, width)]
        for number, line in enumerate(lines[:3]):
            draw.text((left, top + picture.height + number * LINE), line, "black", font)
    return sheet


def _wrapped(
    text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int
) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.story", description=__doc__)
    add = parser.add_argument
    add("folder", type=Path)
    add("names", nargs="*", help="of networks; all without")
    add("--size", type=int, default=256, help="px of the photo's longest side")
    add("--pair", type=int, default=1, help="number of the pair of photo and style, from 1")
    add("--iterations", type=int, default=60)
    add("--models", type=Path, default=Path("models"))
    add("--device", default="cpu")
    return parser.parse_args()


if __name__ == "__main__":
    main()
