"""Wake-up calls: on PostgreSQL a commit tells every process what there is to do.

SQLite has no such thing; there each process looks every second.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"

FUNCTION = """
CREATE FUNCTION easel_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_ARGV[0], '');
    RETURN NULL;
END $$
"""
# Which change of which table calls which channel.
CALLS = (
    ("fetch", "picture", "INSERT OR UPDATE OF file_id"),
    ("fetch", "style", "INSERT"),
    ("dispatch", "job", "INSERT OR UPDATE OF status, stop_requested"),
    ("dispatch", "picture", "UPDATE OF blob"),
    ("send", "outbox", "INSERT"),
)


def upgrade() -> None:
    """One call a statement: PostgreSQL makes one of all that a transaction repeats."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(FUNCTION)
    for channel, table, change in CALLS:
        op.execute(
            f"CREATE TRIGGER easel_{channel} AFTER {change} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION easel_notify('easel_{channel}')"
        )


def downgrade() -> None:
    """Processes look every second again."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for channel, table, _ in CALLS:
        op.execute(f"DROP TRIGGER easel_{channel} ON {table}")
    op.execute("DROP FUNCTION easel_notify()")
