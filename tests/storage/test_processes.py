"""Several processes on one file: each job once, nothing half done, whoever is killed."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import textwrap
from collections import Counter

import pytest

from storage import jobs, users
from storage.database import Database
from storage.models import Status

PROCESSES = 3
JOBS = 300

WORK = """
    import asyncio, sys
    from storage import attempts, queue
    from storage.database import Database
    from storage.models import Status

    async def main():
        database = Database(sys.argv[1])
        while True:
            async with database.write() as session:
                job = await queue.claim(session, sys.argv[2], 30)
            if job is None:
                break
            print(job.id, flush=True)
            async with database.write() as session:
                assert await attempts.finish(session, job.id, job.attempt, Status.SUCCEEDED)
        await database.close()

    asyncio.run(main())
"""

OPEN = """
    import asyncio, sys
    from storage.database import Database

    async def main():
        database = Database(sys.argv[1])
        await database.open()
        await database.close()

    sys.stdin.readline()
    asyncio.run(main())
"""

STOP_BEFORE_COMMIT = """
    import asyncio, sys
    from engine.settings import Settings
    from storage import queue, users
    from storage.database import Database
    from storage.preferences import Preferences

    async def main():
        database = Database(sys.argv[1])
        async with database.write() as session:
            await users.get_or_create(session, 99, language_code="en",
                                      settings=Settings(), preferences=Preferences())
            assert await queue.claim(session, "killed", 30)
            print("written", flush=True)
            await asyncio.sleep(60)

    asyncio.run(main())
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.Popen(command, text=True, **pipes)


@pytest.fixture
async def full_queue(db, add_job):
    """Some hundred jobs of fewer users."""
    async with db.write() as session:
        for number in range(JOBS):
            await add_job(session, number % (JOBS // 3))


@pytest.mark.usefixtures("full_queue")
async def test_three_processes_take_each_job_exactly_once(db, url):
    workers = [start(WORK, url, f"worker {number}") for number in range(PROCESSES)]
    outputs = [await asyncio.to_thread(worker.communicate) for worker in workers]
    assert [errors for _, errors in outputs] == [""] * PROCESSES
    claimed = Counter(job_id for output, _ in outputs for job_id in output.split())
    async with db.read() as session:
        counts = await jobs.counts(session)
    # A process may leave early, when the only waiting jobs are those of users who are being served.
    assert set(claimed.values()) == {1}
    assert counts[Status.SUCCEEDED] == len(claimed) == JOBS
    assert all(output for output, _ in outputs)


def test_three_processes_may_open_a_new_file_at_once(url):
    openers = [start(OPEN, url) for _ in range(PROCESSES)]
    for opener in openers:
        opener.stdin.write("now\n")
        opener.stdin.flush()
    assert [opener.communicate()[1] for opener in openers] == [""] * PROCESSES


async def test_a_kill_before_the_commit_leaves_nothing_half_done(db, url, add_job):
    async with db.write() as session:
        added = await add_job(session)
    process = start(STOP_BEFORE_COMMIT, url)
    assert await asyncio.to_thread(process.stdout.readline) == "written\n"
    process.send_signal(signal.SIGKILL)
    await asyncio.to_thread(process.communicate)
    after = Database(url)
    await after.open()
    async with after.write() as session:
        job = await jobs.get(session, added.id)
        assert (job.status, job.attempt) == (Status.TODO, 0)
        assert await users.get(session, 99) is None
    await after.close()
