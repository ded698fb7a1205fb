"""What only a server can do to us, and what SQLite's one writer hid: errors, calls, races."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import aclosing

import psycopg
import pytest
from postgres_server import PostgresServer, running_server
from sqlalchemy import text, update

from storage import jobs, outbox, users
from storage.database import Database
from storage.errors import (
    StorageBusy,
    StorageDamaged,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from storage.models import Job
from storage.postgresql import BUSY, UNREACHABLE

SOON_SECONDS = 0.3


@pytest.fixture
def kind() -> str:
    """Nothing here is about files."""
    return "postgresql"


RAISED = {
    "disk_full": StorageFull,
    "deadlock_detected": StorageBusy,
    "serialization_failure": StorageBusy,
    "lock_not_available": StorageBusy,
    "query_canceled": StorageBusy,
    "too_many_connections": StorageBusy,
    "read_only_sql_transaction": StorageUnavailable,
    "insufficient_privilege": StorageUnavailable,
    "out_of_memory": StorageUnavailable,
    "io_error": StorageUnavailable,
    "data_corrupted": StorageDamaged,
    "index_corrupted": StorageDamaged,
}


@pytest.mark.parametrize(("name", "ours"), RAISED.items(), ids=RAISED)
async def test_what_the_server_says_is_told_in_a_sentence(db, name, ours):
    with pytest.raises(ours) as error:
        async with db.write() as session:
            await session.execute(text(f"DO $$ BEGIN RAISE {name}; END $$"))
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


async def test_a_fault_of_the_program_stays_what_it_is(db):
    with pytest.raises(Exception, match="there_is_no_such_table"):
        async with db.write() as session:
            await session.execute(text("SELECT * FROM there_is_no_such_table"))


async def test_a_broken_connection_is_told_and_the_next_one_works(db, url, add_user):
    async def lose_it_halfway():
        async with db.write() as session:
            await add_user(session, 1)
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
            with psycopg.connect(url, autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s)", [pid])
            await add_user(session, 2)

    with pytest.raises(StorageUnavailable, match="broke"):
        await lose_it_halfway()
    async with db.write() as session:
        assert await users.get(session, 1) is None
        await add_user(session, 1)


async def test_connections_that_a_restart_cut_are_made_anew(db, url, add_user):
    async with db.write() as session:
        await add_user(session, 1)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    async with db.read() as session:
        assert await users.get(session, 1) is not None


async def test_of_two_that_wait_for_each_other_one_is_told(db, other, add_user):
    async with db.write() as session:
        for user_id in (1, 2):
            await add_user(session, user_id)

    async def lock(database, first, second):
        async with database.write() as session:
            await add_user(session, first)
            await asyncio.sleep(SOON_SECONDS)
            await add_user(session, second)

    ends = await asyncio.gather(lock(db, 1, 2), lock(other, 2, 1), return_exceptions=True)
    assert sorted(map(str, ends)) == sorted(["None", BUSY])


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("postgresql://easel@/nowhere?host={folder}", 'refuses: database "nowhere" does not exist'),
        ("postgresql://easel@/postgres?host=/nowhere", "cannot be reached"),
        ("postgresql://easel@127.0.0.1:9/postgres", "cannot be reached"),
        (
            "postgresql://stranger@/postgres?host={folder}",
            'refuses: role "stranger" does not exist',
        ),
    ],
)
async def test_a_server_that_does_not_open_is_told(server, address, part):
    with pytest.raises(StorageUnavailable, match=part) as error:
        await Database(address.format(folder=server.folder)).open()
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("address", ["mysql://a@b/c", "easel.db", "postgresql+asyncpg://a@b/c", ""])
def test_an_address_of_another_kind_is_refused(address):
    with pytest.raises(StorageError, match=r"postgresql://\.$"):
        Database(address)


def test_without_the_driver_its_package_is_named(monkeypatch):
    monkeypatch.setattr("storage.database.find_spec", lambda _: None)
    with pytest.raises(StorageError, match=r"pip install 'easel\[postgres\]'"):
        Database("postgres://a@b/c")


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    with running_server() as server:
        yield server


async def test_a_server_that_ends_is_told(own_server, add_user):
    database = Database(own_server.url(own_server.create()))
    await database.open()
    own_server.process.send_signal(signal.SIGINT)
    await asyncio.to_thread(own_server.process.wait, 30)
    with pytest.raises(StorageUnavailable) as error:
        async with database.write() as session:
            await add_user(session)
    assert str(error.value) == UNREACHABLE
    await database.close()


async def next_call(calls):
    async with asyncio.timeout(5):
        return await anext(calls)


async def test_commits_call_the_other_process_and_rollbacks_do_not(db, other, add_job):
    async with aclosing(other.notifications()) as calls:
        waiting = asyncio.create_task(next_call(calls))
        await asyncio.sleep(SOON_SECONDS)
        async with db.write() as session:
            await outbox.put(session, 1, "send_text", {}, dedupe_key="rolled back")
            await session.rollback()
        await asyncio.sleep(SOON_SECONDS)
        assert not waiting.done()
        async with db.write() as session:
            await outbox.put(session, 1, "send_text", {}, dedupe_key="a")
            await outbox.put(session, 1, "send_text", {}, dedupe_key="b")
        assert await waiting == "easel_send"
        async with db.write() as session:
            job = await add_job(session, fetched=False)
        assert {await next_call(calls), await next_call(calls)} == {"easel_fetch", "easel_dispatch"}
        async with db.write() as session:
            await session.execute(update(Job).where(Job.id == job.id).values(steps_done=3))
            await jobs.request_stop(session, job.id, keep=False)
        assert await next_call(calls) == "easel_dispatch"


async def test_a_broken_listener_is_told(db, url):
    calls = db.notifications()
    waiting = asyncio.create_task(next_call(calls))
    await asyncio.sleep(SOON_SECONDS)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
    with pytest.raises(StorageUnavailable):
        await waiting
