"""What a caption asked for, where a picture came from, and who waits for a saved style."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Whatever waits goes on waiting; no style has been saved before."""
    with op.batch_alter_table("draft") as draft:
        draft.add_column(sa.Column("caption", sa.String(), nullable=True))
    with op.batch_alter_table("picture") as picture:
        picture.add_column(sa.Column("message_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("style") as style:
        chat = sa.Column("chat_id", sa.BigInteger(), nullable=False, server_default="0")
        style.add_column(chat)
    with op.batch_alter_table("style") as style:
        style.alter_column("chat_id", server_default=None)


def downgrade() -> None:
    """Captions that wait and the order of pictures are lost; styles stay."""
    for table, column in (("style", "chat_id"), ("picture", "message_id"), ("draft", "caption")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
