"""Any language that has a file can be chosen; which those are is no matter of the database."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Whatever is chosen stays chosen."""
    with op.batch_alter_table("user") as user:
        user.drop_constraint("language", type_="check")
        user.create_check_constraint("language", "length(language) BETWEEN 1 AND 16")


def downgrade() -> None:
    """What the older version does not know becomes the language of the person's Telegram."""
    op.execute("UPDATE \"user\" SET language = 'auto' WHERE language NOT IN ('en', 'ru')")
    with op.batch_alter_table("user") as user:
        user.drop_constraint("language", type_="check")
        user.create_check_constraint("language", "language IN ('auto', 'en', 'ru')")
