"""The command line: `python -m engine --content … --styles … --output …`."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import bench, training
from engine.arguments import DEFAULT_NETWORK, parser
from engine.errors import EngineError, InvalidInput
from engine.networks import Network, load_network, table
from engine.networks.registry import DEFAULT
from engine.order import Order, ordered
from engine.outputs import write_picture
from engine.pace import SaveTimer
from engine.report import Report
from engine.speed import Speeds, usual_path
from engine.state import State
from engine.stylize import Step, stylize

COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "bench": bench.main,
    "networks": table.main,
    "train": training.main,
}
EXIT_FAILED = 1
EXIT_WRONG_INPUT = 2
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(argv: Sequence[str] | None = None) -> int:
    """Paint what the arguments order; returns the exit code. A wrong flag exits with 2.

    With the name of another command as the first of them, do that instead.
    """
    words = sys.argv[1:] if argv is None else list(argv)
    if words and words[0] in COMMANDS:
        return COMMANDS[words[0]](words[1:])
    arguments = parser().parse_args(words)
    report = Report(sys.stderr, arguments.print_iterations)
    logging.basicConfig(format="%(message)s")
    try:
        return _paint(ordered(arguments), report)
    except InvalidInput as error:
        report.line(str(error))
        return EXIT_WRONG_INPUT
    except EngineError as error:
        report.line(str(error))
        return EXIT_FAILED
    except OSError as error:
        report.line(f"{_told(error)}.")
        return EXIT_FAILED
    except KeyboardInterrupt:
        report.line("Interrupted.")
        return EXIT_INTERRUPTED
    finally:
        report.close()


def _paint(order: Order, report: Report) -> int:
    last = None
    try:
        steps, timer = _steps(order, report), SaveTimer()
        for last in steps:
            report.step(last)
            _keep(order, last, timer)
        assert last is not None  # every run has a step
        _write(order, last, order.destinations.output, last.best(), last.best_values())
    except KeyboardInterrupt:
        return _interrupted(order, last, report)
    except OSError as error:
        report.line(f"{_told(error)}{_way_on(order, last)}.")
        return EXIT_FAILED
    order.destinations.state.unlink(missing_ok=True)
    if order.destinations.table is not None:
        report.write_table(order.destinations.table)
    if order.destinations.plot is not None:
        report.write_plot(order.destinations.plot)
    report.line(f"Painted {order.destinations.output} with seed {last.seed}.")
    return 0


def _steps(order: Order, report: Report) -> Iterator[Step]:
    """The steps of the run, about to begin; says what it will take, learns from what it took."""
    network = load_network(order.weights, network=order.network, device=order.device)
    report.line(_eye(order, network))
    state = _state(order, report)
    painting = stylize(order.inputs, order.settings, network, options=order.options, resume=state)
    if state is not None:
        report.line(f"Going on after iteration {state.step}.")
        return painting
    speeds, precision = Speeds(usual_path()), painting.plan.precision
    report.forecast(speeds.of(network, precision).seconds(painting.work), painting)

    def learning() -> Iterator[Step]:
        began = time.monotonic()
        yield from painting
        speeds.learn(network, precision, painting.work, time.monotonic() - began)

    return learning()


def _eye(order: Order, network: Network) -> str:
    """Which network looks, with which weights."""
    title = network.architecture.title
    if order.weights is not None:
        return f"Looking through {title} with the weights of {order.weights.name}."
    if network.architecture.name == DEFAULT:
        return f"{DEFAULT_NETWORK} is not here, so the bundled VGG-19 is used."
    return f"There are no weights of {title} in {order.models}, so it looks with random ones."


def _state(order: Order, report: Report) -> State | None:
    own = order.destinations.state
    if order.resume == own and not own.exists():
        report.line(f"There is no {own.name} to resume, so this is the beginning.")
        return None
    return None if order.resume is None else State.load(order.resume)


def _keep(order: Order, step: Step, timer: SaveTimer) -> None:
    """Save what is due after a step: a checkpoint, the state."""
    checkpoint = order.destinations.checkpoints.get(step.step)
    if checkpoint is not None:
        _write(order, step, checkpoint, step.current(), step.current_values())
    if timer.is_due():
        step.state().save(order.destinations.state)
        timer.saved(0)


def _write(
    order: Order,
    step: Step,
    path: Path,
    picture: Image.Image,
    values: NDArray[np.float32] | None,
) -> None:
    settings = step.state().settings
    write_picture(picture, path, settings, alpha=order.alpha, values=values)


def _interrupted(order: Order, last: Step | None, report: Report) -> int:
    if last is None:
        report.line("Interrupted before the first iteration.")
    else:
        last.state().save(order.destinations.state)
        report.line(f"Interrupted after iteration {last.step}; --resume goes on from there.")
    return EXIT_INTERRUPTED


def _told(error: OSError) -> str:
    return f"{error.filename or 'A file'} cannot be written: {error.strerror or error}"


def _way_on(order: Order, last: Step | None) -> str:
    """Save what can be saved after a failure; how to go on, if there is a way."""
    state = order.destinations.state
    if last is not None:
        with contextlib.suppress(OSError):
            last.state().save(state)
    return "; --resume goes on once that is mended" if state.exists() else ""
