"""What recipes decide: stages, the start, the descent, precision, and a way back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scenes import inputs, run, scene
from torch import Tensor

from engine.errors import InvalidInput
from engine.features import Extractor
from engine.inputs import Inputs, StylePicture, prepare
from engine.networks import Vgg19
from engine.networks.vgg import Sight, Tape
from engine.objective import objective_for
from engine.optimizers import Lbfgs
from engine.options import Options
from engine.recipes import RECIPES, Recipe
from engine.settings import Settings, preset
from engine.state import State
from engine.stylize import stylize
from engine.weights import bundled

FINE = preset("fine").replace(seed=3, iterations=6)
PYRAMID = Recipe(optimizer="lbfgs", coarse=128)


def test_a_recipe_sets_what_it_is_named_for_and_gatys_is_the_default() -> None:
    assert preset("gatys") == Settings()
    assert preset("fine").recipe == "fine"
    assert preset("draft").iterations < preset("fine").iterations


@pytest.mark.parametrize(
    ("longest", "steps", "stages"),
    [
        (128, 10, [(1.0, 1, 10)]),
        (191, 10, [(1.0, 1, 10)]),
        (256, 10, [(0.5, 1, 5), (1.0, 6, 10)]),
        (512, 10, [(0.25, 1, 5), (0.5, 6, 7), (1.0, 8, 10)]),
        (256, 1, [(1.0, 1, 1)]),
        (512, 2, [(0.25, 1, 1), (1.0, 2, 2)]),
    ],
)
def test_stages_double_and_halve_the_steps_that_are_left(
    longest: int, steps: int, stages: list[tuple[float, int, int]]
) -> None:
    found = PYRAMID.stages(longest, steps)
    assert [(stage.share, stage.first, stage.last) for stage in found] == stages


def test_more_steps_for_a_finished_pyramid_go_on_in_full_size(network: Vgg19) -> None:
    settings = FINE.replace(iterations=2, image_size=256)
    state = list(stylize(inputs((256, 20)), settings, network, recipe=PYRAMID))[-1].state()
    more = settings.replace(iterations=8)
    resumed = next(stylize(inputs((256, 20)), more, network, recipe=PYRAMID, resume=state))
    assert resumed.state().image.shape[-2:] == (20, 256)


def test_a_pyramid_shows_every_step_at_full_size(network: Vgg19) -> None:
    settings = FINE.replace(iterations=4, image_size=256)
    steps = list(stylize(inputs((256, 20)), settings, network, recipe=PYRAMID))
    assert [(s.stage, s.stages) for s in steps] == [(1, 2), (1, 2), (2, 2), (2, 2)]
    assert {step.best().size for step in steps} == {(256, 20)}
    assert steps[1].state().image.shape[-2:] == (10, 128)


def test_lbfgs_descends_faster_than_adam(network: Vgg19) -> None:
    recipe = replace(RECIPES["fine"], exact=True)
    losses = {
        name: list(stylize(inputs(), FINE, network, recipe=replace(recipe, optimizer=name)))[
            -1
        ].best_losses.total
        for name in ("lbfgs", "adam")
    }
    assert losses["lbfgs"] < losses["adam"]


def test_lbfgs_finds_the_bottom_of_a_bowl() -> None:
    generator = torch.Generator().manual_seed(0)
    curves = torch.rand((1, 3, 6, 7), generator=generator, dtype=torch.float64) + 0.5
    bottom = 255 * torch.rand((1, 3, 6, 7), generator=generator, dtype=torch.float64)
    optimizer, image = Lbfgs(), torch.zeros_like(bottom)
    memory = optimizer.begin(image)
    for _ in range(40):
        image, memory = optimizer.step(image, curves * (image - bottom), memory, caution=1)
    assert float((image - bottom).abs().max()) < 1e-6


def test_lbfgs_stays_within_what_a_picture_can_hold() -> None:
    bottom = torch.linspace(-100, 400, 126, dtype=torch.float64).reshape(1, 3, 6, 7)
    optimizer, image = Lbfgs(), torch.full_like(bottom, 128)
    memory = optimizer.begin(image)
    for _ in range(20):
        image, memory = optimizer.step(image, image - bottom, memory, caution=1)
        assert 0 <= float(image.min()) <= float(image.max()) <= 255
    assert float((image - bottom.clamp(0, 255)).abs().max()) < 10


@pytest.mark.parametrize("after", [1, 4])
def test_a_resumed_fine_run_is_the_uninterrupted_one(
    network: Vgg19, tmp_path: Path, after: int
) -> None:
    whole = run(inputs(), network, FINE)
    whole[after - 1].state().save(tmp_path / "run.state")
    rest = run(inputs(), network, FINE, resume=State.load(tmp_path / "run.state"))
    assert [s.current().tobytes() for s in rest] == [s.current().tobytes() for s in whole[after:]]


def test_another_seed_is_another_fine_picture(network: Vgg19) -> None:
    pictures = {
        run(inputs(), network, FINE.replace(seed=seed, iterations=1))[0].current().tobytes()
        for seed in (1, 2)
    }
    assert len(pictures) == 2


def gradient(network: Vgg19, dtype: torch.dtype, padding: str = "zeros") -> Tensor:
    given = Inputs(scene((96, 80), 1), (StylePicture(scene((90, 70), 2)),), scene((96, 80), 4))
    canvas = prepare(given, Settings(), Options(), network.device, network.dtype)
    assert canvas.initial is not None
    sight = Sight(padding=padding, dtype=None if network.dtype == torch.float64 else dtype)
    return objective_for(canvas, Settings(), Extractor(network, sight)).evaluate(canvas.initial)[1]


@pytest.mark.parametrize("padding", ["zeros", "replicate"])
def test_gradients_of_lower_precision_point_the_same_way(
    network: Vgg19, exact_network: Vgg19, padding: str
) -> None:
    exact = gradient(exact_network, torch.float64, padding).flatten()
    half = gradient(network, torch.bfloat16, padding).double().flatten()
    single = gradient(network, torch.float32, padding).double().flatten()
    assert float(torch.nn.functional.cosine_similarity(half, exact, dim=0)) > 0.995
    assert float((single - exact).norm() / exact.norm()) < 2e-3


def test_no_strength_leaves_the_photo(network: Vgg19) -> None:
    settings = FINE.replace(strength=0, start="content")
    recipe = replace(RECIPES["fine"], jitter=0.0)
    steps = list(stylize(inputs(), settings, network, recipe=recipe))
    assert steps[-1].best().tobytes() == inputs().content.tobytes()  # type: ignore[union-attr]


def test_a_texture_needs_no_content(network: Vgg19) -> None:
    given = Inputs(None, (StylePicture(scene((40, 30), 2)),))
    steps = run(given, network, FINE.replace(image_size=64))
    assert steps[-1].current().size == (64, 48)
    assert steps[-1].best_losses.total < steps[0].losses.total
    with pytest.raises(InvalidInput, match="no colours to keep"):
        run(given, network, FINE.replace(colors="luma"))


def test_styles_may_be_toned_to_the_photo(network: Vgg19) -> None:
    given = inputs()
    canvas = prepare(given, Settings(colors="match"), Options(), network.device, network.dtype)
    means = [np.asarray(image, float).mean((0, 1)) for image in canvas.style_images]
    assert np.allclose(means, np.asarray(given.content, float).mean((0, 1)), atol=4)


class Faulty(Vgg19):
    """A network whose way back gives no number at some calls."""

    wrong: frozenset[int] = frozenset()
    calls = 0

    def backward(self, tape: Tape, *given: Any, **more: Any) -> Tensor:
        self.calls += 1
        found = super().backward(tape, *given, **more)
        return found * float("nan") if self.calls in self.wrong else found


def faulty(*wrong: int) -> Faulty:
    network = Faulty(bundled())
    network.wrong = frozenset(wrong)
    return network


def test_a_gradient_that_is_no_number_goes_back_to_the_best_picture() -> None:
    steps = run(inputs(), faulty(3, 5), Settings(seed=1, iterations=4))
    assert [step.step for step in steps] == [1, 2, 3, 4]
    assert steps[-1].state().rollbacks == 2
    assert steps[-1].state().image.isfinite().all()


@pytest.mark.parametrize("wrong", [(1,), (3, 4, 5, 6)], ids=["the first", "four"])
def test_a_painting_that_diverges_is_one_sentence(wrong: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput, match="diverged"):
        run(inputs(), faulty(*wrong), Settings(seed=1, iterations=8))
