"""What runs are said to take, against the network and the machine as they are."""

import math
from pathlib import Path

import pytest
import torch
from scenes import inputs

from engine.cost import Work, kernel_bytes, per_pixel
from engine.errors import Cancelled, InvalidInput, OutOfMemory
from engine.forecast import Speed
from engine.layers import LAYERS, up_to
from engine.networks import Vgg19
from engine.networks.vgg import Sight
from engine.options import Options
from engine.painter import Run
from engine.plan import LEAST_HISTORY, Plan, fitting, needs
from engine.planner import planned, work_of
from engine.recipes import RECIPES, Stage
from engine.settings import Settings, preset
from engine.speed import Speeds, measured
from engine.stylize import stylize

LAST = "relu5_1"


def work(edge: int, tile: int | None = None, steps: int = 10) -> Work:
    stages = (Stage(1.0, 1, steps),)
    return Work((edge, edge), stages, ((edge, edge),), ("relu1_1", LAST), ("relu4_2",), tile)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_bytes_of_features_are_those_of_a_tape(network: Vgg19, dtype: torch.dtype) -> None:
    tape = network.forward(torch.zeros(1, 3, 64, 96), LAST, sight=Sight(dtype=dtype))
    held = sum(t.nbytes for t in (*tape.features.values(), *tape.maxima.values()))
    assert held == per_pixel(up_to(LAST), dtype.itemsize) * 64 * 96


def test_the_bytes_of_kernels_are_those_of_both_ways(network: Vgg19) -> None:
    kernels = [network._kernels[name.replace("relu", "conv")] for name in up_to(LAST)]
    assert kernel_bytes((LAST,), 4) == 2 * sum(kernel.nbytes for kernel in kernels)


def test_more_pixels_steps_and_tiles_cost_more() -> None:
    assert work(512).pixels() > 3 * work(256).pixels()
    assert work(256, steps=20).pixels() > 1.8 * work(256).pixels()
    # Seen twice on the way forth, and with halos.
    assert work(512, tile=128).step_pixels() > 1.5 * work(512).step_pixels()
    assert work(512, tile=512).step_pixels() == 512**2


def test_a_smaller_stage_costs_less() -> None:
    whole = work(512)
    staged = Work(
        whole.size, (Stage(0.5, 1, 5), Stage(1.0, 6, 10)), whole.styles, whole.layers, whole.content
    )
    assert 0.5 < staged.pixels() / whole.pixels() < 0.75


@pytest.mark.parametrize("budget", [4e9, 2e9, 1e9, 6e8])
def test_a_plan_fits_its_budget(budget: float) -> None:
    def keeps(plan: Plan) -> int:
        return 2 * plan.history + 2

    plan = fitting(Plan("bfloat16"), work(1024), keeps, budget)
    assert needs(plan, work(1024), keeps) <= budget
    assert plan.history >= LEAST_HISTORY


def test_the_largest_tiles_that_fit_are_chosen() -> None:
    def tile(budget: float) -> float:
        return fitting(Plan(), work(1500), lambda _: 2, budget).tile or math.inf

    tiles = [tile(budget) for budget in (8e9, 2.5e9, 1.5e9, 1e9)]
    assert tiles == sorted(tiles, reverse=True)
    assert tiles[0] == math.inf
    assert tiles[-1] < 600


def test_where_nothing_fits_the_plan_is_the_smallest() -> None:
    plan = fitting(Plan(), work(2048), lambda plan: 2 * plan.history, 1e8)
    assert plan.history == LEAST_HISTORY
    assert plan.tile is not None
    assert plan.tile <= 192


def a_run(network: Vgg19, settings: Settings, options: Options | None = None) -> Run:
    recipe = RECIPES[settings.recipe]
    stages = recipe.stages(64, settings.iterations)
    given = inputs(), settings, options or Options()
    return Run(*given, recipe, network, stages, lambda: False)


def test_the_work_of_a_run_is_that_of_its_pictures(network: Vgg19) -> None:
    found = work_of(a_run(network, Settings(iterations=7, content_weight_blend=0.5)))
    assert found.size == inputs().content.size
    assert found.steps == 7
    assert found.content == ("relu4_2", "relu5_2")
    assert set(found.layers) <= set(LAYERS)


def test_a_run_without_content_weight_looks_at_no_content(network: Vgg19) -> None:
    assert work_of(a_run(network, Settings(content_weight=0))).content == ()


def test_a_run_too_large_for_the_machine_is_refused_with_the_numbers(
    network: Vgg19, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.planner.free_bytes", lambda _: 1e9)
    with pytest.raises(OutOfMemory, match=r"5000 x 5000 px needs [\d.]+ GB .* 1\.0 GB are free"):
        planned(a_run(network, Settings(), Options(size=(5000, 5000))), None)


def test_failures_shrink_only_what_may_have_caused_them(
    network: Vgg19, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = a_run(network, preset("fine"), Options(size=(640, 640)))
    monkeypatch.setattr("engine.planner.free_bytes", lambda _: 64e9)
    assert planned(run, None, failures=2).tile is None
    monkeypatch.setattr("engine.planner.free_bytes", lambda _: 2e9)
    first, second = planned(run, None), planned(run, None, failures=1)
    assert first.tile is None
    assert second.tile == 320
    assert second.history < first.history


def test_given_memory_bounds_the_plan(network: Vgg19) -> None:
    options = Options(size=(1024, 1024), memory=1.5)
    assert planned(a_run(network, preset("fine"), options), None).tile is not None


@pytest.mark.parametrize("memory", [0.0, 0.4, -1.0, math.inf, math.nan])
def test_no_memory_is_refused(memory: float) -> None:
    with pytest.raises(InvalidInput, match=r"0\.5 GB at least"):
        Options(memory=memory)


def test_a_run_resumes_by_the_plan_it_had(network: Vgg19) -> None:
    settings = Settings(iterations=2, image_size=96, seed=1)
    state = next(stylize(inputs(), settings, network, options=Options(tile=64))).state()
    resumed = stylize(inputs(), settings, network, resume=state)
    assert resumed.plan.tile == 64
    assert dict(resumed.plan.facts()).items() <= dict(state.plan).items()


def test_seconds_follow_from_steps_and_pixels() -> None:
    speed = Speed(step=0.5, pixel=1e-6)
    assert speed.seconds(work(100)) == pytest.approx(5 + 1e-6 * work(100).pixels())


def test_a_speed_learns_from_runs_but_not_from_disturbed_ones() -> None:
    speed = Speed(0.0, 1e-6)
    true = speed.seconds(work(256))
    assert speed.corrected(work(256), 2 * true).pixel == pytest.approx(1e-6 * math.sqrt(2))
    assert speed.corrected(work(256), 1000 * true).pixel == pytest.approx(2e-6)


def test_speeds_are_measured_once_and_kept(
    network: Vgg19, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cache" / "speed.json"
    monkeypatch.setattr("engine.speed.EDGES", (32, 64))
    first = Speeds(path).of(network, "float32")
    assert first.pixel > 0
    monkeypatch.setattr("engine.speed.measured", lambda *_: pytest.fail("measured again"))
    assert Speeds(path).of(network, "float32") == first
    Speeds(path).learn(network, "float32", work(64), 2 * first.seconds(work(64)))
    assert Speeds(path).of(network, "float32").pixel > first.pixel


def test_an_interrupted_measuring_leaves_nothing(network: Vgg19, tmp_path: Path) -> None:
    looks = iter([False] * 40)
    speeds = Speeds(tmp_path / "speed.json")
    with pytest.raises(Cancelled):
        speeds.of_device(network, lambda: next(looks, True))
    assert not (tmp_path / "speed.json").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cpu": 1}', '{"cpu": {"step": "x"}}'])
def test_a_damaged_file_of_speeds_is_no_error(
    text: str, tmp_path, network: Vgg19, monkeypatch
) -> None:
    monkeypatch.setattr("engine.speed.EDGES", (32, 64))
    path = tmp_path / "speed.json"
    path.write_text(text)
    assert Speeds(path).of(network, "float32").pixel > 0


def test_a_measured_speed_foretells_other_sizes(network: Vgg19) -> None:
    """Loosely: the machine may be busy. `python -m engine bench` shows how well it does."""
    speed = measured(network, "float32")
    assert 0.3 < speed.seconds(work(512, steps=1)) / speed.seconds(work(256, steps=1)) / 4 < 1.1
