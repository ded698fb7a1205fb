"""The tables. Handlers, dispatcher and sender meet here and nowhere else.

`user` forgets everything of a person when its row goes: what belongs to a user or a job goes with
it. Blobs are shared by content, hence never owned; `Blobs.sweep` removes those without a reference.
Times are aware UTC. Chat and user ids are Telegram's, which need 64 bits.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from engine.settings import Settings
from storage.columns import (
    JobError,
    JobErrorJson,
    OptionalJson,
    RowNumber,
    Snapshot,
    Table,
    UtcDateTime,
    declared_columns,
    partial_index,
    utc_now,
    word,
)
from storage.preferences import Preferences
from storage.statuses import EventKind as EventKind
from storage.statuses import Status as Status
from storage.statuses import StopRequest as StopRequest

JOB_ID_BYTES = 9  # 12 characters of URL-safe base64: a button's data has room for 64 bytes
RUNNING_USER_INDEX = "uq_job_running_user"
DRAFT_WAITS = "content_file_id IS NOT NULL OR content_of IS NOT NULL OR style_of IS NOT NULL"


class User(Table):
    """A person who has written to the bot; `undo` holds what the last change replaced."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    settings: Mapped[Settings] = composite(Settings, *declared_columns(Settings))
    preferences: Mapped[Preferences] = composite(Preferences, *declared_columns(Preferences))
    undo: Mapped[dict[str, Any] | None] = mapped_column(OptionalJson)
    language_code: Mapped[str | None]
    blocked: Mapped[bool] = mapped_column(default=False)  # the person blocked the bot
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_served_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Blob(Table):
    """A file in the blob folder, named by the SHA-256 of its bytes; `size` in bytes."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Style(Table):
    """A style picture that a user saved under a name, in that chat."""

    __tablename__ = "style"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    name: Mapped[str]
    file_id: Mapped[str]
    blob: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    chat_id: Mapped[int] = mapped_column(BigInteger)


class Draft(Table):
    """A photo, or a job's content, that waits for a style; or a job's styles, for a photo."""

    __tablename__ = "draft"
    __table_args__ = (CheckConstraint(DRAFT_WAITS, name="waits"),)

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    content_file_id: Mapped[str | None]
    content_unique_id: Mapped[str | None]
    message_id: Mapped[int]
    prompt_message_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    content_of: Mapped[str | None] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    style_of: Mapped[str | None] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    caption: Mapped[str | None]


class Job(Table):
    """A picture to paint, and how far it has come.

    `attempt` counts claims and fences late writers; `failures` counts the attempts that went wrong,
    `losses_in_a_row` the workers it killed without saving a state in between. `message_id` is the
    living message. Higher `priority` goes first. `seconds` is the time it was painted for.
    It starts from `initial_blob`, if any. `result_blob` is what is shown, in the photo's colours if
    it `keeps_colors`; `other_blob` the same in the other colours, once made.
    """

    __tablename__ = "job"
    __table_args__ = (
        partial_index(RUNNING_USER_INDEX, "user_id", where="status = 'DOING'", unique=True),
        Index(None, "status", "finished_at"),
        Index(None, "user_id", "created_at"),
        Index(None, "chat_id", "message_id"),
    )

    id: Mapped[str] = mapped_column(
        primary_key=True, default=lambda: secrets.token_urlsafe(JOB_ID_BYTES)
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    reply_to: Mapped[int]
    message_id: Mapped[int | None]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    title: Mapped[str | None]
    settings: Mapped[Settings] = mapped_column(Snapshot(Settings))
    preferences: Mapped[Preferences] = mapped_column(Snapshot(Preferences))
    status: Mapped[Status] = mapped_column(word(Status, "status"), default=Status.TODO)
    priority: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    losses_in_a_row: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stop_requested: Mapped[StopRequest | None] = mapped_column(word(StopRequest, "stop_requested"))
    state_path: Mapped[str | None]
    steps_done: Mapped[int] = mapped_column(default=0)
    result_blob: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    error: Mapped[JobError | None] = mapped_column(JobErrorJson)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seconds: Mapped[float | None]
    initial_blob: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    other_blob: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    keeps_colors: Mapped[bool] = mapped_column(default=False)
    pictures: Mapped[list[Picture]] = relationship(
        order_by="Picture.position",
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
    )


class Picture(Table):
    """One picture of a job: position 0 is the content, 1..n are the styles and their blend.

    `width` and `height` in px are known once it was fetched; `message_id` is the message it came
    with, if a person sent it or replied to it.
    """

    __tablename__ = "picture"
    __table_args__ = (CheckConstraint("file_id IS NOT NULL OR blob IS NOT NULL", name="source"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[str | None]
    blob: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    weight: Mapped[float] = mapped_column(default=1.0)
    scale: Mapped[float] = mapped_column(default=1.0)
    width: Mapped[int | None]
    height: Mapped[int | None]
    message_id: Mapped[int | None]


class JobEvent(Table):
    """What a running job reported, numbered from 1; `losses` by the name of their term."""

    __tablename__ = "job_event"

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(word(EventKind, "kind"))
    step: Mapped[int]
    steps: Mapped[int]
    losses: Mapped[dict[str, float] | None] = mapped_column(OptionalJson)
    preview: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    seconds_left: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Inbox(Table):
    """An update as it came from Telegram; its payload is emptied once it is done with."""

    __tablename__ = "inbox"
    __table_args__ = (
        partial_index("ix_inbox_open", "bot_id", "update_id", where="done_at IS NULL"),
    )

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None]
    media_group_id: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Outbox(Table):
    """A call to Telegram that is owed; within a chat they leave in the order of their ids."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        partial_index("ix_outbox_open", "chat_id", "id", where="done_at IS NULL"),
        Index(None, "job_id"),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    method: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    dedupe_key: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    sent_message_id: Mapped[int | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
