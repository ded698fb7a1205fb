"""What follows a result: a picture to start from, its other colours, drafts that begin at a job.

And the sizes of pictures, by which the time that a job takes is told.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BLOBS = ("initial_blob", "other_blob")
SIDES = ("width", "height")
JOBS = ("content_of", "style_of")
WAITS = "content_file_id IS NOT NULL OR content_of IS NOT NULL OR style_of IS NOT NULL"


def upgrade() -> None:
    """Results that are there can show their other colours too: the photo's are made when asked."""
    with op.batch_alter_table("job") as job:
        for name in BLOBS:
            job.add_column(sa.Column(name, sa.String()))
            job.create_foreign_key(f"fk_job_{name}", "blob", [name], ["sha256"])
        kept: sa.Column[bool] = sa.Column(
            "keeps_colors", sa.Boolean(), nullable=False, server_default=sa.false()
        )
        job.add_column(kept)
    with op.batch_alter_table("job") as job:
        job.alter_column("keeps_colors", server_default=None)
    with op.batch_alter_table("picture") as picture:
        for name in SIDES:
            picture.add_column(sa.Column(name, sa.Integer()))
    with op.batch_alter_table("draft") as draft:
        for name in ("content_file_id", "content_unique_id"):
            draft.alter_column(name, nullable=True)
        for name in JOBS:
            draft.add_column(sa.Column(name, sa.String()))
            draft.create_foreign_key(f"fk_draft_{name}", "job", [name], ["id"], ondelete="CASCADE")
        draft.create_check_constraint("waits", WAITS)


def downgrade() -> None:
    """Drafts that begin at a job are forgotten, and so are other colours."""
    op.execute("DELETE FROM draft WHERE content_file_id IS NULL")
    with op.batch_alter_table("draft") as draft:
        draft.drop_constraint("waits", type_="check")
        for name in JOBS:
            draft.drop_constraint(f"fk_draft_{name}", type_="foreignkey")
            draft.drop_column(name)
        for name in ("content_file_id", "content_unique_id"):
            draft.alter_column(name, nullable=False)
    with op.batch_alter_table("picture") as picture:
        for name in SIDES:
            picture.drop_column(name)
    with op.batch_alter_table("job") as job:
        for name in BLOBS:
            job.drop_constraint(f"fk_job_{name}", type_="foreignkey")
            job.drop_column(name)
        job.drop_column("keeps_colors")
