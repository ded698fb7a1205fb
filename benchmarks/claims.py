"""Jobs a second through the queue alone, when many processes claim at once.

    python benchmarks/claims.py sqlite:////tmp/claims.db postgresql://me@/claims?host=/run/postgresql

Each address names a database without jobs. Every process claims a job and finishes it, in two
commits as the bot does, until none is left; then each job must have run exactly once.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections import Counter

from sqlalchemy import select

from engine.settings import Settings
from storage import attempts, jobs, queue, users
from storage.database import Database
from storage.inserts import insert_new
from storage.models import Blob, Job, Picture, Status
from storage.preferences import Preferences

BLOB = "f" * 64
LEASE_SECONDS = 30.0
JOBS_A_PERSON = 4


def main() -> None:
    """Measure each database in turn, or work as one of the processes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="URL")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for url in arguments.urls:
        if arguments.worker:
            asyncio.run(work(url))
        else:
            measure(url, arguments.processes, arguments.jobs)


def measure(url: str, processes: int, number: int) -> None:
    """Print one line; exits when a job ran twice, or not at all."""
    asyncio.run(fill(url, number))
    command = [sys.executable, __file__, "--worker", url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    workers = [subprocess.Popen(command, text=True, **pipes) for _ in range(processes)]
    for worker in workers:
        worker.stdout.readline()  # it is connected
    started = time.perf_counter()
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    ran = Counter(word for worker in workers for word in worker.communicate()[0].split())
    seconds = time.perf_counter() - started
    if any(worker.returncode for worker in workers):
        sys.exit("a process failed")
    if sorted(set(ran.values())) != [1] or len(ran) != number:
        sys.exit(
            f"not each job ran exactly once: {len(ran)} of {number}, {max(ran.values())} times"
        )
    attempts_seen = asyncio.run(attempts_of(url))
    if attempts_seen != {(Status.SUCCEEDED, 1)}:
        sys.exit(f"not each job succeeded at its first attempt: {attempts_seen}")
    kind = url.split(":")[0]
    print(
        f"{kind:<11} {processes} processes, {number} jobs, each run exactly once: "
        f"{seconds:.1f} s, {number / seconds:.0f} jobs a second"
    )


async def fill(url: str, number: int) -> None:
    """Put the jobs into the queue."""
    database = Database(url)
    await database.open()
    async with database.write() as session:
        if any((await jobs.counts(session)).values()):
            sys.exit("The database has jobs already; name an empty one.")
        await insert_new(session, Blob, sha256=BLOB, size=1, kind="picture")
        for place in range(number):
            person = place // JOBS_A_PERSON + 1
            if place % JOBS_A_PERSON == 0:
                await users.get_or_create(
                    session,
                    person,
                    language_code="en",
                    settings=Settings(),
                    preferences=Preferences(),
                )
            await jobs.enqueue(
                session,
                user_id=person,
                chat_id=person,
                reply_to=1,
                content=Picture(blob=BLOB),
                styles=[Picture(blob=BLOB)],
                settings=Settings(),
                preferences=Preferences(),
            )
    await database.close()


async def work(url: str) -> None:
    """Claim and finish until nothing waits; prints the id of each job."""
    database = Database(url)
    async with database.write() as session:
        await jobs.counts(session)
    print(flush=True)
    sys.stdin.readline()
    while True:
        async with database.write() as session:
            job = await queue.claim(session, "benchmark", LEASE_SECONDS)
        if job is not None:
            async with database.write() as session:
                if not await attempts.finish(session, job.id, job.attempt, Status.SUCCEEDED):
                    sys.exit(f"job {job.id} was taken away")
            print(job.id)
        elif not await is_anything_waiting(database):
            break
    await database.close()


async def is_anything_waiting(database: Database) -> bool:
    """A claim finds nothing while those who wait have a job that runs."""
    async with database.read() as session:
        return (await jobs.counts(session))[Status.TODO] > 0


async def attempts_of(url: str) -> set[tuple[Status, int]]:
    """Every pair of status and attempt that a job has."""
    database = Database(url)
    async with database.read() as session:
        rows = await session.execute(select(Job.status, Job.attempt).distinct())
        found = {(row.status, row.attempt) for row in rows}
    await database.close()
    return found


if __name__ == "__main__":
    main()
