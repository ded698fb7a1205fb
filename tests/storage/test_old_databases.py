"""A database of every earlier version opens, with all that people had in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, create_engine

import migrations
from engine.settings import Settings
from storage import backlog, inbox, jobs, queue, statistics, styles, users
from storage.database import Database
from storage.models import Job, Status
from storage.preferences import Preferences

SCRIPTS = Path(migrations.__file__).parent
REVISIONS = [
    script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions("base", "heads")
][::-1]
THEN = datetime(2026, 9, 1, tzinfo=UTC)
SHA256 = "f" * 64

# What people had, in the words of the first version; columns that came later have a default there.
FIRST_SETTINGS = {
    "recipe": "gatys",
    "image_size": 400,
    "iterations": 77,
    "content_weight": 5.0,
    "style_weight": 321.0,
    "tv_weight": 100.0,
    "colors": "style",
    "start": "content",
}
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("user", {"id": 7, "language_code": "en", "blocked": False, "created_at": THEN}),
    ("blob", {"sha256": SHA256, "size": 5, "kind": "picture", "created_at": THEN}),
    ("style", {"user_id": 7, "name": "monet", "file_id": "s", "created_at": THEN, "chat_id": 7}),
    ("draft", {"chat_id": 7, "user_id": 7, "content_file_id": "c", "message_id": 3}),
    ("job", {"id": "done", "user_id": 7, "status": "SUCCEEDED", "result_blob": SHA256}),
    ("job", {"id": "waits", "user_id": 7, "status": "TODO", "parent_id": "done"}),
    ("picture", {"job_id": "done", "position": 0, "file_id": "c", "blob": SHA256}),
    ("picture", {"job_id": "waits", "position": 0, "file_id": "c", "blob": SHA256}),
    ("picture", {"job_id": "waits", "position": 1, "file_id": "s", "blob": SHA256}),
    ("job_event", {"job_id": "done", "seq": 1, "kind": "preview", "step": 1, "steps": 2}),
    ("inbox", {"bot_id": 1, "update_id": 5, "payload": {"update_id": 5}, "chat_id": 7}),
    ("outbox", {"chat_id": 7, "job_id": "done", "method": "send_text", "dedupe_key": "k"}),
]
COMMON: dict[str, Any] = {
    **FIRST_SETTINGS,
    **{name: value for name, value in Preferences().as_dict().items() if value is not None},
    "settings": FIRST_SETTINGS,
    "preferences": Preferences().as_dict(),
    "chat_id": 7,
    "reply_to": 1,
    "priority": 0,
    "attempt": 0,
    "failures": 0,
    "losses_in_a_row": 0,
    "steps_done": 0,
    "weight": 1.0,
    "scale": 1.0,
    "tries": 0,
    "content_unique_id": "u",
    "keeps_colors": False,
    "payload": {},
    "created_at": THEN,
    "received_at": THEN,
    "next_try_at": THEN,
}


def fill(url: str, revision: str) -> None:
    """Make a database of that revision, in which a person has something of everything."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    known = MetaData()
    known.reflect(engine)
    with engine.begin() as connection:
        for name, row in ROWS:
            connection.execute(known.tables[name].insert().values(values(known.tables[name], row)))
    engine.dispose()


def values(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row for what the table is at that revision; a setting it adds has its default."""
    defaults = {**Settings().as_dict(), **COMMON, **row}
    names = [column.name for column in table.columns if column.name in defaults]
    return {name: defaults[name] for name in names}


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_database_of_each_version_opens_with_all_that_was_in_it(
    revision: str, url: str
) -> None:
    fill(url, revision)
    database = Database(url)
    await database.open()
    try:
        async with database.write() as session:
            user = await users.get(session, 7)
            assert user is not None
            assert (user.settings.image_size, user.settings.iterations) == (400, 77)
            done, waits = await jobs.get(session, "done"), await jobs.get(session, "waits")
            assert done is not None
            assert waits is not None
            assert done.settings.style_weight == 321.0
            assert (done.status, done.result_blob) == (Status.SUCCEEDED, SHA256)
            assert (waits.parent_id, len(waits.pictures)) == ("done", 2)
            assert [style.name for style in await styles.of(session, 7)] == ["monet"]
            assert [row.payload for row in await inbox.pending(session, 1)] == [{"update_id": 5}]
            assert (await backlog.gather(session)).outbox.number == 1
            assert (await statistics.gather(session)).people == 1
            claimed = await queue.claim(session, "me", 30)
            assert isinstance(claimed, Job)
            assert claimed.id == "waits"
    finally:
        await database.close()
