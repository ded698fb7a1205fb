"""The worker: one process for one device, started by `engine.process`, that paints job after job.

Torch is loaded here and the network kept. Three threads: the main one paints, one hears commands,
one beats. When it is idle it measures how fast the device is. The process never outlives its
caller: the kernel kills it with the caller (Linux), and it exits by itself when the socket ends.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import logging
import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.channel import WorkerEnd
from engine.devices import cpu_threads
from engine.errors import Cancelled, EngineError, OutOfMemory, WorkerLost
from engine.messages import Failed, Heartbeat, Measured, Ready, Run, Stop
from engine.pace import StopFlag

if TYPE_CHECKING:
    from engine.networks import Network

HEARTBEAT_SECONDS = 1.0
IDLE_SECONDS = 2.0  # without an order, before the device is measured: never in the way of one
PR_SET_PDEATHSIG = 1  # linux/prctl.h

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """A run that was asked for, with the flag that ends it."""

    run: Run
    stop: StopFlag = field(default_factory=StopFlag)


def main(arguments: Sequence[str] | None = None) -> int:
    """The process, until its caller hangs up; returns its exit status."""
    options = _parse(arguments)
    logging.basicConfig(level=logging.WARNING)
    _die_with(options.parent)
    end = WorkerEnd(socket.socket(fileno=options.channel))
    orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(end, orders), daemon=True).start()
    threading.Thread(target=_beat, args=(end,), daemon=True).start()
    try:
        network = _load_network(options.device, options.weights)
    except EngineError as error:
        end.send(Failed(error))
        return os.EX_CONFIG
    end.send(Ready())
    measured = False
    while True:
        try:
            order = orders.get(timeout=None if measured else IDLE_SECONDS)
        except queue.Empty:
            measured = _measure(end, network, orders)
            if measured:
                _free_memory()
            continue
        if not _attempt(end, order, network):
            return os.EX_SOFTWARE
        _free_memory()


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="engine.worker", description=__doc__)
    parser.add_argument("--channel", type=int, required=True, help="file descriptor of the socket")
    parser.add_argument("--parent", type=int, required=True, help="process id of the caller")
    parser.add_argument("--device", required=True)
    parser.add_argument("--weights", type=Path, help="a file instead of the bundled weights")
    return parser.parse_args(arguments)


def _die_with(parent: int) -> None:
    """Have the kernel kill this process with the caller, who may have died before we asked."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(os.EX_OK)


def _listen(end: WorkerEnd, orders: queue.SimpleQueue[Order]) -> None:
    """Hear commands; when the caller is gone, nothing here is worth finishing."""
    current: Order | None = None
    while (message := end.receive()) is not None:
        if isinstance(message, Run):
            current = Order(message)
            orders.put(current)
        elif isinstance(message, Stop) and current and current.run.job.id == message.job_id:
            current.stop.set(keep_best=message.keep_best)
    os._exit(os.EX_OK)


def _beat(end: WorkerEnd) -> None:
    while True:
        time.sleep(HEARTBEAT_SECONDS)
        try:
            end.send(Heartbeat())
        except OSError:
            return  # the caller is gone; _listen ends the process


def _load_network(device: str, weights: Path | None) -> Network:
    """Load torch and the network; raises InvalidWeights, or WorkerLost without torch."""
    try:
        import torch

        from engine.networks import load_network
    except ImportError as error:
        raise WorkerLost(f"The worker cannot start: {error}.") from None
    if device == "cpu":
        torch.set_num_threads(cpu_threads())
    try:
        return load_network(weights, device=device)
    except (RuntimeError, AssertionError) as error:
        # A driver that is missing or too old, a card that is gone, or a torch built without CUDA.
        raise WorkerLost(f"The device {device} cannot be used: {_first_line(error)}.") from None


def _measure(end: WorkerEnd, network: Network, orders: queue.SimpleQueue[Order]) -> bool:
    """Say how fast the device paints; False when an order came, which goes before."""
    from engine.speed import Speeds, usual_path

    try:
        speed = Speeds(usual_path()).of_device(network, lambda: not orders.empty())
    except Cancelled:
        return False
    except (EngineError, RuntimeError) as error:  # estimates are then made without it
        logger.warning("the device was not measured: %s", _first_line(error))
        return True
    end.send(Measured(speed))
    return True


def _attempt(end: WorkerEnd, order: Order, network: Network) -> bool:
    """Paint one order and report; False when this process must not be trusted any longer."""
    from engine.painting import paint

    failure: EngineError | None = None
    trusted = True
    try:
        for event in paint(order.run.job, order.run.resume, network, order.stop):
            end.send(event)
    except EngineError as error:
        failure = error
    except MemoryError:
        failure = OutOfMemory("The machine had too little memory for this picture.")
    except OSError as error:
        failure = WorkerLost(f"The worker could not read or write a file: {error}.")
    except Exception as error:
        # Most of all CUDA errors: after one, every later call on the device fails too.
        logger.exception("job %s", order.run.job.id)
        failure, trusted = WorkerLost(f"The worker failed: {_first_line(error)}."), False
    if failure is not None:
        end.send(Failed(failure))
    return trusted


def _free_memory() -> None:
    """Give back what the last run held; called when no exception keeps its frames alive."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


if __name__ == "__main__":
    sys.exit(main())
