"""Where things lie in the data folder."""

from __future__ import annotations

from pathlib import Path

DATABASE_FILE = "easel.db"
BLOB_FOLDER = "blobs"


def database_url(data_dir: Path) -> str:
    """The database's address where the operator names none."""
    return f"sqlite+aiosqlite:///{data_dir / DATABASE_FILE}"
