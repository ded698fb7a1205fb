"""More recipes, more ways with colours, and the strength of a style."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

RECIPES = {"gatys": "'gatys'", "all": "'gatys', 'fine', 'draft'"}
COLORS = {"few": "'style', 'luma'", "all": "'style', 'luma', 'oklab', 'histogram', 'match'"}


def upgrade() -> None:
    """Whoever is there keeps what is chosen, at full strength."""
    with op.batch_alter_table("user") as user:
        user.drop_constraint("recipe", type_="check")
        user.create_check_constraint("recipe", f"recipe IN ({RECIPES['all']})")
        user.drop_constraint("colors", type_="check")
        user.create_check_constraint("colors", f"colors IN ({COLORS['all']})")
        strength = sa.Column("strength", sa.Integer(), nullable=False, server_default="100")
        # Only SQLite copies the table, and so can give the column its place.
        user.add_column(strength, insert_after="tv_weight" if copies_tables() else None)
        user.create_check_constraint("strength", "strength BETWEEN 0 AND 100")
    with op.batch_alter_table("user") as user:
        user.alter_column("strength", server_default=None)


def copies_tables() -> bool:
    """Whether a table is changed by copying it."""
    return op.get_bind().dialect.name == "sqlite"


def downgrade() -> None:
    """What the older version does not know becomes what it does."""
    op.execute("UPDATE \"user\" SET recipe = 'gatys'")
    op.execute("UPDATE \"user\" SET colors = 'luma' WHERE colors <> 'style'")
    with op.batch_alter_table("user") as user:
        user.drop_constraint("strength", type_="check")
        user.drop_column("strength")
        user.drop_constraint("recipe", type_="check")
        user.create_check_constraint("recipe", f"recipe IN ({RECIPES['gatys']})")
        user.drop_constraint("colors", type_="check")
        user.create_check_constraint("colors", f"colors IN ({COLORS['few']})")
