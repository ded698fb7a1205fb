"""Everything that can go wrong in storage, as a tree.

StorageError
├── StorageBusy         others held the database, or what was needed of it, for longer than we wait
├── StorageFull         no room left for the database or a picture; claiming must stop
├── StorageUnavailable  the file, its folder or the server cannot be opened or written
├── StorageDamaged      the file is not a database, is damaged, or breaks its own references
├── SchemaTooNew        the database was written by a newer version of the program
├── NoBackup            a folder holds no finished backup, or something is in a backup's way
├── Fenced              the attempt that writes has lost its job to another one
└── NoSuchJob           no job has that id

Every message is one plain sentence. Errors that only a fault of the program can cause, such as a
broken constraint, stay SQLAlchemy's.
"""

from __future__ import annotations


class StorageError(Exception):
    """Root of the tree."""


class StorageBusy(StorageError):
    """Others held what was needed for longer than we wait; the same call may work later."""


class StorageFull(StorageError):
    """The disk, or the share of it that we may use, is full."""


class StorageUnavailable(StorageError):
    """The file, its folder or the server cannot be opened or written."""


class StorageDamaged(StorageError):
    """The file is not a database, is damaged, or holds references to nothing."""


class SchemaTooNew(StorageError):
    """The schema has a revision that this version of the program does not know."""


class NoBackup(StorageError):
    """A folder holds no finished backup, or something stands where one is to be written."""


class Fenced(StorageError):
    """The attempt no longer holds its job: whatever it still writes must be ignored."""


class NoSuchJob(StorageError):
    """No job has that id."""
