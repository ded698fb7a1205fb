"""The port that the benchmarks time paints what the engine paints, so that like meets like."""

from dataclasses import asdict

import pytest
from scenes import scene

from benchmarks.port import Port, to_tensor
from engine.networks import Vgg19
from engine.settings import Settings
from engine.stylize import Inputs, StylePicture, stylize

STEPS = 3
SIZE = (64, 51)  # px; the poolings meet odd sides


def pictures(blend: tuple[float, ...]) -> Inputs:
    """A photo and a style of its own height for each share, all of one width."""
    heights = range(40, 80, 20)
    styles = [scene((SIZE[0], height), seed=height) for height in heights]
    return Inputs(
        scene(SIZE, seed=1),
        tuple(StylePicture(style, share) for style, share in zip(styles, blend, strict=False)),
    )


@pytest.mark.parametrize("start", ["content", "noise"])
@pytest.mark.parametrize("blend", [(1.0,), (0.25, 0.75)], ids=["one style", "two styles"])
def test_every_loss_term_of_the_port_is_that_of_the_engine(
    network: Vgg19, blend: tuple[float, ...], start: str
) -> None:
    inputs = pictures(blend)
    settings = Settings(recipe="gatys", image_size=64, iterations=STEPS, start=start, seed=4)
    port = Port(inputs.content, [style.image for style in inputs.styles], settings, blend=blend)
    for step in stylize(inputs, settings, network):
        rounding = 1e-6 * step.losses.total  # the content's own features are at no distance
        expected = pytest.approx(asdict(step.losses), rel=1e-4, abs=rounding)
        assert asdict(port.step()) == expected


def test_the_port_measures_a_picture_as_it_would_one_of_its_own() -> None:
    inputs = pictures((1.0,))
    styles = [inputs.styles[0].image]
    settings = Settings(start="content")
    other = scene(SIZE, seed=2)
    judge = Port(inputs.content, styles, settings)
    own = Port(inputs.content, styles, settings, initial=other).step()
    assert asdict(judge.losses(to_tensor(other))) == pytest.approx(asdict(own), rel=1e-5)
    assert judge.step().content < 1e-6 * own.content  # it goes on from where it was
