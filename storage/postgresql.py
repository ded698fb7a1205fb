"""What PostgreSQL needs that SQLite does not: settings of a connection, error codes, wake-up calls.

The driver, psycopg, is an extra of its own and imported only where a server is used.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.errors import (
    StorageBusy,
    StorageDamaged,
    StorageError,
    StorageFull,
    StorageUnavailable,
)

CONNECT_SECONDS = 10
LOCK_SECONDS = 10
# A transaction that says nothing for so long belongs to a client that the network has lost.
IDLE_SECONDS = 120
# What the triggers of migration 0006 call, each heard by one of the bot's loops.
CHANNELS = ("easel_fetch", "easel_dispatch", "easel_send")

# Codes: PostgreSQL, Appendix A. A class is the first two characters.
FULL_CODES = ("53100",)
BUSY_CODES = ("40001", "40P01", "55P03", "57014", "53300", "25P03")
DAMAGED_CLASSES = ("XX",)
UNAVAILABLE = {
    "25006": "The database can only be read: the server is a standby, or was told so.",
    "42501": "The database's user may not do that; it has to own its tables.",
}
UNAVAILABLE_CLASSES = ("08", "53", "57", "58", "F0")
BUSY = "The database did not come to it in time, because others held what was needed."
UNREACHABLE = "The database server cannot be reached, or the connection to it broke."


def connect_arguments() -> dict[str, Any]:
    """What psycopg.connect takes so that a server that vanished is noticed within a minute."""
    return {
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }


def listen(engine: AsyncEngine) -> None:
    """Bound the waiting on every new connection."""

    def set_timeouts(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
        cursor.close()
        connection.commit()

    event.listen(engine.sync_engine, "connect", set_timeouts)


def explain(error: BaseException | None) -> StorageError | None:
    """Our error for one of psycopg's, or None when the program itself is at fault."""
    if error is None or not type(error).__module__.startswith("psycopg"):
        return None
    code = getattr(error, "sqlstate", None)
    if code is None:
        return _explain_connection(error)
    if code in FULL_CODES:
        return StorageFull("The disk is full: the database cannot be written.")
    if code in BUSY_CODES:
        return StorageBusy(BUSY)
    if code in UNAVAILABLE:
        return StorageUnavailable(UNAVAILABLE[code])
    if code[:2] in UNAVAILABLE_CLASSES:
        return StorageUnavailable(UNREACHABLE)
    if code[:2] in DAMAGED_CLASSES:
        return StorageDamaged("The database is damaged; its server's log says more.")
    return None


def _explain_connection(error: BaseException) -> StorageError | None:
    """Without a connection there are words but no codes; the server's follow its FATAL."""
    if "OperationalError" not in {kind.__name__ for kind in type(error).__mro__}:
        return None
    _, refused, reason = str(error).partition("FATAL:")
    if not refused:
        return StorageUnavailable(UNREACHABLE)
    return StorageUnavailable(f"The database server refuses: {reason.strip().splitlines()[0]}.")


async def notifications(url: URL) -> AsyncGenerator[str, None]:
    """The names of channels as they are called, by any process; raises StorageUnavailable.

    Whatever was called before this began is missed.
    """
    import psycopg

    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = await psycopg.AsyncConnection.connect(
            address, autocommit=True, **connect_arguments()
        )
        async with connection:
            for channel in CHANNELS:
                await connection.execute(f"LISTEN {channel}".encode())
            async for call in connection.notifies():
                yield call.channel
    except psycopg.Error as error:
        raise explain(error) or StorageUnavailable(UNREACHABLE) from error
