"""The command line: `python -m engine --content … --styles … --output …`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence

from engine.arguments import DEFAULT_NETWORK, parser
from engine.errors import EngineError, InvalidInput
from engine.networks import load_network
from engine.order import Order, ordered
from engine.outputs import write_picture
from engine.pace import SaveTimer
from engine.report import Report
from engine.state import State
from engine.stylize import Step, stylize

EXIT_FAILED = 1
EXIT_WRONG_INPUT = 2
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(argv: Sequence[str] | None = None) -> int:
    """Paint what the arguments order; returns the exit code. A wrong flag exits with 2."""
    arguments = parser().parse_args(argv)
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
        for last in _steps(order, report, arguments.resume is not None):
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


def _steps(order: Order, report: Report, wants_resume: bool) -> Iterator[Step]:
    if order.weights is None:
        report.line(f"{DEFAULT_NETWORK} is not here, so the bundled VGG-19 is used.")
    network = load_network(order.weights, device=order.device)
    resume = None
    if wants_resume and order.resume is None:
        report.line(f"There is no {order.state_path.name} to resume, so this is the beginning.")
    if order.resume is not None:
        resume = State.load(order.resume)
        report.line(f"Going on after iteration {resume.step}.")
    return stylize(order.inputs, order.settings, network, options=order.options, resume=resume)


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
