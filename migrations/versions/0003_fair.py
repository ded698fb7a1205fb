"""What the operator keeps: charges, standings, switches, broadcasts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WHEN = sa.DateTime(timezone=True)
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("charge", "standing", "flag", "broadcast")


def upgrade() -> None:
    """Nobody has been charged or judged yet."""
    op.create_table(
        "charge",
        sa.Column("job_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.CheckConstraint("seconds >= 0", name="seconds"),
    )
    op.create_index("ix_charge_user_id_day", "charge", ["user_id", "day"])
    op.create_table(
        "standing",
        sa.Column("user_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("banned_at", WHEN),
        sa.Column("reason", sa.String()),
        sa.Column("quota_minutes", sa.Integer()),
        sa.CheckConstraint("quota_minutes >= 0", name="quota_minutes"),
    )
    op.create_table(
        "flag",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("set_at", WHEN, nullable=False),
    )
    _create_broadcast()


def _create_broadcast() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", ROW_NUMBER, primary_key=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("put_at", WHEN),
        sa.Column("done_at", WHEN),
    )
    still_open = sa.text("done_at IS NULL")
    op.create_index(
        "ix_broadcast_open",
        "broadcast",
        ["id"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def downgrade() -> None:
    """The older version knows nothing of it."""
    for table in reversed(TABLES):
        op.drop_table(table)
