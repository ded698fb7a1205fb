"""Resumed is uninterrupted, bit for bit; a state of another run is refused."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scenes import inputs, run

from engine.errors import InvalidInput
from engine.networks import Vgg19
from engine.settings import Settings
from engine.state import State
from engine.stylize import Inputs, Options, Step, stylize

SETTINGS = Settings(seed=5, iterations=6)


def stored(network: Vgg19, folder: Path, after: int, settings: Settings = SETTINGS) -> State:
    """A state that has been on disk, taken after so many steps."""
    path = folder / "run.state"
    for step in stylize(inputs(), settings, network):
        if step.step == after:
            step.state().save(path)
            break
    return State.load(path)


def facts(step: Step) -> tuple[Any, ...]:
    pictures = step.current().tobytes(), step.best().tobytes()
    return step.step, step.losses, step.best_losses, step.seed, pictures


@pytest.mark.parametrize("after", [1, 3, 5])
def test_a_resumed_run_is_the_uninterrupted_one(network: Vgg19, tmp_path: Path, after: int) -> None:
    whole = run(inputs(), network, SETTINGS)
    rest = run(inputs(), network, SETTINGS, resume=stored(network, tmp_path, after))
    assert [facts(step) for step in rest] == [facts(step) for step in whole[after:]]


def test_a_drawn_seed_is_kept_by_the_state(network: Vgg19, tmp_path: Path) -> None:
    settings = Settings(iterations=2)
    state = stored(network, tmp_path, 1, settings)
    (step,) = run(inputs(), network, settings, resume=state)
    assert step.seed == state.settings.seed is not None


def test_a_finished_run_may_get_more_steps(network: Vgg19, tmp_path: Path) -> None:
    state = stored(network, tmp_path, 6)
    longer = SETTINGS.replace(iterations=8)
    resumed, whole = (run(inputs(), network, longer, resume=from_) for from_ in (state, None))
    assert [facts(step) for step in resumed] == [facts(step) for step in whole[6:]]


def test_a_state_at_the_end_gives_its_step_again(network: Vgg19, tmp_path: Path) -> None:
    (step,) = run(inputs(), network, SETTINGS, resume=stored(network, tmp_path, 6))
    assert step.step == 6


def test_a_stop_right_after_resuming_gives_the_resumed_step(network: Vgg19, tmp_path: Path) -> None:
    state = stored(network, tmp_path, 3)
    steps = stylize(inputs(), SETTINGS, network, resume=state, should_stop=lambda: True)
    assert [step.step for step in steps] == [3]


@pytest.mark.parametrize(
    ("changes", "given", "named"),
    [
        ({"settings": SETTINGS.replace(style_weight=7)}, {}, "style_weight"),
        ({"settings": SETTINGS.replace(seed=6)}, {}, "seed"),
        ({"options": Options(beta1=0.5)}, {}, "beta1"),
        ({}, {"size": (30, 24)}, "pictures or weights"),
    ],
)
def test_a_state_of_another_run_is_refused_by_name(
    network: Vgg19, tmp_path: Path, changes: dict[str, Any], given: dict[str, Any], named: str
) -> None:
    state = stored(network, tmp_path, 1)
    with pytest.raises(InvalidInput, match=f"other {named}"):
        run(inputs(**given), network, changes.pop("settings", SETTINGS), resume=state, **changes)


def test_another_plan_goes_on_and_says_so(
    network: Vgg19, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state = stored(network, tmp_path, 5)
    state = replace(state, plan={**state.plan, "threads": "7"})
    with caplog.at_level(logging.WARNING):
        (step,) = run(inputs(), network, SETTINGS, resume=state, options=Options(tile=64))
    assert step.step == 6
    assert "threads 7 became" in caplog.text
    assert "tile None became 64" in caplog.text


def test_a_save_that_fails_leaves_the_state_before(network: Vgg19, tmp_path: Path) -> None:
    state = stored(network, tmp_path, 1)
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        state.save(tmp_path / "taken")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.state", "taken"]
    assert State.load(tmp_path / "run.state").step == 1


@pytest.mark.parametrize("keep", [0, 7, 200, -1])
def test_a_damaged_state_is_one_sentence(network: Vgg19, tmp_path: Path, keep: int) -> None:
    stored(network, tmp_path, 1)
    path = tmp_path / "run.state"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InvalidInput, match=r"run\.state"):
        State.load(path)


def test_a_damage_anywhere_is_noticed(network: Vgg19, tmp_path: Path) -> None:
    stored(network, tmp_path, 1)
    path = tmp_path / "run.state"
    whole = path.read_bytes()
    for place in np.random.default_rng(0).integers(0, len(whole), 400):
        damaged = bytearray(whole)
        damaged[place] ^= 4
        path.write_bytes(damaged)
        with pytest.raises(InvalidInput, match=r"run\.state"):
            State.load(path)


def test_a_state_of_another_version_is_refused(network: Vgg19, tmp_path: Path) -> None:
    stored(network, tmp_path, 1)
    path = tmp_path / "run.state"
    version = re.search(rb"easel-state-(\d)", path.read_bytes())
    assert version
    path.write_bytes(path.read_bytes().replace(version[0], b"easel-state-0"))
    with pytest.raises(InvalidInput, match="not a state of this version"):
        State.load(path)


def test_a_state_beyond_the_end_is_refused(network: Vgg19, tmp_path: Path) -> None:
    state = stored(network, tmp_path, 5)
    with pytest.raises(InvalidInput, match="after iteration 5, and 4 iterations end before that"):
        run(inputs(), network, SETTINGS.replace(iterations=4), resume=state)


def test_a_missing_state_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="There is no state"):
        State.load(tmp_path / "none.state")


def test_a_file_of_tensors_is_not_yet_a_state() -> None:
    bundled = Path(__file__).parents[2] / "engine" / "data" / "vgg19.safetensors"
    with pytest.raises(InvalidInput, match="not a state"):
        State.load(bundled)


def test_the_options_survive_the_file(network: Vgg19, tmp_path: Path) -> None:
    options = Options(size=(24, 20), noise_blend=0.5, eps=1e-6, tile=64)
    given: Inputs = inputs()
    next(stylize(given, SETTINGS, network, options=options)).state().save(tmp_path / "run.state")
    assert State.load(tmp_path / "run.state").options == options
