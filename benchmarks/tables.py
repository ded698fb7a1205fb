"""Tables of measurements in Markdown, to stdout; word of what is under way, to stderr."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from engine.children import WAIT_POLICY

Given = TypeVar("Given")


def print_table(
    heads: str,
    task: Callable[[int, Given], list[str]],
    numbers: Sequence[int],
    given: Given,
) -> None:
    """Print the rows that a task has for each number, each in a fresh process of its own.

    `heads` are the heads of the columns, with bars between them.
    """
    os.environ.setdefault(*WAIT_POLICY)  # read by each process when it loads torch
    print(f"\n| {heads} |\n|{'---|' * len(heads.split('|'))}", flush=True)
    for number in numbers:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            print(*process.submit(task, number, given).result(), sep="\n", flush=True)


def tell(words: str) -> None:
    """Say what is under way."""
    print(words, file=sys.stderr, flush=True)
