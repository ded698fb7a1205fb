"""Where the files of the command line go, settled and checked before the work begins."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InvalidInput
from engine.outputs import EXTENSIONS

Identity = tuple[int, int]  # device and inode: of one file, whatever its names


@dataclass(frozen=True, slots=True)
class Destinations:
    """Every file that a run may write; `checkpoints` by the number of their step, from 1.

    The last step has no checkpoint: its picture is the output itself.
    """

    output: Path
    state: Path
    table: Path | None
    plot: Path | None
    checkpoints: Mapping[int, Path]

    @property
    def pictures(self) -> tuple[Path, ...]:
        """The output and the checkpoints."""
        return (self.output, *self.checkpoints.values())

    def check(self, inputs: Iterable[Path], *, overwrite: bool, resume: Path | None) -> None:
        """Refuse to write over an input, or over anything else that nobody gave up.

        `resume` is the state that the run is to go on from: what it wrote before may be written
        again. Raises InvalidInput, also where nothing can be written, or two files have one name.
        """
        source = None if resume is None else _identity(resume)
        goes_on = source is not None and source == _identity(self.state)
        replace = None if overwrite else "--overwrite replaces it"
        again = replace if resume is None else None
        anew = None if overwrite or goes_on else "--resume goes on from it, --overwrite begins anew"
        reports = [(path, replace) for path in (self.table, self.plot) if path is not None]
        checkpoints = [(path, again) for path in self.checkpoints.values()]
        cures = [(self.output, replace), *reports, *checkpoints, (self.state, anew)]
        _check_names([path for path, _ in cures])
        taken = {_identity(path) for path in inputs} | (set() if goes_on else {source})
        for path, cure in cures:
            _check_file(path, taken, cure)
        for folder in {path.parent for path in self.pictures}:
            _check_folder(folder)


def destinations(arguments: argparse.Namespace, iterations: int) -> Destinations:
    """What parsed arguments name. Raises InvalidInput for a name that cannot be a picture's."""
    output = picture_path(arguments.output)
    return Destinations(
        output=output,
        state=output.with_name(f"{output.name}.state"),
        table=output.with_name("progress.txt") if arguments.progress_write else None,
        plot=output.with_name("progress.png") if arguments.progress_plot else None,
        checkpoints=_checkpoints(arguments, iterations),
    )


def picture_path(name: str) -> Path:
    """The path of a picture to write; PNG when it has no extension.

    Raises InvalidInput for a folder, and for an extension that is no picture's.
    """
    path = Path(name)
    if "\0" in name:
        raise InvalidInput("The name of a file cannot have a null character in it.")
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
        raise InvalidInput(f"{path} is a folder, not a picture.")
    if not path.suffix:
        path = path.with_name(f"{path.name}.png")
    if path.suffix.lower() not in EXTENSIONS:
        known = ", ".join(suffix[1:] for suffix in EXTENSIONS)
        raise InvalidInput(f"{path.name} has to end in one of: {known}.")
    return path


def checkpoint_name(pattern: str, iteration: int) -> str:
    """A pattern with %s, %d or {} where the iteration goes. Raises InvalidInput without one."""
    try:
        name = pattern.format(iteration) if "{" in pattern else pattern % iteration
    except (TypeError, ValueError, IndexError, KeyError, AttributeError):
        name = pattern
    if name == pattern:
        raise InvalidInput(
            f"The name of checkpoints needs %s where the iteration goes, as in out%s.jpg; "
            f"{pattern} has none."
        )
    return name


def _checkpoints(arguments: argparse.Namespace, iterations: int) -> dict[int, Path]:
    pattern, every = arguments.checkpoint_output, arguments.checkpoint_iterations
    if (pattern is None) != (every is None):
        raise InvalidInput("--checkpoint-output and --checkpoint-iterations go together.")
    if pattern is None:
        return {}
    named = {
        iteration + 1: picture_path(checkpoint_name(pattern, iteration))
        for iteration in range(0, iterations, every)
    }
    return {step: path for step, path in named.items() if step != iterations}


def _check_names(paths: list[Path]) -> None:
    seen = set()
    for path in paths:
        place = os.path.realpath(path)
        if place in seen:
            raise InvalidInput(f"{path} would be written twice; give the files different names.")
        seen.add(place)


def _check_file(path: Path, taken: set[Identity | None], cure: str | None) -> None:
    """Refuse what is there, unless it may be replaced: then there is no `cure`."""
    found = _identity(path)
    if found is None:
        return
    if path.is_dir():
        raise InvalidInput(f"{path} is a folder; write to another name.")
    if found in taken:
        raise InvalidInput(f"{path} is one of the inputs; write to another name.")
    if cure is not None:
        raise InvalidInput(f"{path} exists already; {cure}.")


def _identity(path: Path) -> Identity | None:
    """Which file a path leads to; None when there is none."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InvalidInput(f"{path} cannot be used: {error.strerror}.") from error
    return found.st_dev, found.st_ino


def _check_folder(folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InvalidInput(
            f"Nothing can be written to the folder {folder}: {error.strerror}."
        ) from error
