"""The painted picture with the photo's colours, and what all ways have in common."""

import tracemalloc

import numpy as np
import pytest
from colors import Recolor, flat, oklab, rgb, soft
from PIL import Image
from scenes import inputs, run, scene

from engine.color import (
    keep_chroma,
    keep_colors,
    match_covariance,
    match_histogram,
    recolored,
    to_oklab,
)
from engine.networks import Vgg19
from engine.settings import SETTINGS, Settings

WAYS = {"luma": keep_colors, "oklab": keep_chroma, "histogram": match_histogram}
NEW_WAYS = [keep_chroma, match_histogram, match_covariance]


def ycbcr(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("YCbCr"), float)


def chroma(image: Image.Image) -> np.ndarray:
    return np.linalg.norm(oklab(image)[:, 1:], axis=-1)


def every_kind_of_color() -> Image.Image:
    """Every 17th level of each channel, and every grey."""
    levels = np.arange(0, 256, 17)
    colors = np.stack(np.meshgrid(levels, levels, levels), -1).reshape(-1, 3)
    greys = np.repeat(np.arange(256)[:, None], 3, axis=1)
    return Image.fromarray(np.concatenate([colors, greys]).astype(np.uint8)[None])


def shuffled(image: Image.Image) -> Image.Image:
    pixels = np.random.default_rng(0).permutation(rgb(image)).astype(np.uint8)
    return Image.fromarray(pixels.reshape(image.height, image.width, 3))


def test_luma_is_the_paintings_and_chroma_the_photos() -> None:
    painted, content = soft(1), soft(2)
    kept = ycbcr(keep_colors(painted, content))
    assert np.abs(kept[..., 0] - ycbcr(painted)[..., 0]).max() <= 2
    assert np.abs(kept[..., 1:] - ycbcr(content)[..., 1:]).max() <= 2


@pytest.mark.parametrize("keep", [keep_colors, keep_chroma])
def test_a_grey_photo_gives_a_grey_painting(keep: Recolor) -> None:
    grey = scene((32, 24), 2).convert("L").convert("RGB")
    kept = rgb(keep(scene((32, 24), 1), grey))
    assert np.ptp(kept, axis=-1).max() <= 1
    assert np.ptp(kept) > 100


def test_a_run_may_keep_the_colours_without_painting_otherwise(network: Vgg19) -> None:
    settings = Settings(seed=4, iterations=3)
    (*_, plain), (*_, luma) = (
        run(inputs(), network, settings.replace(colors=colors)) for colors in ("style", "luma")
    )
    assert luma.best_losses == plain.best_losses
    assert luma.best().tobytes() == keep_colors(plain.best(), inputs().content).tobytes()
    assert luma.current().tobytes() != plain.current().tobytes()


@pytest.mark.parametrize("mode", WAYS)
def test_each_mode_is_its_own_way_to_colour(mode: str) -> None:
    painted, content = scene((31, 17), 1), scene((31, 17), 2)
    results = {recolored(painted, content, name).tobytes() for name in (*WAYS, "style")}
    assert len(results) == len(WAYS) + 1
    assert recolored(painted, content, mode).tobytes() == WAYS[mode](painted, content).tobytes()


@pytest.mark.parametrize("mode", ["style", "match"])
def test_the_colours_that_a_run_has_painted_are_left_alone(mode: str) -> None:
    painted = scene((31, 17), 1)
    assert recolored(painted, scene((31, 17), 2), mode) is painted


def test_a_run_takes_every_mode_that_there_is(network: Vgg19) -> None:
    (modes,) = (setting.choices for setting in SETTINGS if setting.name == "colors")
    settings = Settings(seed=4, iterations=1)
    steps = [run(inputs(), network, settings.replace(colors=mode))[-1] for mode in modes]
    assert len({step.best().tobytes() for step in steps}) == len(modes)


def test_an_unknown_mode_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'sepia'"):
        recolored(soft(1), soft(2), "sepia")


def test_oklab_is_the_same_by_way_of_xyz() -> None:
    picture = every_kind_of_color()
    levels = rgb(picture).astype(np.uint8)
    assert to_oklab(levels) == pytest.approx(oklab(picture), abs=5e-4)


@pytest.mark.parametrize("way", NEW_WAYS)
def test_a_picture_matched_to_itself_stays_as_it_is(way: Recolor) -> None:
    picture = every_kind_of_color()
    assert np.abs(rgb(way(picture, picture)) - rgb(picture)).max() <= 1


def test_kept_chroma_is_that_of_the_photo_where_srgb_has_it() -> None:
    painted, content = soft(1), soft(2)
    kept = oklab(keep_chroma(painted, content))
    assert kept[:, 0] == pytest.approx(oklab(painted)[:, 0], abs=3e-3)
    assert kept[:, 1:] == pytest.approx(oklab(content)[:, 1:], abs=6e-3)


def test_where_srgb_has_no_such_colour_lightness_and_hue_stay() -> None:
    painted, content = scene((61, 47), 1), shuffled(scene((61, 47), 2))
    kept = keep_chroma(painted, content)
    (lightness, *axes), (_, *given) = oklab(kept).T, oklab(content).T
    assert (chroma(kept) < 0.9 * chroma(content)).mean() > 0.1
    assert lightness == pytest.approx(oklab(painted)[:, 0], abs=6e-3)
    across = (axes[0] * given[1] - axes[1] * given[0]) / chroma(content).clip(1e-3)
    assert np.abs(across).max() <= 1e-2
    assert (chroma(kept) - chroma(content)).max() <= 1e-2


def test_no_more_chroma_is_given_up_than_srgb_asks_for() -> None:
    painted, content = scene((61, 47), 1), shuffled(scene((61, 47), 2))
    kept = keep_chroma(painted, content)
    reduced = rgb(kept)[chroma(kept) < chroma(content) - 2e-2]
    assert len(reduced) > 100
    assert ((reduced <= 2) | (reduced >= 253)).any(-1).all()


def test_white_and_black_paint_has_no_chroma() -> None:
    content = every_kind_of_color()
    for level in (0, 255):
        painted = flat((level, level, level), content.size)
        assert keep_chroma(painted, content).tobytes() == painted.tobytes()


def test_chroma_is_kept_pixel_by_pixel_and_so_asks_for_one_size() -> None:
    for size in ((1, 1), (24, 32)):
        with pytest.raises(ValueError, match="sizes"):
            keep_chroma(soft(1), soft(2, size))


@pytest.mark.parametrize("size", [(1, 1), (5, 3)])
@pytest.mark.parametrize("way", NEW_WAYS)
def test_a_flat_picture_becomes_one_colour_of_the_content(
    way: Recolor, size: tuple[int, int]
) -> None:
    result = way(flat((200, 30, 60), size), flat((90, 120, 100), size))
    assert result.size == size
    assert len(np.unique(rgb(result), axis=0)) == 1
    lightness = (200, 30, 60) if way is keep_chroma else (90, 120, 100)
    assert oklab(result)[0, 0] == pytest.approx(oklab(flat(lightness))[0, 0], abs=3e-3)


@pytest.mark.parametrize("way", NEW_WAYS)
def test_the_working_memory_does_not_grow_with_the_picture(way: Recolor) -> None:
    painted, content = (flat(color, (1500, 1400)) for color in ((250, 9, 9), (9, 200, 250)))
    tracemalloc.start()
    way(painted, content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    pictures = 4 * 3 * 1500 * 1400  # both inputs, the result, and its blocks
    assert peak < pictures + 20e6
