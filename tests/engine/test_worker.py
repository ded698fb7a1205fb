"""Worker processes, for real: how they start, how they die, and what they never do."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pictures import encoded, gradient
from processes import is_alive, virtual_bytes, worker_pids
from runs import LONG, drain, events_of, first, new_job

from engine import local
from engine.devices import find_devices
from engine.errors import Cancelled, InvalidWeights, OutOfMemory, WorkerLost
from engine.local import LocalRunner
from engine.runner import Progress, Result, Runner
from engine.worker import IDLE_SECONDS

# Prints the worker's process id, then sleeps: a caller that can be killed like any other.
CALLER = """
import asyncio
from engine.process import WorkerProcess

async def main():
    worker = await WorkerProcess.spawn("cpu")
    print(worker.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""

# Fails in the middle of a run and closes nothing.
CARELESS = """
import asyncio, pathlib, sys
from engine.local import LocalRunner
from runs import new_job

async def main():
    async for event in LocalRunner(["cpu"]).run(new_job(pathlib.Path(sys.argv[1]), "left")):
        raise SystemExit(3)

asyncio.run(main())
"""


def gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_never_outlives_its_caller(number: signal.Signals) -> None:
    command = [sys.executable, "-c", CALLER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout is not None
        pid = int(caller.stdout.readline())
        assert is_alive(pid)
        caller.send_signal(number)
        caller.wait()
        assert gone_within(pid, 2)


def test_a_caller_that_fails_in_a_run_ends_by_itself(tmp_path: Path) -> None:
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    command = [sys.executable, "-c", CARELESS, str(tmp_path)]
    assert subprocess.run(command, env=environ, timeout=120, check=False).returncode == 3


async def test_an_idle_worker_measures_its_device_and_its_successor_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = []
    for _ in range(2):
        runner = LocalRunner(["cpu"])
        await runner.start()
        assert runner.speed is None  # it was ready before
        async with asyncio.timeout(120):
            while (speed := runner.speed) is None:
                await asyncio.sleep(0.05)
        found.append(speed)
        await runner.close()
    assert min(found[0].exact.pixel, found[0].fast.pixel) > 0
    assert found[1] == found[0]


async def test_an_order_goes_before_the_measuring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    runner = LocalRunner(["cpu"])
    await runner.start()
    await asyncio.sleep(IDLE_SECONDS + 0.5)
    assert runner.speed is None  # it is measuring now
    await events_of(runner, new_job(tmp_path, "at once", 3))
    assert runner.speed is None
    await runner.close()


async def test_closing_ends_the_workers_and_their_runs(tmp_path: Path) -> None:
    runner: Runner = LocalRunner(["cpu"])
    running = runner.run(new_job(tmp_path, "running", LONG))
    await first(running, Progress)
    waiting = asyncio.create_task(events_of(runner, new_job(tmp_path, "waiting")))
    await asyncio.sleep(0.1)
    started = time.monotonic()
    await runner.close()
    assert time.monotonic() - started < 4
    assert worker_pids(os.getpid()) == []
    for pending in (drain(running), waiting):
        with pytest.raises(WorkerLost):
            await pending
    with pytest.raises(WorkerLost, match="closed"):
        await events_of(runner, new_job(tmp_path, "late"))


async def test_a_worker_that_stops_answering_is_replaced(tmp_path: Path) -> None:
    runner: Runner = LocalRunner(["cpu"], heartbeat_timeout_seconds=4)
    run = runner.run(new_job(tmp_path, "frozen", LONG))
    await first(run, Progress)
    (pid,) = worker_pids(os.getpid())
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(WorkerLost, match="stopped answering"):
        await drain(run)
    assert not is_alive(pid)
    assert isinstance((await events_of(runner, new_job(tmp_path, "next", 3)))[-1], Result)
    await runner.close()


async def test_without_torch_the_worker_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('No module named torch')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    runner = LocalRunner(["cpu"])
    with pytest.raises(WorkerLost, match="cannot start: No module named torch"):
        await runner.start()
    with pytest.raises(WorkerLost, match="cannot start"):
        await events_of(runner, new_job(tmp_path, "unlucky"))
    started = time.monotonic()
    with pytest.raises(WorkerLost, match="cannot start"):
        await events_of(runner, new_job(tmp_path, "unluckier"))
    assert time.monotonic() - started > 1  # the back-off after two deaths
    await runner.close()


async def test_bad_weights_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "mine.pth").write_bytes(b"no weights at all")
    runner = LocalRunner(["cpu"], weights=tmp_path / "mine.pth")
    with pytest.raises(InvalidWeights, match=r"mine\.pth"):
        await events_of(runner, new_job(tmp_path, "unlucky"))
    await runner.close()


@pytest.mark.skipif(find_devices() != ("cpu",), reason="needs a machine without a card")
async def test_a_card_that_is_not_there_is_named(tmp_path: Path) -> None:
    runner = LocalRunner(["cuda:0"])
    with pytest.raises(WorkerLost, match=r"The device cuda:0 cannot be used: .*CUDA"):
        await events_of(runner, new_job(tmp_path, "unlucky"))
    await runner.close()


async def test_too_little_memory_ends_the_run_and_not_the_worker(tmp_path: Path) -> None:
    runner = LocalRunner(["cpu"])
    await runner.start()
    (pid,) = worker_pids(os.getpid())
    free = resource.prlimit(pid, resource.RLIMIT_AS)
    job = new_job(tmp_path, "huge", 3)
    job.content.write_bytes(encoded(gradient(size=(1024, 1024)), "PNG"))
    job = dataclasses.replace(job, settings=job.settings.replace(image_size=1024))
    resource.prlimit(pid, resource.RLIMIT_AS, (virtual_bytes(pid) + (200 << 20), free[1]))
    with pytest.raises(OutOfMemory):
        await events_of(runner, job)
    resource.prlimit(pid, resource.RLIMIT_AS, free)
    assert isinstance((await events_of(runner, new_job(tmp_path, "small", 3)))[-1], Result)
    assert worker_pids(os.getpid()) == [pid]
    await runner.close()


async def test_a_folder_that_cannot_be_written_loses_the_attempt(tmp_path: Path) -> None:
    runner = LocalRunner(["cpu"])
    job = dataclasses.replace(new_job(tmp_path, "homeless", 1), folder=tmp_path / "absent")
    with pytest.raises(WorkerLost, match=r"could not read or write a file: .*absent"):
        await events_of(runner, job)
    await runner.close()


async def test_a_worker_that_does_not_heed_a_stop_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "STOP_SECONDS", 0.2)
    monkeypatch.setattr(local, "KILL_SECONDS", 0.2)
    runner = LocalRunner(["cpu"])
    job = new_job(tmp_path, "deaf", LONG)
    run = runner.run(job)
    await first(run, Progress)
    (pid,) = worker_pids(os.getpid())
    os.kill(pid, signal.SIGSTOP)
    await runner.stop(job.id, keep_best=False)
    with pytest.raises(Cancelled):
        await drain(run)
    assert not is_alive(pid)
    await runner.close()


async def test_a_worker_is_kept_until_it_dies(tmp_path: Path) -> None:
    runner = LocalRunner(["cpu"])
    await asyncio.gather(runner.start(), runner.start())
    pids = worker_pids(os.getpid())
    assert len(pids) == 1
    await events_of(runner, new_job(tmp_path, "one", 3))
    await events_of(runner, new_job(tmp_path, "two", 3))
    assert worker_pids(os.getpid()) == pids
    os.kill(pids[0], signal.SIGKILL)
    assert await asyncio.to_thread(gone_within, pids[0], 2)
    await asyncio.sleep(0.1)
    assert isinstance((await events_of(runner, new_job(tmp_path, "three", 3)))[-1], Result)
    await runner.close()


async def test_a_lost_state_costs_time_and_not_the_job(tmp_path: Path) -> None:
    runner = LocalRunner(["cpu"])
    job = new_job(tmp_path, "torn", 3)
    state = job.folder / "state.safetensors"
    state.write_bytes(b"half a state")
    events = await events_of(runner, job, resume=state)
    assert [event.step for event in events if isinstance(event, Progress)] == [1, 2, 3]
    await runner.close()
