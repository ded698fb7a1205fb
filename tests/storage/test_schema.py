"""The history of the schema: where it leads, and that a step is taken whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

import migrations
from storage import jobs, users
from storage.columns import Table
from storage.database import Database
from storage.errors import StorageDamaged

SCRIPTS = Path(migrations.__file__).parent

NARROWER_SETTING = """
def upgrade():
    op.execute('UPDATE "user" SET image_size = 1024 WHERE image_size > 1024')
    with op.batch_alter_table("user") as table:
        table.drop_constraint("ck_user_image_size")
        table.create_check_constraint(op.f("ck_user_image_size"), "image_size <= 1024")
        table.add_column(sa.Column("nickname", sa.String()))
"""

FAILS_HALFWAY = """
def upgrade():
    op.create_table("halfway", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO halfway (id) VALUES (1)")
    op.execute("INSERT INTO there_is_no_such_table (id) VALUES (1)")
"""

BREAKS_REFERENCES = """
def upgrade():
    op.execute('DELETE FROM "user"')
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of the history that a test may continue."""
    return shutil.copytree(SCRIPTS, tmp_path / "100%" / "migrations")


@pytest.fixture
def second_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Another empty database of the same kind."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/modelled.db"
    server = request.getfixturevalue("server")
    return server.url(server.create())


@pytest.fixture
async def with_a_job(db, add_job):
    """A database in which a user with unusual settings has a job."""
    async with db.write() as session:
        job = await add_job(session)
        user = await users.get(session, 1)
        user.settings = user.settings.replace(image_size=2048)
        return job.id


def go_on(scripts: Path, code: str) -> None:
    head = ScriptDirectory(str(scripts)).get_current_head()
    intro = "import sqlalchemy as sa\nfrom alembic import op\n\nrevision = 'next'\n"
    (scripts / "versions" / "next.py").write_text(f"{intro}down_revision = {head!r}\n{code}")


async def open_with(url: str, scripts: Path) -> None:
    database = Database(url, scripts=scripts)
    try:
        await database.open()
    finally:
        await database.close()


def described(connection: Connection) -> dict[str, Any]:
    """All that the database knows of its tables, order left aside."""
    look = inspect(connection)

    def told(things: list[Any]) -> list[str]:
        return sorted(str(sorted(thing.items(), key=str)) for thing in things)

    return {
        table: {
            "columns": told(look.get_columns(table)),  # a server's have the order of their age
            "primary key": look.get_pk_constraint(table),
            "foreign keys": told(look.get_foreign_keys(table)),
            "unique": told(look.get_unique_constraints(table)),
            "checks": told(look.get_check_constraints(table)),
            "indexes": told(
                {**index, "dialect_options": sorted(map(str, index["dialect_options"].values()))}
                for index in look.get_indexes(table)
            ),
        }
        for table in look.get_table_names()
        if table != "alembic_version"
    }


@pytest.mark.usefixtures("db")
def test_the_migrated_schema_is_that_of_the_models(url, second_url):
    modelled = create_engine(second_url)
    migrated = create_engine(url)
    with modelled.begin() as ours, migrated.begin() as theirs:
        Table.metadata.create_all(ours)
        expected, found = described(ours), described(theirs)
        differences = compare_metadata(MigrationContext.configure(theirs), Table.metadata)
    modelled.dispose()
    migrated.dispose()
    assert len(expected["user"]["checks"]) > 10
    assert found == expected
    assert differences == []


def test_the_history_is_one_line(scripts):
    assert len(ScriptDirectory(str(scripts)).get_heads()) == 1


@pytest.mark.usefixtures("db")
def test_the_way_back_leads_to_an_empty_database(url):
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        command.upgrade(config, "head")
        assert "job" in inspect(connection).get_table_names()
    engine.dispose()


async def test_narrowing_a_setting_loses_nobody(url, db, with_a_job, scripts):
    go_on(scripts, NARROWER_SETTING)
    await open_with(url, scripts)
    async with db.read() as session:
        user = await users.get(session, 1)
        job = await jobs.get(session, with_a_job)
        assert await session.scalar(text("SELECT version_num FROM alembic_version")) == "next"
    assert user.settings.image_size == 1024
    assert len(job.pictures) == 2


@pytest.mark.usefixtures("with_a_job")
async def test_a_migration_that_fails_halfway_changes_nothing(url, scripts):
    engine = create_engine(url)
    with engine.connect() as connection:
        before = described(connection)
    go_on(scripts, FAILS_HALFWAY)
    with pytest.raises(Exception, match="there_is_no_such_table"):
        await open_with(url, scripts)
    with engine.connect() as connection:
        assert described(connection) == before
    engine.dispose()
    await open_with(url, SCRIPTS)


@pytest.mark.parametrize("kind", ["sqlite"])  # a server heeds references while it migrates
@pytest.mark.usefixtures("with_a_job")
async def test_a_migration_that_breaks_references_changes_nothing(url, db, scripts):
    go_on(scripts, BREAKS_REFERENCES)
    with pytest.raises(StorageDamaged, match="job"):
        await open_with(url, scripts)
    async with db.read() as session:
        assert await users.get(session, 1) is not None
