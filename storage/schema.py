"""Brings a database's schema to the revision that this version of the program needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import coerce_resource_to_filename
from sqlalchemy import Connection

from storage.errors import SchemaTooNew

SCRIPTS = "migrations:"  # the package of that name, wherever it is installed


def upgrade(connection: Connection, *, scripts: str | Path = SCRIPTS) -> None:
    """Run what is missing inside the connection's transaction, which the caller ends.

    Raises SchemaTooNew when the database has a revision that the scripts do not.
    """
    config = _config(scripts)
    config.attributes["connection"] = connection
    _refuse_newer(connection, ScriptDirectory.from_config(config))
    command.upgrade(config, "head")


def missing(connection: Connection, *, scripts: str | Path = SCRIPTS) -> tuple[str, ...]:
    """The revisions that an upgrade would run, oldest first; raises SchemaTooNew."""
    script = ScriptDirectory.from_config(_config(scripts))
    _refuse_newer(connection, script)
    heads = MigrationContext.configure(connection).get_current_heads()
    steps = script.iterate_revisions("head", heads or "base")
    return tuple(step.revision for step in steps)[::-1]


def _config(scripts: str | Path) -> Config:
    config = Config()
    folder = coerce_resource_to_filename(str(scripts))
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _refuse_newer(connection: Connection, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise SchemaTooNew(
            f"The database was written by a newer version (schema {', '.join(sorted(unknown))}); "
            "install that version or restore a backup."
        )
