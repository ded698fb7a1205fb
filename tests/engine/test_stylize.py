"""A run as its consumers see it: steps, the best picture, the start, and an early end."""

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from scenes import inputs, run, scene

from engine.errors import InvalidInput, OutOfMemory
from engine.networks import Vgg19
from engine.networks.vgg import Tape
from engine.settings import Settings
from engine.stylize import Inputs, Options, StylePicture, stylize
from engine.weights import bundled

SETTINGS = Settings(seed=7, iterations=5)


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image, float)


def test_steps_count_from_1_and_the_loss_falls(network: Vgg19) -> None:
    steps = run(inputs(), network, SETTINGS)
    assert [(step.step, step.steps) for step in steps] == [(n, 5) for n in range(1, 6)]
    assert steps[-1].losses.total < steps[0].losses.total
    assert steps[-1].current().size == (32, 24)


def test_a_step_stays_valid_when_others_follow(network: Vgg19) -> None:
    steps = stylize(inputs(), SETTINGS, network)
    first = next(steps)
    before = first.current().tobytes(), first.best().tobytes(), first.losses
    assert len(list(steps)) == 4
    assert (first.current().tobytes(), first.best().tobytes(), first.losses) == before


def test_the_best_picture_is_the_one_with_the_lowest_loss(network: Vgg19) -> None:
    # Without a style the content itself is the optimum of its term, and every step leads away.
    settings = SETTINGS.replace(style_weight=0, tv_weight=1, start="content")
    steps = run(inputs(), network, settings)
    assert min(steps, key=lambda step: step.losses.total) is steps[0]
    assert steps[-1].best_losses == steps[0].losses
    assert steps[-1].best().tobytes() == inputs().content.tobytes()
    assert steps[-1].current().tobytes() != inputs().content.tobytes()


def test_the_last_step_counts_its_own_result(network: Vgg19) -> None:
    (step,) = run(inputs(), network, SETTINGS.replace(iterations=1))
    assert step.best_losses.total < step.losses.total
    assert step.best().tobytes() == step.current().tobytes()


def test_a_seed_repeats_and_another_differs(network: Vgg19) -> None:
    pictures = [
        run(inputs(), network, SETTINGS.replace(iterations=2, seed=seed))[-1].current().tobytes()
        for seed in (7, 7, 8)
    ]
    assert pictures[0] == pictures[1] != pictures[2]


def test_a_drawn_seed_is_told_and_replays(network: Vgg19) -> None:
    (drawn,) = run(inputs(), network, Settings(iterations=1))
    (again,) = run(inputs(), network, Settings(iterations=1, seed=drawn.seed))
    assert again.current().tobytes() == drawn.current().tobytes()


def start_of(
    network: Vgg19, settings: Settings, options: Options, **more: Image.Image
) -> torch.Tensor:
    """The picture a run begins with, unrounded."""
    stopped = stylize(inputs(**more), settings, network, options=options, should_stop=lambda: True)
    return next(stopped).state().image


def test_noise_is_small_and_around_the_mean_pixel(network: Vgg19) -> None:
    noise = start_of(network, SETTINGS, Options()) - network.mean
    assert float(noise.std()) == pytest.approx(0.256, rel=0.05)
    assert float(noise.mean()) == pytest.approx(0, abs=0.02)


def test_an_initial_picture_is_the_start_without_noise(network: Vgg19) -> None:
    initial = scene((64, 48), 5)
    found = start_of(network, SETTINGS, Options(), initial=initial)
    expected = initial.resize((32, 24), Image.Resampling.BICUBIC)
    assert (found[0].permute(1, 2, 0).numpy() == pixels(expected)).all()


def test_the_content_may_be_the_start(network: Vgg19) -> None:
    found = start_of(network, SETTINGS.replace(start="content"), Options())
    assert (found[0].permute(1, 2, 0).numpy() == pixels(inputs().content)).all()


def test_noise_is_blended_into_the_start(network: Vgg19) -> None:
    starts = [start_of(network, SETTINGS, Options(noise_blend=blend)) for blend in (0, 0.25, 1)]
    torch.testing.assert_close(starts[1], 0.75 * starts[0] + 0.25 * starts[2])


def test_a_stop_before_the_first_step_gives_the_start(network: Vgg19) -> None:
    (step,) = stylize(inputs(), SETTINGS, network, should_stop=lambda: True)
    assert step.step == 0
    assert step.losses.total == float("inf")
    assert step.best().size == (32, 24)


def test_a_stop_abandons_the_step_under_way(network: Vgg19) -> None:
    seen: list[int] = []
    steps = stylize(inputs(), SETTINGS, network, should_stop=lambda: len(seen) == 2)
    seen.extend(step.step for step in steps)
    assert seen == [1, 2]


def test_a_stop_in_the_midst_of_a_step_keeps_the_steps_before(network: Vgg19) -> None:
    looks = 0

    def count(limit: float = float("inf")) -> bool:
        nonlocal looks
        looks += 1
        return looks > limit

    list(islice(stylize(inputs(), SETTINGS, network, should_stop=count), 2))
    limit, looks = looks + 5, 0
    steps = list(stylize(inputs(), SETTINGS, network, should_stop=lambda: count(limit)))
    assert [step.step for step in steps] == [1, 2]
    assert looks == limit + 1


def test_the_grad_mode_is_the_consumers(network: Vgg19) -> None:
    for _ in islice(stylize(inputs(), SETTINGS, network), 2):
        assert torch.is_grad_enabled()


def test_many_styles_cost_what_one_costs(network: Vgg19) -> None:
    looks = [0, 0]
    for number, count in enumerate((1, 4)):
        styles = tuple(StylePicture(scene((20, 16), seed)) for seed in range(count))

        def look(number: int = number) -> bool:
            looks[number] += 1
            return False

        steps = stylize(Inputs(scene((32, 24), 1), styles), SETTINGS, network, should_stop=look)
        next(steps)
        looks[number] = 0
        next(steps)
    assert looks[0] == looks[1]


@pytest.mark.parametrize("size", [(16, 16), (17, 500), (1, 40)])
def test_any_shape_is_painted(network: Vgg19, size: tuple[int, int]) -> None:
    (step,) = run(inputs(size), network, Settings(seed=1, iterations=1))
    assert step.current().size == size


def test_tiles_paint_the_same_picture(network: Vgg19) -> None:
    settings = SETTINGS.replace(iterations=2, start="content")
    whole = run(inputs((163, 18)), network, settings)[-1]
    tiled = run(inputs((163, 18)), network, settings, options=Options(tile=64))[-1]
    assert np.abs(pixels(tiled.current()) - pixels(whole.current())).mean() < 0.05


def test_another_device_than_the_networks_is_refused(network: Vgg19) -> None:
    with pytest.raises(InvalidInput, match="on cpu, not on meta"):
        stylize(inputs(), SETTINGS, network, device="meta")


class FullNetwork(Vgg19):
    """A network on a device whose memory does not suffice."""

    def forward(self, *_: Any, **__: Any) -> Tape:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")


def test_a_full_device_is_out_of_memory() -> None:
    with pytest.raises(OutOfMemory) as caught:
        next(stylize(inputs(), SETTINGS, FullNetwork(bundled())))
    # No traceback of the attempt is kept, for it would keep the attempt's tensors.
    assert caught.value.__context__ is None


LIMITED = """
import resource, sys, torch
from scenes import inputs
from engine.errors import OutOfMemory
from engine.networks import load_network
from engine.settings import Settings
from engine.stylize import stylize
torch.set_num_threads(1)
network = load_network()
next(stylize(inputs(), Settings(), network))
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 100 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    next(stylize(inputs((640, 480)), Settings(image_size=640), network))
except OutOfMemory as error:
    print(error)
"""


def test_a_full_machine_is_out_of_memory() -> None:
    places = f"{Path(__file__).parents[2]}:{Path(__file__).parent}"
    found = subprocess.run(
        [sys.executable, "-c", LIMITED],
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == "The picture is too large for the device's memory.\n", found.stderr
