"""Chooses how a run is computed: as the options say, else as it pays and fits here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.calibration import fastest_precision
from engine.cost import Work, work_for
from engine.errors import OutOfMemory
from engine.inputs import canvas_size
from engine.memory import GIGABYTE, free_bytes, held_bytes
from engine.painter import Run
from engine.plan import HISTORY, LEAST_HISTORY, Plan, fitting, needs
from engine.sizes import check_pixels, style_size
from engine.state import State
from engine.tiles import check_edge

CAUTION = 0.85  # of what is free; others want some too
# Of main memory, which the bot and its database share, no more is filled for the sake of speed.
POLITE = 2.35 * GIGABYTE
MODEST_TILE = 512  # px
SUSPECT = 0.25  # of the free memory: a run that needed more may have died of it


def work_of(run: Run) -> Work:
    """What the run will compute, whole."""
    settings, size = run.settings, canvas_size(run.inputs, run.settings, run.options)
    styles = tuple(
        style_size(style.image.size, style.scale * settings.style_scale, size[0])
        for style in run.inputs.styles
    )
    has_content = run.inputs.content is not None
    for style in styles:
        check_pixels("A style", style)
    network = run.network.architecture
    return work_for(settings, size, styles, run.stages, has_content=has_content, network=network)


def planned(run: Run, resume: State | None, failures: int = 0) -> Plan:
    """The plan of a run, smaller after failures that the memory may have caused.

    A resumed run is computed as before, so that it ends in the same bytes. Raises OutOfMemory, with
    the numbers, when the device has too little even for the smallest tiles.
    """
    plan, work = _wished(run, resume), work_of(run)
    if plan.tile is not None:
        check_edge(plan.tile, work.layers, work.network)
    free = free_bytes(run.network.device)
    if resume is None:
        plan = fitting(plan, work, _keeps(run), _budget(run, free, plan))
    for _ in range(failures):
        # A worker killed for its memory says nothing; one that took little died of something else.
        if needed(run, plan) > SUSPECT * free:
            plan = smaller(run, plan)
    if needed(run, plan) > free:
        width, height = work.size
        raise OutOfMemory(
            f"A picture of {width} x {height} px needs {needed(run, plan) / GIGABYTE:.1f} GB of "
            f"memory, and {free / GIGABYTE:.1f} GB are free; a smaller size needs less."
        )
    return plan


def smaller(run: Run, plan: Plan) -> Plan:
    """A plan with half the tiles. Raises OutOfMemory where the network allows none."""
    work = work_of(run)
    geometry = work.network.geometry
    if geometry.sees_everything(work.layers):
        raise OutOfMemory(
            "The picture is too large for the memory, and these layers need all of it at once."
        )
    return plan.smaller(max(work.size), geometry.alignment(work.layers))


def needed(run: Run, plan: Plan) -> float:
    """Bytes that a run needs by a plan, over those that the program has already."""
    return needs(plan, work_of(run), _keeps(run))


def _keeps(run: Run) -> Callable[[Plan], int]:
    return lambda plan: run.optimizer(plan).keeps


def _wished(run: Run, resume: State | None) -> Plan:
    """What the options say, or else the state; where both are silent, what is fastest."""
    options, before = run.options, {} if resume is None else resume.plan
    precision = options.precision or before.get("precision")
    if precision is None:
        exact = run.recipe.exact
        precision = "float32" if exact else fastest_precision(run.network.device)
    tile = options.tile
    if tile is None and before.get("tile", "None") != "None":
        tile = int(before["tile"])
    return Plan(precision, tile, int(before.get("history", HISTORY)))


def _budget(run: Run, free: float, plan: Plan) -> float:
    device, given = run.network.device, run.options.memory
    held, usual = held_bytes(device), CAUTION * free
    if given is not None:
        return given * GIGABYTE - held
    if device.type != "cpu":
        return usual
    # Smaller tiles than these would cost more time than they save memory.
    work = work_of(run)
    tile = None if work.network.geometry.sees_everything(work.layers) else MODEST_TILE
    modest = needed(run, replace(plan, tile=tile, history=LEAST_HISTORY))
    return min(usual, max(POLITE - held, modest))
