"""What the command line makes of a photo's transparency, of fine shades, and of no photo at all."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import tifffile
from command_line import ROOT, paint
from pictures import difference
from PIL import Image
from scenes import inputs, run, scene

from engine import cli
from engine.images import load, load_with_alpha, read_settings
from engine.inputs import to_image
from engine.networks import Vgg19
from engine.settings import Settings

CHECKPOINTS = "--checkpoint-iterations 1 --checkpoint-output c%s"


@pytest.fixture
def fading(folder: Path) -> Image.Image:
    """The photo becomes transparent to the right; its alpha."""
    photo, alpha = scene((32, 24), 1), Image.linear_gradient("L").rotate(270).resize((32, 24))
    photo.putalpha(alpha)
    photo.save(folder / "photo.png")
    return alpha


@pytest.mark.parametrize("ending", [".png", ".tiff", ".webp"])
@pytest.mark.parametrize("flags", ["", "--colors luma", "--width 48"])
def test_the_output_is_as_transparent_as_the_photo(
    fading: Image.Image, folder: Path, ending: str, flags: str
) -> None:
    assert paint(f"--iterations 2 {CHECKPOINTS}{ending} {flags}", f"out{ending}") == 0
    for name in ("out", "c0"):
        painted, alpha = load_with_alpha(folder / f"{name}{ending}")
        assert alpha is not None
        expected = fading.resize(painted.size, Image.Resampling.BICUBIC)
        assert difference(alpha.convert("RGB"), expected) == 0
        settings = read_settings(folder / f"{name}{ending}")
        assert settings is not None
        assert settings.seed == 1


def test_a_jpeg_is_painted_all_over(fading: Image.Image, folder: Path) -> None:
    assert fading.getextrema() == (4, 251)
    assert paint("--iterations 2", "out.jpg") == 0
    photo = load(folder / "photo.png")
    photo.save(folder / "photo.png")  # on white, as it was painted
    assert paint("--iterations 2", "white.jpg") == 0
    assert (folder / "out.jpg").read_bytes() == (folder / "white.jpg").read_bytes()


@pytest.mark.usefixtures("folder")
def test_an_opaque_photo_gives_no_alpha() -> None:
    assert paint("--iterations 1") == 0
    with Image.open("out.png") as picture:
        assert picture.mode == "RGB"


@pytest.mark.usefixtures("folder")
def test_a_tiff_has_the_shades_between_the_levels() -> None:
    assert paint(f"--iterations 3 {CHECKPOINTS}.tif", "out.tif") == 0
    assert paint(f"--iterations 3 {CHECKPOINTS}.png", "out.png") == 0
    for name in ("out", "c1"):
        fine, levels = tifffile.imread(f"{name}.tif"), np.asarray(load(Path(f"{name}.png")), float)
        assert fine.dtype == np.uint16
        assert fine.shape == (24, 32, 3)
        inside = (levels > 0) & (levels < 255)
        above = (fine / 257 - levels)[inside]  # 8 bits are truncated
        assert above.min() > -0.01
        assert above.max() < 1.01
        assert np.ptp(above) > 0.9


@pytest.mark.usefixtures("fading")
def test_a_fine_tiff_is_transparent_too() -> None:
    assert paint("--iterations 1", "out.tif") == 0
    assert tifffile.imread("out.tif").shape == (24, 32, 4)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("mode", ["luma", "oklab", "histogram"])
def test_a_tiff_in_the_photos_colours_has_the_8_bits_that_they_have(mode: str) -> None:
    for name in ("out.tif", "out.png"):
        assert paint(f"--iterations 2 --colors {mode}", name) == 0
    with tifffile.TiffFile("out.tif") as stored:
        assert stored.pages.first.bitspersample == 8
    assert load(Path("out.tif")).tobytes() == load(Path("out.png")).tobytes()


def test_a_step_gives_its_picture_before_rounding_where_it_has_it(network: Vgg19) -> None:
    settings = Settings(seed=1, iterations=2)
    step = run(inputs(), network, settings)[-1]
    for values, picture in (
        (step.current_values(), step.current()),
        (step.best_values(), step.best()),
    ):
        assert values is not None
        assert values.shape == (24, 32, 3)
        assert (values.clip(0, 255).astype(np.uint8) == np.asarray(picture)).all()
    assert to_image(step.state().best).tobytes() == step.best().tobytes()
    recolored = run(inputs(), network, settings.replace(colors="oklab"))[-1]
    assert recolored.current_values() is recolored.best_values() is None


@pytest.fixture
def painting(folder: Path) -> Image.Image:
    """A small copy of a real painting, painting.png."""
    with Image.open(ROOT / "bot" / "gallery" / "great-wave.jpg") as original:
        small = original.resize((96, 64), Image.Resampling.LANCZOS)
    small.save(folder / "painting.png")
    return small


@pytest.mark.parametrize(
    ("flags", "size"), [("", (96, 64)), ("--size 64", (64, 43)), ("--width 72", (72, 48))]
)
@pytest.mark.parametrize("recipe", ["gatys", "fine"])
def test_a_texture_of_a_painting_grows_out_of_noise(
    painting: Image.Image,
    capsys: pytest.CaptureFixture[str],
    recipe: str,
    flags: str,
    size: tuple[int, int],
) -> None:
    flags = f"--iterations 25 --print-iterations 1 --recipe {recipe} --seed 3 {flags}"
    arguments = f"--texture --styles painting.png --output out.png {CHECKPOINTS}.png {flags}"
    assert cli.main(arguments.split()) == 0
    told = capsys.readouterr().err
    totals = [float(value) for value in re.findall(r"total loss: (\S+)", told)]
    assert totals[-1] < totals[0] / 8
    assert set(re.findall(r"content loss: (\S+)", told)) == {"0"}
    painted, settings = load(Path("out.png")), read_settings(Path("out.png"))
    assert painted.size == size
    assert settings is not None
    assert settings.start == "noise"
    original = painting.resize(size)
    assert np.std(painted) > 0.6 * np.std(original)
    assert difference(painted, original) > 20  # not the painting, but what it is painted with
