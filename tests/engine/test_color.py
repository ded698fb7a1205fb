"""The painted picture with the photo's colours, and a style matched to them."""

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from scenes import inputs, run, scene

from engine.color import (
    covariance_map,
    keep_chroma,
    keep_colors,
    match_covariance,
    match_histogram,
    recolored,
    to_oklab,
)
from engine.networks import Vgg19
from engine.settings import Settings

Recolor = Callable[[Image.Image, Image.Image], Image.Image]
WAYS = {"luma": keep_colors, "oklab": keep_chroma, "histogram": match_histogram}
NEW_WAYS = [keep_chroma, match_histogram, match_covariance]
ANY_SIZES = [match_histogram, match_covariance]


def ycbcr(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("YCbCr"), float)


def rgb(image: Image.Image) -> np.ndarray:
    """The pixels in whole levels, (pixels, 3)."""
    return np.asarray(image, int).reshape(-1, 3)


def oklab(image: Image.Image) -> np.ndarray:
    """(pixels, 3), by way of XYZ, which is how Ottosson defines it."""
    value = rgb(image) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = linear @ np.array(
        [
            [0.4124564, 0.2126729, 0.0193339],
            [0.3575761, 0.7151522, 0.1191920],
            [0.1804375, 0.0721750, 0.9503041],
        ]
    )
    cones = xyz @ np.array(
        [
            [0.8189330101, 0.0329845436, 0.0482003018],
            [0.3618667424, 0.9293118715, 0.2643662691],
            [-0.1288597137, 0.0361456387, 0.6338517070],
        ]
    )
    return np.cbrt(cones) @ np.array(
        [
            [0.2104542553, 1.9779984951, 0.0259040371],
            [0.7936177850, -2.4285922050, 0.7827717662],
            [-0.0040720468, 0.4505937099, -0.8086757660],
        ]
    )


def chroma(image: Image.Image) -> np.ndarray:
    return np.linalg.norm(oklab(image)[:, 1:], axis=-1)


def soft(seed: int, size: tuple[int, int] = (32, 24)) -> Image.Image:
    """A picture without extreme colours, which would be clipped."""
    return scene(size, seed).point(lambda value: 90 + value // 4)


def flat(color: tuple[int, int, int], size: tuple[int, int] = (5, 3)) -> Image.Image:
    return Image.new("RGB", size, color)


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


def test_the_colours_of_the_style_are_left_alone() -> None:
    painted = scene((31, 17), 1)
    assert recolored(painted, scene((31, 17), 2), "style") is painted


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


@pytest.mark.parametrize("size", [(32, 24), (61, 47), (300, 301)])
def test_the_quantiles_become_those_of_the_content(size: tuple[int, int]) -> None:
    painted, content = scene((67, 43), 1), soft(2, size)
    ranks = np.linspace(0.02, 0.98, 49)
    given, target, matched = (
        np.quantile(oklab(image), ranks, axis=0)
        for image in (painted, content, match_histogram(painted, content))
    )
    assert np.abs(given - target).max() > 0.1
    assert matched == pytest.approx(target, abs=8e-3)


def test_equal_colours_stay_equal_and_none_overtakes_another() -> None:
    levels = np.random.default_rng(5).choice([20, 90, 91, 240], (23, 19), p=[0.4, 0.3, 0.2, 0.1])
    painted = Image.fromarray(levels.astype(np.uint8)).convert("RGB")
    ramp = Image.linear_gradient("L").convert("RGB")
    matched = rgb(match_histogram(painted, ramp))[:, 0]
    by_level = [set(matched[levels.ravel() == level]) for level in (20, 90, 91, 240)]
    assert [len(values) for values in by_level] == [1, 1, 1, 1]
    results = [value for (value,) in by_level]
    assert results == sorted(set(results))
    shares = [(levels == level).mean() for level in (20, 90, 91, 240)]
    assert results == pytest.approx(255 * (np.cumsum(shares) - np.array(shares) / 2), abs=1)


def test_the_histogram_of_a_grey_content_is_grey() -> None:
    grey = scene((32, 24), 2).convert("L").convert("RGB")
    matched = rgb(match_histogram(scene((61, 47), 1), grey))
    assert np.ptp(matched, axis=-1).max() == 0
    assert (matched.min(), matched.max()) == (rgb(grey).min(), rgb(grey).max())


def moments(image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    return rgb(image).mean(0), np.cov(rgb(image).T, bias=True)


@pytest.mark.parametrize("size", [(32, 24), (61, 47), (300, 301)])
def test_mean_and_covariance_become_those_of_the_reference(size: tuple[int, int]) -> None:
    picture, reference = scene((67, 43), 1), soft(2, size)
    mean, covariance = moments(match_covariance(picture, reference))
    target_mean, target = moments(reference)
    assert mean == pytest.approx(target_mean, abs=0.1)
    assert covariance == pytest.approx(target, abs=0.01 * target.max())
    assert np.abs(moments(picture)[1] - target).max() > target.max()


def test_the_map_is_what_the_picture_goes_through() -> None:
    picture, reference = soft(1), soft(2, (61, 47))
    matrix, mean_from, mean_to = covariance_map(picture, reference)
    moved = (rgb(picture) - mean_from) @ matrix.T + mean_to
    assert rgb(match_covariance(picture, reference)) == pytest.approx(moved, abs=0.501)


def test_the_map_is_symmetric_and_positive_and_moves_less_than_another() -> None:
    picture, reference = scene((61, 47), 1), scene((32, 24), 2)
    matrix, mean_from, mean_to = covariance_map(picture, reference)
    source, target = moments(picture)[1], moments(reference)[1]
    assert matrix == pytest.approx(matrix.T, abs=1e-9)
    assert np.linalg.eigvalsh(matrix).min() > 0
    assert matrix @ source @ matrix.T == pytest.approx(target, abs=1e-3 * target.max())
    by_cholesky = np.linalg.cholesky(target) @ np.linalg.inv(np.linalg.cholesky(source))
    centred = rgb(picture) - mean_from
    moves = [
        np.square(centred @ other.T + mean_to - rgb(picture)).mean()
        for other in (matrix, by_cholesky)
    ]
    assert moves[0] < 0.99 * moves[1]


def test_a_grey_picture_takes_what_one_line_of_colours_can_take() -> None:
    grey, reference = scene((61, 47), 1).convert("L").convert("RGB"), soft(2)
    mean, covariance = moments(match_covariance(grey, reference))
    target_mean, target = moments(reference)
    assert mean == pytest.approx(target_mean, abs=0.5)
    along = np.ones(3) / np.sqrt(3)
    assert along @ covariance @ along == pytest.approx(along @ target @ along, rel=0.02)
    assert np.linalg.eigvalsh(covariance)[:2] == pytest.approx(0, abs=1)


def test_the_rounding_of_a_nearly_grey_picture_does_not_become_speckles() -> None:
    exact, reference = scene((61, 47), 1).convert("L").convert("RGB"), soft(2)
    rounding = (np.random.default_rng(3).random((47, 61, 3)) < 0.02).astype(np.uint8)
    nearly = Image.fromarray(np.asarray(exact) + rounding)
    apart = rgb(match_covariance(nearly, reference)) - rgb(match_covariance(exact, reference))
    assert np.abs(apart).max() <= 32


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


@pytest.mark.parametrize("size", [(1, 1), (5, 3)])
@pytest.mark.parametrize("way", ANY_SIZES)
def test_a_flat_content_is_all_that_remains(way: Recolor, size: tuple[int, int]) -> None:
    result = rgb(way(scene((61, 47), 1), flat((90, 120, 100), size)))
    assert np.abs(result - (90, 120, 100)).max() <= 3


def test_a_flat_picture_becomes_the_middle_of_a_content_of_any_size() -> None:
    content = scene((61, 47), 2)
    median = np.median(oklab(content), axis=0)
    for size in ((1, 1), (5, 3)):
        (middle,) = np.unique(oklab(match_histogram(flat((9, 9, 9), size), content)), axis=0)
        assert middle == pytest.approx(median, abs=6e-3)
        (mean,) = np.unique(rgb(match_covariance(flat((9, 9, 9), size), content)), axis=0)
        assert mean == pytest.approx(rgb(content).mean(0), abs=0.501)


@pytest.mark.parametrize("way", NEW_WAYS)
def test_the_working_memory_does_not_grow_with_the_picture(way: Recolor) -> None:
    painted, content = (flat(color, (1500, 1400)) for color in ((250, 9, 9), (9, 200, 250)))
    tracemalloc.start()
    way(painted, content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    pictures = 4 * 3 * 1500 * 1400  # both inputs, the result, and its blocks
    assert peak < pictures + 20e6
