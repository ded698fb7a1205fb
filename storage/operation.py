"""The tables of the operator: what is spent, who may do what, whether new jobs are taken.

None of them hangs on a person's row: a ban, and what was painted today, outlive `users.forget`.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import RowNumber, Table, UtcDateTime, partial_index, utc_now


class Charge(Table):
    """What a job takes of its person's allowance of a day (UTC): an estimate, then the truth."""

    __tablename__ = "charge"
    __table_args__ = (
        CheckConstraint("seconds >= 0", name="seconds"),
        Index(None, "user_id", "day"),
    )

    job_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]
    seconds: Mapped[float]


class Standing(Table):
    """What the operator decided about a person: a ban, or another number of minutes a day."""

    __tablename__ = "standing"
    __table_args__ = (CheckConstraint("quota_minutes >= 0", name="quota_minutes"),)

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    banned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None]
    quota_minutes: Mapped[int | None]


class Flag(Table):
    """A switch of the whole bot; it is on while its row is there."""

    __tablename__ = "flag"

    name: Mapped[str] = mapped_column(primary_key=True)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class Broadcast(Table):
    """Words for everybody; those up to the user `reached` have them in their outbox.

    `chat_id` is where the counts are reported.
    """

    __tablename__ = "broadcast"
    __table_args__ = (partial_index("ix_broadcast_open", "id", where="done_at IS NULL"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str]
    reached: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    put_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
