"""Bad input on the command line: one sentence, exit code 2, and every file as it was."""

from __future__ import annotations

import math
import os
import re
from pathlib import Path
from typing import Any

import pytest
from command_line import EVERY, command, refused
from PIL import Image
from scenes import scene

from engine.errors import InvalidInput
from engine.networks import Vgg19
from engine.settings import SETTINGS, Settings
from engine.stylize import Inputs, Options, StylePicture, stylize

pytestmark = pytest.mark.usefixtures("folder")

NUMBERS = [s.flag for s in SETTINGS if s.flag and s.kind in (int, float)]
FLOATS = [
    "--style-scales", "--style-blend-weights",
    "--initial-noiseblend", "--beta1", "--beta2", "--eps",
]  # fmt: skip
COUNTS = ["--width", "--tile", "--print-iterations", "--checkpoint-iterations"]
STYLE = scene((40, 30), 2)


@pytest.fixture
def crowded(folder: Path) -> Path:
    """The folder with all that may be in the way."""
    for name in ("text.png", "text.mat", "text.safetensors", "out.png.note"):
        (folder / name).write_text("hello " * 40)
    for name in ("there", "there.png"):
        (folder / name).mkdir()
    for name in ("old.png", "progress.png", "progress.txt", "c1.png", "new.png.state"):
        (folder / name).write_bytes(b"precious")
    (folder / "cut.png").write_bytes((folder / "photo.png").read_bytes()[:900])
    (folder / "alias.png").symlink_to("photo.png")
    os.link(folder / "a.png", folder / "twin.png")
    scene((24, 32), 4).convert("L").save(folder / "tall.png")
    scene((32, 24), 4).convert("L").point(lambda _: 0).save(folder / "black.png")
    return folder


@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ("--style-scales 1 2", "--style-scales has 2 values for 1 styles"),
        ("--style-scales 0", "scale of style 1 is from 0.01 to 100, not 0"),
        ("--style-scales 101", "scale of style 1 is from 0.01 to 100, not 101"),
        ("--style-scales many", "invalid float value: 'many'"),
        ("--style-scales 100 --width 600", "A style would be 60000 x 45000 px"),
        ("--styles a.png b.png --style-blend-weights 1", "--style-blend-weights has 1 values"),
        ("--styles a.png b.png --style-blend-weights 3 -1", "weight of style 2 is a number from 0"),
        ("--style-blend-weights 0", "sum to 0; one of them has to be above 0"),
        ("--styles a.png b.png --mask a.png", "--mask has 1 values for 2 styles"),
        ("--mask tall.png", "Mask 1 is 24 x 32 px and the picture 32 x 24 px"),
        ("--mask black.png", "Mask 1 is all black"),
        ("--mask text.png", "text.png: The file is not a picture"),
        ("--content none.png", "none.png cannot be read: No such file"),
        ("--content there", "there cannot be read: Is a directory"),
        ("--content=", "cannot be read"),
        ("--content cut.png", "cut.png: The picture is damaged or was cut short"),
        ("--content text.png", "text.png: The file is not a picture"),
        ("--styles text.png", "text.png: The file is not a picture"),
        ("--initial none.png", "none.png cannot be read"),
        ("--network none.mat", "There are no weights none.mat"),
        ("--network there", "There are no weights there"),
        ("--network text.mat", "text.mat cannot be read"),
        ("--network text.safetensors", "text.safetensors cannot be read"),
        ("--network a.png", "a.png is no weights file"),
        ("--iterations many", "iterations takes 1 to 5000, not 'many'"),
        ("--iterations 5001", "The nearest is 5000"),
        ("--iterations 1.5", "iterations takes 1 to 5000"),
        ("--strength 101", "strength takes 0 to 100 %"),
        ("--seed 2147483648", "The nearest is 2147483647"),
        ("--learning-rate 0", "The nearest is 0.01"),
        ("--pooling min", "pooling takes max, avg, not 'min'"),
        ("--colors sepia", "colors takes style, luma"),
        ("--recipe fein", "The nearest is fine"),
        ("--precision float64", "invalid choice: 'float64'"),
        ("--size 63", "image_size takes 64 to 2048 px, not 63"),
        ("--size 2049", "The nearest is 2048"),
        ("--width 20 --size 64", "--width and --size say the same thing"),
        ("--width 7400", "would be 7400 x 5550 px; at most 40 megapixels"),
        ("--width 999999999", "at most 40 megapixels"),
        ("--eps 0", "eps is above 0"),
        ("--beta1 1", "beta1 is from 0 to below 1"),
        ("--beta2 1", "beta2 is from 0 to below 1"),
        ("--initial-noiseblend 2", "noise blend is from 0 to 1"),
        ("--tile 50", "multiple of 16 px, 64 at least, not 50"),
        ("--tile 72", "multiple of 16 px, 64 at least, not 72"),
        ("--tile 48", "multiple of 16 px, 64 at least, not 48"),
        ("--preserve-colors --colors oklab", "--preserve-colors is --colors luma"),
        ("--texture", "--texture: not allowed with argument --content"),
        ("--device cuda:7", "There is no device cuda:7"),
        ("--device toaster", "There is no device toaster"),
        ("--device meta", "There is no device meta"),
        ("--device=", "There is no device"),
        ("--styl a.png", "unrecognized arguments"),
        ("--output no/where.png", "Nothing can be written to the folder no"),
        ("--output /proc/out.png", "Nothing can be written to the folder /proc"),
        ("--output out.gif", "out.gif has to end in one of: png, jpg"),
        ("--output there.png --overwrite", "there.png is a folder"),
        ("--output there --overwrite", "there is a folder, not a picture"),
        ("--output= --overwrite", "is a folder, not a picture"),
        (f"--output {'x' * 300}.png", "File name too long"),
        (f"--output {'x' * 250}.png", "File name too long"),  # not itself, but its state
        ("--output old.png", "old.png exists already; --overwrite replaces it"),
        ("--output new.png", "new.png.state exists already; --resume goes on from it"),
        ("--progress-write", "progress.txt exists already; --overwrite replaces it"),
        ("--progress-plot", "progress.png exists already; --overwrite replaces it"),
        ("--progress-plot --output progress.png --overwrite", "would be written twice"),
        ("--progress-plot --content progress.png", "progress.png is one of the inputs"),
        ("--content photo.png --output photo.png --overwrite", "photo.png is one of the inputs"),
        ("--output ./there/../photo.png --overwrite", "photo.png is one of the inputs"),
        ("--output alias.png --overwrite", "alias.png is one of the inputs"),
        ("--output twin.png --overwrite", "twin.png is one of the inputs"),
        ("--initial b.png --output b.png --overwrite", "b.png is one of the inputs"),
        ("--mask tall.png --output tall.png --overwrite", "tall.png is one of the inputs"),
        ("--resume old.png --output old.png --overwrite", "old.png is one of the inputs"),
        ("--network new.png.state --output new.png --overwrite", "state is one of the inputs"),
        ("--checkpoint-output out%s.jpg", "go together"),
        ("--checkpoint-iterations 1", "go together"),
        (f"{EVERY} out.jpg", "needs %s where the iteration goes"),
        (f"{EVERY} %", "needs %s where the iteration goes"),
        (f"{EVERY} {{}}{{}}.jpg", "needs %s where the iteration goes"),
        (f"{EVERY} c%s.gif", "c0.gif has to end in"),
        (f"{EVERY} c%s.gif --iterations 1", "c0.gif has to end in"),
        (f"{EVERY} c%c.png", "null character"),
        (f"{EVERY} no/%s.jpg", "Nothing can be written to the folder no"),
        (f"{EVERY} there%.0s.png", "there.png is a folder"),
        (f"{EVERY} out%.0s.png", "out.png would be written twice"),
        (f"{EVERY} d%.0s.png", "d.png would be written twice"),
        (f"{EVERY} photo%.0s.png --iterations 2 --overwrite", "photo.png is one of the inputs"),
        (f"{EVERY} c%s.png", "c1.png exists already; --overwrite replaces it"),
        ("--resume none.state", "There is no state none.state"),
        ("--resume there", "there is a damaged state, or none"),
        ("--resume text.png", "text.png is a damaged state, or none"),
    ],
)
def test_wrong_input_is_one_sentence(
    capsys: pytest.CaptureFixture[str], flags: str, sentence: str
) -> None:
    assert sentence in refused(command(flags), capsys)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "-1", "1e999", "two"])
@pytest.mark.parametrize("flag", [*NUMBERS, *FLOATS])
def test_no_number_out_of_its_range_is_taken(
    capsys: pytest.CaptureFixture[str], flag: str, value: str
) -> None:
    assert refused(command(f"{flag}={value}"), capsys)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "nan", "", "²", "1" + "0" * 9, "9" * 5000])
@pytest.mark.parametrize("flag", COUNTS)
def test_what_is_counted_is_counted_from_1(
    capsys: pytest.CaptureFixture[str], flag: str, value: str
) -> None:
    told = refused(command(f"{flag}={value}"), capsys)
    assert "is not a whole number from 1 to 999999999" in told
    assert len(told) < 120


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ("--styles a.png", "one of the arguments --content --texture is required"),
        ("--texture", "arguments are required: --styles"),
        ("--texture --styles a.png --preserve-colors", "there are no colours to keep (luma)"),
        ("--texture --styles a.png --colors match", "there are no colours to keep (match)"),
        ("--texture --styles a.png --strength 50", "Without a content the strength is 100"),
        ("--texture --styles a.png --width 20000", "at most 40 megapixels"),
    ],
)
def test_a_texture_has_no_content(
    capsys: pytest.CaptureFixture[str], flags: str, sentence: str
) -> None:
    assert sentence in refused(["--output", "out.png", *flags.split()], capsys)


def test_a_format_that_cannot_hold_the_picture_is_refused_before_the_work(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scene((16400, 16), 1).save("strip.png")
    for name in ("out.webp", "out.png"):
        flags = f"--content strip.png --iterations 2 {EVERY} c%s.webp"
        told = refused(command(flags, name), capsys)
        assert "16400 x 16 px, and webp takes at most 16383 a side" in told


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_said_before_the_work(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "sealed").mkdir(mode=0o500)
    assert "folder sealed: Permission denied" in refused(command("", "sealed/out.png"), capsys)


@pytest.mark.parametrize(
    ("style", "more", "options", "sentence"),
    [
        ({"scale": math.nan}, {}, {}, "scale of style 1 is from 0.01 to 100, not nan"),
        ({"scale": math.inf}, {}, {}, "not inf"),
        ({"scale": 0}, {}, {}, "not 0"),
        ({"scale": -1}, {}, {}, "not -1"),
        ({"weight": math.nan}, {}, {}, "weight of style 1 is a number from 0 up, not nan"),
        ({"weight": math.inf}, {}, {}, "not inf"),
        ({"weight": -1}, {}, {}, "not -1"),
        ({"weight": 0}, {}, {}, "one of them has to be above 0"),
        ({"image": Image.new("RGB", (0, 9))}, {}, {}, "A picture has no pixels"),
        ({"image": Image.new("L", (16, 2_000_000))}, {}, {}, "A style would be"),
        ({}, {"styles": ()}, {}, "at least one style"),
        ({}, {"styles": (), "content": None}, {}, "at least one style"),
        ({}, {"content": Image.new("RGB", (0, 0))}, {}, "A picture has no pixels"),
        ({}, {"initial": Image.new("RGB", (9, 0))}, {}, "A picture has no pixels"),
        ({}, {"masks": (Image.new("L", (24, 24), 1),)}, {}, "Mask 1 is 24 x 24 px"),
        ({}, {"masks": (None, None)}, {}, "1 styles and 2 masks"),
        ({}, {}, {"size": (0, 9)}, "0 x 9 px has no pixels"),
        ({}, {}, {"size": (10**6, 10**6)}, "at most 40 megapixels"),
        ({}, {}, {"noise_blend": math.nan}, "noise blend is from 0 to 1"),
        ({}, {}, {"beta1": math.nan}, "beta1 is from 0"),
        ({}, {}, {"beta2": math.inf}, "beta2 is from 0"),
        ({}, {}, {"eps": 0}, "eps is above 0"),
        ({}, {}, {"tile": 0}, "multiple of 16"),
        ({}, {}, {"tile": -64}, "multiple of 16"),
        ({}, {}, {"precision": "float16"}, "precision is float32 or bfloat16"),
    ],
)
def test_the_engine_itself_refuses_what_it_cannot_paint(
    network: Vgg19,
    style: dict[str, Any],
    more: dict[str, Any],
    options: dict[str, Any],
    sentence: str,
) -> None:
    styles = (StylePicture(**{"image": STYLE, **style}),)
    given = Inputs(**{"content": scene((32, 24), 1), "styles": styles, **more})
    with pytest.raises(InvalidInput, match=re.escape(sentence)):
        next(stylize(given, Settings(seed=1), network, options=Options(**options)))
