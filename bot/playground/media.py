"""Photos, documents and stickers: their files, and what the Bot API says of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.playground.pictures import TGS, WEBM


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in, from a bot or a person."""

    data: bytes = field(repr=False)
    name: str
    mime: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file with its identifiers: `id` names this copy, `unique_id` these bytes for ever."""

    id: str
    unique_id: str
    path: str
    mime: str
    size: int  # in bytes
    sha256: str  # of the bytes, in hex
    name: str = ""
    width: int = 0
    height: int = 0

    @property
    def url(self) -> str:
        """Where a person's browser finds it."""
        return f"/api/files/{self.id}"

    def as_update(self) -> dict[str, Any]:
        """The fields that every file object of the Bot API has."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}

    def as_size(self) -> dict[str, Any]:
        """A PhotoSize."""
        return {**self.as_update(), "width": self.width, "height": self.height}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo in all its sizes, smallest first."""

    sizes: tuple[StoredFile, ...]
    kind = "photo"

    @property
    def file(self) -> StoredFile:
        """The largest size."""
        return self.sizes[-1]

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Everything that is stored of it."""
        return self.sizes

    def as_update(self) -> list[dict[str, Any]]:
        """The array of PhotoSize."""
        return [size.as_size() for size in self.sizes]


@dataclass(frozen=True, slots=True)
class Document:
    """A file kept byte for byte, with a thumbnail when it is a picture."""

    file: StoredFile
    thumbnail: StoredFile | None
    kind = "document"

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Everything that is stored of it."""
        return (self.file, self.thumbnail) if self.thumbnail else (self.file,)

    def as_update(self) -> dict[str, Any]:
        """A Document."""
        small = {"thumbnail": self.thumbnail.as_size()} if self.thumbnail else {}
        about = {"file_name": self.file.name, "mime_type": self.file.mime}
        return {**about, **small, **self.file.as_update()}


@dataclass(frozen=True, slots=True)
class Sticker:
    """A sticker: a WebP, or one that moves."""

    file: StoredFile
    thumbnail: StoredFile | None
    kind = "sticker"

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Everything that is stored of it."""
        return (self.file, self.thumbnail) if self.thumbnail else (self.file,)

    def as_update(self) -> dict[str, Any]:
        """A Sticker of no set."""
        small = {"thumbnail": self.thumbnail.as_size()} if self.thumbnail else {}
        moves = {"is_animated": self.file.mime == TGS, "is_video": self.file.mime == WEBM}
        return {**self.file.as_size(), **small, "type": "regular", **moves}


Media = Photo | Document | Sticker
