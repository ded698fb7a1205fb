"""Back up database and pictures into a new folder, also while the bot runs, or restore them."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from storage.backup import back_up
from storage.copies import Manifest
from storage.errors import StorageError
from storage.folder import BLOB_FOLDER, database_url
from storage.restore import restore

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 all done, 1 some pictures were lost before, 2 nothing usable was written."""
    options = _parse(arguments)
    blobs = options.data_dir / BLOB_FOLDER
    try:
        file = _database_file(options.database_url or database_url(options.data_dir))
        if options.command == "backup":
            return _report("backed up into", options.folder, back_up(file, blobs, options.folder))
        restored = asyncio.run(restore(options.folder, file, blobs))
        return _report("restored from", options.folder, restored)
    except StorageError as error:
        sys.stderr.write(f"easel: {error}\n")
        return USAGE_ERROR


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m storage", description=__doc__)
    parser.add_argument("command", choices=["backup", "restore"])
    parser.add_argument("folder", type=Path, help="of the backup")
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=Path(os.environ.get("DATA_DIR") or "data"),
        help="folder of the database and the pictures; by default that of DATA_DIR",
    )
    parser.add_argument(
        "--database-url",
        default=_from_environment(),
        help="the database, if not in the data folder; by default that of DATABASE_URL",
    )
    return parser.parse_args(arguments)


def _from_environment() -> str | None:
    path = os.environ.get("DATABASE_URL_FILE")
    return Path(path).read_text().strip() if path else os.environ.get("DATABASE_URL")


def _database_file(url: str) -> Path:
    try:
        found = make_url(url)
    except ArgumentError:
        raise StorageError("DATABASE_URL is not the address of a database.") from None
    if found.get_backend_name() != "sqlite" or not found.database:
        raise StorageError(
            "Only SQLite is copied by this command: for PostgreSQL take pg_dump and a copy of the "
            "blobs folder, as docs/operations.md says."
        )
    return Path(found.database)


def _report(done: str, folder: Path, manifest: Manifest) -> int:
    pictures = "1 picture" if manifest.blobs == 1 else f"{manifest.blobs} pictures"
    megabytes = manifest.blob_bytes / 1e6
    sys.stdout.write(f"The database and {pictures} ({megabytes:.1f} MB) were {done} {folder}.\n")
    if manifest.missing:
        names = " ".join(manifest.missing)
        sys.stderr.write(f"easel: these pictures were gone or damaged before: {names}\n")
    return int(bool(manifest.missing))


if __name__ == "__main__":
    sys.exit(main())
