"""The flags of the command line: the original program's names and defaults, and our own."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn

from engine.declarations import Setting, Value
from engine.errors import InvalidSetting
from engine.networks.geometry import LEAST_ALIGNMENT
from engine.networks.registry import NETWORKS
from engine.options import PRECISIONS, Options
from engine.settings import SETTINGS
from engine.tiles import MIN_TILE

DEFAULT_NETWORK = "imagenet-vgg-verydeep-19.mat"
MOST = 999_999_999  # of whatever is counted


class Parser(argparse.ArgumentParser):
    """A parser that answers a wrong flag with one sentence instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and exit with 2."""
        self.exit(2, f"{message}\n")


def parser() -> Parser:
    """The parser of `python -m engine`."""
    made = Parser(
        prog="python -m engine",
        description="Paint a picture in the style of others (Gatys, Ecker and Bethge, 2015).",
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"easel {_version()}")
    _add_pictures(made.add_argument_group("pictures"))
    _add_settings(made.add_argument_group("painting"))
    _add_run(made.add_argument_group("run"))
    _add_report(made.add_argument_group("report"))
    return made


def _add_pictures(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    content = group.add_mutually_exclusive_group(required=True)
    content.add_argument("--content", metavar="FILE", help="picture to paint")
    content.add_argument(
        "--texture",
        action="store_true",
        help="paint nothing but a texture of the styles, in the proportions of the first",
    )
    add("--styles", required=True, nargs="+", metavar="FILE", help="pictures to take the style of")
    add("--output", required=True, metavar="FILE", help="PNG when it has no extension")
    add("--overwrite", action="store_true", help="replace an existing output")
    add(
        "--width",
        type=_count,
        metavar="PX",
        help="exact width; by default the content's own, or the first style's for a texture",
    )
    add(
        "--size",
        type=_of("image_size"),
        metavar="PX",
        help="longest edge; never enlarges a content",
    )
    add("--initial", metavar="FILE", help="picture to start from, resized to the content")
    add("--mask", nargs="+", metavar="FILE",
        help="one for each style, resized to the content: white where the style applies; "
        "black in all of them leaves the photo to itself")  # fmt: skip
    add("--style-scales", nargs="+", type=float, metavar="S", help="1: as wide as the content")
    add("--style-blend-weights", nargs="+", type=float, metavar="W", help="equal without it")


def _add_settings(group: argparse._ArgumentGroup) -> None:
    for setting in SETTINGS:
        if setting.flag:
            group.add_argument(
                setting.flag,
                dest=setting.name,
                type=_value(setting),
                metavar=setting.name.rsplit("_", 1)[-1].upper(),
                help=_escaped(
                    f"{setting.help}: {setting.allowed()} ({setting.show(setting.default)})"
                ),
            )
    group.add_argument("--preserve-colors", action="store_true",
                       help="the same as --colors luma")  # fmt: skip


def _add_run(group: argparse._ArgumentGroup) -> None:
    defaults, add = Options(), group.add_argument
    add(
        "--network",
        default=DEFAULT_NETWORK,
        metavar="NAME|FILE",
        help="what to look through: a file of weights, or one of "
        f"{', '.join(NETWORKS)}; VGG-19 with the bundled weights when the default is not there",
    )
    add(
        "--models",
        type=Path,
        default=Path("models"),
        metavar="FOLDER",
        help="where a network's weights are looked for as NAME.safetensors or NAME.pth; random "
        "ones when they are not there",
    )
    add("--initial-noiseblend", type=float, metavar="B",
        help="share of noise in the start: 0 with --initial, else 1")  # fmt: skip
    add("--beta1", type=float, default=defaults.beta1, metavar="B", help="Adam's β₁")
    add("--beta2", type=float, default=defaults.beta2, metavar="B", help="Adam's β₂")
    add("--eps", type=float, default=defaults.eps, metavar="E", help="Adam's ε")
    add("--device", default="auto", help="cpu, cuda, cuda:1, mps, or auto")
    add("--tile", type=_count, metavar="PX",
        help="paint in tiles of that edge, to bound the memory; the same picture, slower; "
        f"a multiple of {LEAST_ALIGNMENT}, {MIN_TILE} at least")  # fmt: skip
    add(
        "--memory",
        type=float,
        metavar="GB",
        help="what the process may take; without it, what is free, and of main memory 2.35",
    )
    add(
        "--precision",
        choices=PRECISIONS,
        help="of the convolutions: float32 for gatys, for other recipes what pays on the device",
    )
    add("--resume", nargs="?", const="", metavar="STATE",
        help="go on from OUTPUT.state, left by an interrupted run, or from STATE")  # fmt: skip


def _add_report(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--print-iterations", type=_count, metavar="N", help="print the losses every N iterations")
    add("--checkpoint-output", metavar="NAME", help="with %%s, %%d or {} for the iteration")
    add("--checkpoint-iterations", type=_count, metavar="N", help="save every N iterations")
    add("--progress-write", action="store_true",
        help="write the losses to progress.txt beside the output")  # fmt: skip
    add("--progress-plot", action="store_true",
        help="plot the losses to progress.png beside the output")  # fmt: skip


def _version() -> str:
    try:
        return version("easel")
    except PackageNotFoundError:  # a checkout that was not installed
        project = Path(__file__).parents[1] / "pyproject.toml"
        return str(tomllib.loads(project.read_text())["project"]["version"])


def _escaped(text: str) -> str:
    """Help as argparse wants it, which takes a single % for a placeholder."""
    return text.replace("%", "%%")


def _of(name: str) -> Callable[[str], Value]:
    return _value(next(setting for setting in SETTINGS if setting.name == name))


def _value(setting: Setting) -> Callable[[str], Value]:
    def parse(text: str) -> Value:
        try:
            return setting.parse(text)
        except InvalidSetting as error:
            # The only exception whose message argparse shows.
            raise argparse.ArgumentTypeError(str(error)) from None

    return parse


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:12]) <= MOST:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r:.40} is not a whole number from 1 to {MOST}.")
