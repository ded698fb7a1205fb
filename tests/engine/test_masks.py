"""Where a style applies."""

import numpy as np
import pytest
from PIL import Image
from scenes import run, scene

from engine.errors import InvalidInput
from engine.networks import Vgg19
from engine.settings import Settings
from engine.stylize import Inputs, StylePicture

STYLE = StylePicture(scene((40, 30), 2))
SETTINGS = Settings(seed=1, iterations=6, start="content", content_weight=0, tv_weight=0)


def left_half(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", size)
    mask.paste(255, (0, 0, size[0] // 2, size[1]))
    return mask


def test_a_style_changes_the_picture_where_its_mask_is_white(network: Vgg19) -> None:
    content = scene((352, 16), 1)
    given = Inputs(content, (STYLE,), masks=(left_half(content.size),))
    painted = np.asarray(run(given, network, SETTINGS)[-1].current(), float)
    change = np.abs(painted - np.asarray(content)).mean(axis=(0, 2))
    assert change[:170].min() > 0
    assert change[176 + 80 :].max() == 0  # beyond the reach of the features under the mask


def test_masks_of_another_size_are_resized(network: Vgg19) -> None:
    content = scene((32, 24), 1)
    masks = [left_half(size) for size in (content.size, (320, 240))]
    losses = [
        run(Inputs(content, (STYLE,), masks=(mask,)), network, SETTINGS)[0].losses.style
        for mask in masks
    ]
    assert losses[0] == pytest.approx(losses[1], rel=0.05)


def test_a_style_without_a_mask_applies_everywhere(network: Vgg19) -> None:
    content, white = scene((32, 24), 1), Image.new("L", (32, 24), 255)
    styles = (STYLE, StylePicture(scene((30, 30), 3)))
    steps = [
        run(Inputs(content, styles, masks=masks), network, SETTINGS)[0]
        for masks in ((white, None), (white, white))
    ]
    assert steps[0].losses == steps[1].losses


@pytest.mark.parametrize(
    ("masks", "sentence"),
    [
        ((Image.new("L", (8, 6), 255),) * 2, "1 styles and 2 masks"),
        ((Image.new("L", (8, 6)),), "Mask 1 is all black"),
        ((Image.new("L", (24, 32), 255),), "Mask 1 is 24 x 32 px and the picture 32 x 24 px"),
    ],
)
def test_masks_that_do_not_fit_are_refused(
    network: Vgg19, masks: tuple[Image.Image, ...], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        run(Inputs(scene((32, 24), 1), (STYLE,), masks=masks), network, SETTINGS)
