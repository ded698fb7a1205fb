"""The first tables: users, pictures, jobs, inbox and outbox."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0001"
down_revision = None

WHEN = sa.DateTime(timezone=True)
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("blob", "user", "style", "draft", "job", "picture", "job_event", "inbox", "outbox")


def upgrade() -> None:
    """From an empty database."""
    create_people()
    create_jobs()
    create_mail()


def downgrade() -> None:
    """Back to an empty database: everything is lost."""
    for table in reversed(TABLES):
        op.drop_table(table)


def required(name: str, kind: Any, *constraints: SchemaItem, **more: Any) -> sa.Column[Any]:
    """A column that always has a value."""
    return sa.Column(name, kind, *constraints, nullable=False, **more)


def number(name: str, kind: Any, low: float, high: float, **more: Any) -> sa.Column[Any]:
    """A column whose values have bounds."""
    check = sa.CheckConstraint(f"{name} BETWEEN {low:.15g} AND {high:.15g}", name=name)
    return sa.Column(name, kind, check, **{"nullable": False, **more})


def one_of(name: str, *words: str, kind: Any = None, nullable: bool = False) -> sa.Column[Any]:
    """A column whose values are a few words."""
    allowed = ", ".join(f"'{word}'" for word in words)
    check = sa.CheckConstraint(f"{name} IN ({allowed})", name=name)
    return sa.Column(name, kind or sa.String(), check, nullable=nullable)


def owned(name: str, owner: str, **more: Any) -> sa.Column[Any]:
    """A reference to a row with which this one goes."""
    kind = sa.BigInteger() if owner == "user" else sa.String()
    return required(name, kind, sa.ForeignKey(f"{owner}.id", ondelete="CASCADE"), **more)


def blob(name: str) -> sa.Column[Any]:
    """A reference to a file's row, or none."""
    return sa.Column(name, sa.String(), sa.ForeignKey("blob.sha256"))


def create_people() -> None:
    """Blobs, users with their settings and preferences, saved styles, drafts."""
    op.create_table(
        "blob",
        required("sha256", sa.String(), primary_key=True),
        required("size", sa.BigInteger()),
        required("kind", sa.String()),
        required("created_at", WHEN),
    )
    op.create_table(
        "user",
        required("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        *setting_columns(),
        number("preview_percent", sa.Integer(), 2, 50),
        one_of("output", "photo", "file", "both"),
        one_of("language", "auto", "en", "ru"),
        sa.Column("undo", sa.JSON()),
        sa.Column("language_code", sa.String()),
        required("blocked", sa.Boolean()),
        required("created_at", WHEN),
        sa.Column("last_served_at", WHEN),
    )
    op.create_table(
        "style",
        required("id", ROW_NUMBER, primary_key=True),
        owned("user_id", "user"),
        required("name", sa.String()),
        required("file_id", sa.String()),
        blob("blob"),
        required("created_at", WHEN),
        sa.UniqueConstraint("user_id", "name"),
    )
    op.create_table(
        "draft",
        required("chat_id", sa.BigInteger(), primary_key=True),
        owned("user_id", "user", primary_key=True),
        required("content_file_id", sa.String()),
        required("content_unique_id", sa.String()),
        required("message_id", sa.Integer()),
        sa.Column("prompt_message_id", sa.Integer()),
        required("created_at", WHEN),
    )


def setting_columns() -> list[sa.Column[Any]]:
    """What a picture is painted with."""
    return [
        one_of("recipe", "gatys"),
        number("image_size", sa.Integer(), 64, 2048),
        number("iterations", sa.Integer(), 1, 5000),
        number("content_weight", sa.Double(), 0, 1e5),
        number("style_weight", sa.Double(), 0, 1e6),
        number("tv_weight", sa.Double(), 0, 1e6),
        number("style_scale", sa.Double(), 0.1, 4),
        number("learning_rate", sa.Double(), 0.01, 100),
        one_of("colors", "style", "luma"),
        one_of("pooling", "max", "avg"),
        number("style_layer_weight_exp", sa.Double(), 0.1, 10),
        number("content_weight_blend", sa.Double(), 0, 1),
        one_of("start", "noise", "content"),
        number("seed", sa.Integer(), 0, 2**31 - 1, nullable=True),
    ]


def create_jobs() -> None:
    """Jobs, their pictures and what they report."""
    op.create_table(
        "job",
        required("id", sa.String(), primary_key=True),
        owned("user_id", "user"),
        required("chat_id", sa.BigInteger()),
        required("reply_to", sa.Integer()),
        sa.Column("message_id", sa.Integer()),
        sa.Column("parent_id", sa.String(), sa.ForeignKey("job.id", ondelete="SET NULL")),
        sa.Column("title", sa.String()),
        required("settings", sa.JSON()),
        required("preferences", sa.JSON()),
        one_of("status", "TODO", "DOING", "SUCCEEDED", "FAILED", "CANCELLED", kind=sa.String(16)),
        *(required(name, sa.Integer()) for name in ("priority", "attempt", "failures")),
        required("losses_in_a_row", sa.Integer()),
        sa.Column("lease_owner", sa.String()),
        sa.Column("lease_until", WHEN),
        sa.Column("not_before", WHEN),
        one_of("stop_requested", "keep", "discard", kind=sa.String(16), nullable=True),
        sa.Column("state_path", sa.String()),
        required("steps_done", sa.Integer()),
        blob("result_blob"),
        sa.Column("error", sa.JSON()),
        required("created_at", WHEN),
        sa.Column("started_at", WHEN),
        sa.Column("finished_at", WHEN),
        sa.Column("seconds", sa.Double()),
    )
    create_partial_index("uq_job_running_user", "job", "user_id", "status = 'DOING'", unique=True)
    op.create_index("ix_job_status_finished_at", "job", ["status", "finished_at"])
    op.create_index("ix_job_user_id_created_at", "job", ["user_id", "created_at"])
    op.create_index("ix_job_chat_id_message_id", "job", ["chat_id", "message_id"])
    op.create_table(
        "picture",
        owned("job_id", "job", primary_key=True),
        required("position", sa.Integer(), primary_key=True),
        sa.Column("file_id", sa.String()),
        blob("blob"),
        required("weight", sa.Double()),
        required("scale", sa.Double()),
        sa.CheckConstraint("file_id IS NOT NULL OR blob IS NOT NULL", name="source"),
    )
    op.create_table(
        "job_event",
        owned("job_id", "job", primary_key=True),
        required("seq", sa.Integer(), primary_key=True),
        one_of("kind", "progress", "preview", kind=sa.String(16)),
        required("step", sa.Integer()),
        required("steps", sa.Integer()),
        sa.Column("losses", sa.JSON()),
        blob("preview"),
        sa.Column("seconds_left", sa.Double()),
        required("created_at", WHEN),
    )


def create_mail() -> None:
    """Updates that came from Telegram, and calls that are owed to it."""
    op.create_table(
        "inbox",
        required("bot_id", sa.BigInteger(), primary_key=True),
        required("update_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        required("payload", sa.JSON()),
        sa.Column("chat_id", sa.BigInteger()),
        sa.Column("message_id", sa.Integer()),
        sa.Column("media_group_id", sa.String()),
        required("tries", sa.Integer()),
        sa.Column("error", sa.String()),
        required("received_at", WHEN),
        sa.Column("done_at", WHEN),
    )
    create_partial_index("ix_inbox_open", "inbox", "bot_id, update_id", "done_at IS NULL")
    op.create_table(
        "outbox",
        required("id", ROW_NUMBER, primary_key=True),
        required("chat_id", sa.BigInteger()),
        sa.Column("job_id", sa.String(), sa.ForeignKey("job.id", ondelete="CASCADE")),
        required("method", sa.String()),
        required("payload", sa.JSON()),
        required("dedupe_key", sa.String()),
        required("tries", sa.Integer()),
        sa.Column("lease_owner", sa.String()),
        sa.Column("lease_until", WHEN),
        required("next_try_at", WHEN),
        sa.Column("sent_message_id", sa.Integer()),
        sa.Column("error", sa.String()),
        required("created_at", WHEN),
        sa.Column("done_at", WHEN),
        sa.UniqueConstraint("dedupe_key"),
    )
    create_partial_index("ix_outbox_open", "outbox", "chat_id, id", "done_at IS NULL")
    op.create_index("ix_outbox_job_id", "outbox", ["job_id"])


def create_partial_index(
    name: str, table: str, columns: str, where: str, *, unique: bool = False
) -> None:
    """An index over the rows that fulfil the condition only."""
    op.create_index(
        name,
        table,
        columns.split(", "),
        unique=unique,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
