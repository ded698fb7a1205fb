"""Sizes by the original program's rules, blend weights, masks."""

import pytest
import torch
from PIL import Image
from scenes import scene

from engine.errors import InvalidInput
from engine.inputs import (
    Canvas,
    Inputs,
    StylePicture,
    prepare,
    to_image,
    to_tensor,
)
from engine.options import Options
from engine.settings import Settings
from engine.sizes import fitted, has_proportions, of_width, style_size

CPU = torch.device("cpu")


def prepared(given: Inputs, settings: Settings | None = None) -> Canvas:
    return prepare(given, settings or Settings(), Options(), CPU, torch.float32)


@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [
        ((600, 400), 300, (300, 200)),
        ((400, 600), 300, (200, 300)),
        ((601, 400), 300, (300, 199)),
        ((100, 80), 300, (100, 80)),
        ((5000, 2), 64, (64, 1)),
    ],
)
def test_the_content_is_fitted_and_never_enlarged(
    size: tuple[int, int], longest: int, expected: tuple[int, int]
) -> None:
    assert fitted(size, longest) == expected


def test_the_content_keeps_its_rows_at_its_own_width() -> None:
    for width in range(1, 300):
        assert of_width((width, 1), width) == (width, 1)
    assert of_width((300, 200), 600) == (600, 400)


def test_a_style_is_as_wide_as_the_content_times_its_scale() -> None:
    assert style_size((655, 440), 1.0, 384) == (384, 257)
    assert style_size((655, 440), 0.5, 384) == (192, 128)
    assert style_size((2000, 3), 0.1, 64) == (6, 1)


@pytest.mark.parametrize(
    ("size", "fits"),
    [
        ((640, 480), True),
        ((64, 48), True),
        ((33, 24), True),  # 32.5 px would be exact
        ((1000, 755), True),
        ((1000, 765), False),
        ((480, 640), False),
        ((8, 8), False),
        ((5000, 2), False),
    ],
)
def test_proportions_agree_to_a_percent_or_a_rounded_side(
    size: tuple[int, int], fits: bool
) -> None:
    assert has_proportions(size, (1600, 1200)) is fits
    assert has_proportions(size[::-1], (1200, 1600)) is fits


def test_the_setting_of_the_strokes_scales_every_style() -> None:
    styles = (StylePicture(scene((40, 30), 1)), StylePicture(scene((40, 30), 2), scale=0.5))
    canvas = prepared(Inputs(scene((80, 80), 0), styles), Settings(style_scale=0.5))
    assert [tuple(style.shape[2:]) for style in canvas.styles] == [(30, 40), (15, 20)]


def test_blend_weights_are_divided_by_their_sum() -> None:
    styles = tuple(StylePicture(scene((20, 20), n), weight) for n, weight in enumerate((3.0, 1.0)))
    assert prepared(Inputs(scene((20, 20), 9), styles)).blend == (0.75, 0.25)


@pytest.mark.parametrize("weights", [(0.0,), (2.0, -1.0), (float("nan"),), ()])
def test_styles_without_a_sum_of_weights_are_refused(weights: tuple[float, ...]) -> None:
    styles = tuple(StylePicture(scene((20, 20), 1), weight) for weight in weights)
    with pytest.raises(InvalidInput):
        prepared(Inputs(scene((20, 20), 9), styles))


def test_pictures_pass_through_tensors_unchanged() -> None:
    picture = scene((13, 7), 1)
    assert to_image(to_tensor(picture, CPU, torch.float32)).tobytes() == picture.tobytes()


def test_values_are_clipped_then_truncated() -> None:
    tensor = torch.tensor([-3.0, 254.99, 256.0]).view(1, 3, 1, 1)
    assert to_image(tensor).getpixel((0, 0)) == (0, 254, 255)


def test_any_mode_becomes_rgb() -> None:
    grey = Image.new("L", (20, 20), 90)
    canvas = prepared(Inputs(grey, (StylePicture(grey),), initial=grey))
    assert canvas.content.shape == canvas.styles[0].shape == (1, 3, 20, 20)


def test_the_fingerprint_tells_inputs_apart() -> None:
    style = StylePicture(scene((20, 20), 1))
    one = Inputs(scene((20, 20), 9), (style,))
    others = [
        Inputs(scene((20, 20), 8), (style,)),
        Inputs(one.content, (StylePicture(scene((20, 20), 2)),)),
        Inputs(one.content, (style,), initial=one.content),
        Inputs(one.content, (style,), masks=(Image.new("L", (20, 20), 255),)),
    ]
    prints = {prepared(given).fingerprint() for given in (one, one, *others)}
    assert len(prints) == 5
