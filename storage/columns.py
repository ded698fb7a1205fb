"""What tables are made of: their root class, types that SQL lacks, columns from declarations."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Double,
    Enum,
    Index,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import TypeEngine

from engine.declarations import Declared, Setting, declared

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only in a column that is declared INTEGER.
RowNumber = BigInteger().with_variant(Integer, "sqlite")
OptionalJson = JSON(none_as_null=True)

D = TypeVar("D", bound=Declared)


class Table(DeclarativeBase):
    """Root of the mapped classes; constraints have names, so that a migration can find them."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)


def utc_now() -> datetime:
    """The present moment, aware of its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed: `code` is a key of the bot's texts, `values` the numbers in the sentence.

    The storage itself gives one code, `lease_expired`: the process that held the job vanished.
    """

    code: str
    values: dict[str, Any] = field(default_factory=dict)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes (ValueError): whose clock they mean is unknown."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"naive datetime {value}: the database keeps aware ones only")
        return value if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give the zone back that SQLite has no room for; PostgreSQL gives its session's."""
        if value is None:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Snapshot(TypeDecorator[D], Generic[D]):
    """A frozen copy of declared values as JSON; names that came or went since are harmless."""

    impl = JSON
    cache_ok = True

    def __init__(self, holder: type[D]) -> None:
        super().__init__()
        self.holder = holder

    def process_bind_param(self, value: D | None, _dialect: Dialect) -> Any:
        """All values by name."""
        return None if value is None else value.as_dict()

    def process_result_value(self, value: Any, _dialect: Dialect) -> D | None:
        """The holder again; raises InvalidSetting for a value that is no longer allowed."""
        return None if value is None else self.holder.from_dict(value)


class JobErrorJson(TypeDecorator[JobError]):
    """A JobError as JSON; None is SQL's NULL."""

    impl = OptionalJson
    cache_ok = True

    def process_bind_param(self, value: JobError | None, _dialect: Dialect) -> Any:
        """Code and values by name."""
        return None if value is None else asdict(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> JobError | None:
        """The dataclass again."""
        return None if value is None else JobError(**value)


def word(choices: type[StrEnum], name: str) -> Enum:
    """A text column with a CHECK of that name that allows the enum's values only."""
    return Enum(
        choices,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda kind: [member.value for member in kind],
    )


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows that fulfil the condition only."""
    return Index(
        name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where)
    )


def declared_columns(holder: type[Declared]) -> list[MappedColumn[Any]]:
    """One typed column with a CHECK for each declared value, in the holder's order."""
    return [
        mapped_column(
            setting.name,
            _sql_type(setting),
            CheckConstraint(_allowed(setting), name=setting.name),
            nullable=setting.optional,
        )
        for setting in declared(holder)
    ]


def _sql_type(setting: Setting) -> TypeEngine[Any]:
    if setting.kind is str:
        return String()
    return Integer() if setting.kind is int else Double()


def _allowed(setting: Setting) -> str:
    if setting.choices:
        words = ", ".join(f"'{choice}'" for choice in setting.choices)
        return f"{setting.name} IN ({words})"
    counted = f"length({setting.name})" if setting.kind is str else setting.name
    return f"{counted} BETWEEN {setting.minimum:.15g} AND {setting.maximum:.15g}"
