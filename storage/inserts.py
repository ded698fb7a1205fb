"""Inserts that meet an existing row: one statement, so that two processes cannot collide.

SQL has no common form for them, but SQLAlchemy's for SQLite and PostgreSQL are alike.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import Table

T = TypeVar("T", bound=Table)


async def insert_new(session: AsyncSession, table: type[T], **values: Any) -> T | None:
    """The new row, or None when a unique key already has one, which stays as it is."""
    statement = _insert(session, table).values(**values).on_conflict_do_nothing().returning(table)
    row: T | None = await session.scalar(statement)
    return row


async def insert_or_update(
    session: AsyncSession, table: type[T], *, key: tuple[str, ...], **values: Any
) -> T:
    """The row with that key, new or changed to these values."""
    insert = _insert(session, table).values(**values)
    changes = {name: value for name, value in values.items() if name not in key}
    statement = insert.on_conflict_do_update(index_elements=key, set_=changes).returning(table)
    rows = await session.scalars(statement, execution_options={"populate_existing": True})
    row: T = rows.one()
    return row


def _insert(session: AsyncSession, table: type[T]) -> Any:
    name = session.get_bind().dialect.name
    return (postgresql.insert if name == "postgresql" else sqlite.insert)(table)
