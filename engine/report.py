"""How a run of the command line is told: lines or a bar on standard error, a table, a plot."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Never, TextIO

from tqdm import tqdm

from engine.files import write_whole
from engine.memory import GIGABYTE
from engine.runner import Losses
from engine.stylize import Painting, Step

COLUMNS = ("iteration", "content", "style", "tv", "total")


class Report:
    """Tells each step of a run on a stream, and remembers its losses for the table and the plot.

    On a terminal there is a bar, elsewhere a line for every iteration, as the original program
    has it. Losses come with every `print_every`-th iteration, counted from 0, and with the last.
    """

    def __init__(self, stream: TextIO, print_every: int | None) -> None:
        self._stream = stream
        self._print_every = print_every
        self._bar: tqdm[Never] | None = None
        self._history: list[tuple[int, Losses]] = []

    def line(self, text: str) -> None:
        """One line, above the bar if there is one."""
        tqdm.write(text, file=self._stream)

    def forecast(self, seconds: float, painting: Painting) -> None:
        """Tell what a run will take."""
        tile = painting.plan.tile
        gigabytes = painting.bytes / GIGABYTE
        self.line(
            f"It takes about {duration(seconds)} and {gigabytes:.1f} GB of memory"
            + ("." if tile is None else f", in tiles of {tile} px.")
        )

    def step(self, step: Step) -> None:
        """Tell one finished step."""
        self._history.append((step.step, step.losses))
        asked = self._print_every and (step.step - 1) % self._print_every == 0
        with_losses = bool(asked) or step.step == step.steps
        if with_losses or not self._stream.isatty():
            self.line(f"Iteration {step.step}/{step.steps}")
        if with_losses:
            self.line(losses_text(step.losses))
        if self._bar is None and self._stream.isatty():
            self._bar = tqdm(total=step.steps, file=self._stream, unit="step", leave=False)
        if self._bar is not None:
            self._bar.update(step.step - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def write_table(self, path: Path) -> None:
        """Write the losses of every step told, a line each, with a heading that begins with #."""
        lines = ["# " + " ".join(COLUMNS)]
        for number, losses in self._history:
            values = (losses.content, losses.style, losses.tv, losses.total)
            lines.append(f"{number} " + " ".join(f"{value:.9g}" for value in values))
        write_whole(path, ("\n".join(lines) + "\n").encode())

    def write_plot(self, path: Path) -> None:
        """Write a PNG of the losses over the iterations, logarithmic."""
        # Half a second to import, and needed by few runs.
        from matplotlib.figure import Figure

        figure = Figure(layout="constrained")
        axes = figure.subplots()
        numbers = [number for number, _ in self._history]
        for name in COLUMNS[1:]:
            axes.plot(numbers, [getattr(losses, name) for _, losses in self._history], label=name)
        axes.set(xlabel="iteration", ylabel="loss", yscale="log")
        axes.legend()
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        write_whole(path, buffer.getvalue())


def losses_text(losses: Losses) -> str:
    """The loss terms in the layout of the original program."""
    return (
        f"  content loss: {losses.content:g}\n"
        f"    style loss: {losses.style:g}\n"
        f"       tv loss: {losses.tv:g}\n"
        f"    total loss: {losses.total:g}"
    )


def duration(seconds: float) -> str:
    """A time as people say it, in the unit that leaves one or two digits before the point."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 1):.0f} s"
