"""The command line: `python -m engine --content … --styles … --output …`."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Iterator, Sequence

from engine import bench
from engine.arguments import DEFAULT_NETWORK, parser
from engine.errors import EngineError, InvalidInput
from engine.networks import load_network
from engine.order import Order, ordered
from engine.outputs import write_picture
from engine.pace import SaveTimer
from engine.report import Report
from engine.speed import Speeds, usual_path
from engine.state import State
from engine.stylize import Step, stylize

EXIT_FAILED = 1
EXIT_WRONG_INPUT = 2
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(argv: Sequence[str] | None = None) -> int:
    """Paint what the arguments order; returns the exit code. A wrong flag exits with 2.

    With `bench` as the first of them, measure the machine instead.
    """
    words = sys.argv[1:] if argv is None else list(argv)
    if words[:1] == ["bench"]:
        return bench.main(words[1:])
    arguments = parser().parse_args(words)
    report = Report(sys.stderr, arguments.print_iterations)
    logging.basicConfig(format="%(message)s")
    try:
        return _paint(ordered(arguments), arguments, report)
    except InvalidInput as error:
        report.line(str(error))
        return EXIT_WRONG_INPUT
    except (EngineError, OSError) as error:
        report.line(str(error))
        return EXIT_FAILED
    finally:
        report.close()


def _paint(order: Order, arguments: argparse.Namespace, report: Report) -> int:
    timer, last = SaveTimer(), None
    try:
        for last in _told(order, report, arguments.resume is not None):
            report.step(last)
            _keep(order, last, timer)
    except KeyboardInterrupt:
        return _interrupted(order, last, report)
    assert last is not None  # every run has a step
    write_picture(last.best(), order.output, last.state().settings)
    order.state_path.unlink(missing_ok=True)
    if arguments.progress_write:
        report.write_table(order.output.with_name("progress.txt"))
    if arguments.progress_plot:
        report.write_plot(order.output.with_name("progress.png"))
    report.line(f"Painted {order.output} with seed {last.seed}.")
    return 0


def _told(order: Order, report: Report, wants_resume: bool) -> Iterator[Step]:
    """The steps of the run; says before what it will take, and learns from what it took."""
    if order.weights is None:
        report.line(f"{DEFAULT_NETWORK} is not here, so the bundled VGG-19 is used.")
    network = load_network(order.weights, device=order.device)
    resume = _state(order, report, wants_resume)
    painting = stylize(order.inputs, order.settings, network, options=order.options, resume=resume)
    if resume is not None:
        yield from painting
        return
    speeds, precision = Speeds(usual_path()), painting.plan.precision
    report.forecast(speeds.of(network, precision).seconds(painting.work), painting)
    began = time.monotonic()
    yield from painting
    speeds.learn(network, precision, painting.work, time.monotonic() - began)


def _state(order: Order, report: Report, wants_resume: bool) -> State | None:
    if order.resume is None:
        if wants_resume:
            report.line(f"There is no {order.state_path.name} to resume, so this is the beginning.")
        return None
    state = State.load(order.resume)
    report.line(f"Going on after iteration {state.step}.")
    return state


def _keep(order: Order, step: Step, timer: SaveTimer) -> None:
    """Save what is due after a step: a checkpoint, the state."""
    checkpoint = order.checkpoint_path(step.step)
    if checkpoint is not None:
        write_picture(step.current(), checkpoint, step.state().settings)
    if timer.is_due():
        step.state().save(order.state_path)
        timer.saved(0)


def _interrupted(order: Order, last: Step | None, report: Report) -> int:
    if last is None:
        report.line("Interrupted before the first iteration.")
    else:
        last.state().save(order.state_path)
        report.line(f"Interrupted after iteration {last.step}; --resume goes on from there.")
    return EXIT_INTERRUPTED
