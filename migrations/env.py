"""Alembic executes this file for every command.

The program hands its own connection over, inside a transaction that it ends itself. A developer
names a database instead: `alembic -x url=sqlite:///scratch.db revision --autogenerate -m "…"`.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine

import storage.operation  # noqa: F401 - its tables join those of the models
from storage.models import Job


def run(connection: Connection) -> None:
    """Run the command on the connection; SQLite changes a table by copying it (batch mode)."""
    context.configure(
        connection=connection,
        target_metadata=Job.metadata,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).begin() as connection:
        run(connection)
