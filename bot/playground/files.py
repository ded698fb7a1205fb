"""Every file the playground holds, by file_id and by path, and what it is part of."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.playground import pictures
from bot.playground.pictures import Picture

# The letters the real server's identifiers begin with, by kind.
PREFIXES = {"photo": "AgACAgIAAxkB", "document": "BQACAgIAAxkB", "sticker": "CAACAgIAAxkB"}
THUMBNAIL_PREFIX = "AAMCAgADGQEB"


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
    data: bytes = field(repr=False)
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
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.data)}

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

    def as_update(self) -> list[dict[str, Any]]:
        """The array of PhotoSize."""
        return [size.as_size() for size in self.sizes]


@dataclass(frozen=True, slots=True)
class Document:
    """A file kept byte for byte, with a thumbnail when it is a picture."""

    file: StoredFile
    thumbnail: StoredFile | None
    kind = "document"

    def as_update(self) -> dict[str, Any]:
        """A Document."""
        small = {"thumbnail": self.thumbnail.as_size()} if self.thumbnail else {}
        about = {"file_name": self.file.name, "mime_type": self.file.mime}
        return {**about, **small, **self.file.as_update()}


@dataclass(frozen=True, slots=True)
class Sticker:
    """A still WebP sticker."""

    file: StoredFile
    thumbnail: StoredFile | None
    kind = "sticker"

    def as_update(self) -> dict[str, Any]:
        """A Sticker of no set."""
        small = {"thumbnail": self.thumbnail.as_size()} if self.thumbnail else {}
        still = {"type": "regular", "is_animated": False, "is_video": False}
        return {**self.file.as_size(), **small, **still}


Media = Photo | Document | Sticker


class Files:
    """Keeps media in memory for as long as the playground runs."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._media: dict[str, Media] = {}

    def file(self, file_id: str) -> StoredFile | None:
        """The file of that id, thumbnails too."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """The file a download URL names."""
        return self._by_path.get(path)

    def media(self, file_id: str) -> Media | None:
        """The photo, document or sticker that a file_id may be sent again as."""
        return self._media.get(file_id)

    async def add(self, kind: str, upload: Upload) -> Media:
        """Keep an upload as a photo, document or sticker; raises PictureError."""
        if kind == "photo":
            rungs = await asyncio.to_thread(pictures.photo_ladder, upload.data)
            return self._remember(Photo(tuple(self._add_picture("photo", rung) for rung in rungs)))
        if kind == "sticker":
            picture = await asyncio.to_thread(pictures.sticker, upload.data)
            small = await self._thumbnail(upload.data)
            return self._remember(Sticker(self._add_picture("sticker", picture), small))
        small = await self._thumbnail(upload.data)
        file = self._add(PREFIXES["document"], "documents", upload)
        return self._remember(Document(file, small))

    def _remember(self, media: Media) -> Media:
        for file in media.sizes if isinstance(media, Photo) else (media.file,):
            self._media[file.id] = media
        return media

    async def _thumbnail(self, data: bytes) -> StoredFile | None:
        picture = await asyncio.to_thread(pictures.thumbnail, data)
        if picture is None:
            return None
        upload = Upload(picture.data, "", "image/jpeg")
        return self._add(THUMBNAIL_PREFIX, "thumbnails", upload, picture)

    def _add_picture(self, kind: str, picture: Picture) -> StoredFile:
        mime = "image/webp" if kind == "sticker" else "image/jpeg"
        upload = Upload(picture.data, "", mime)
        return self._add(PREFIXES[kind], f"{kind}s", upload, picture)

    def _add(
        self, prefix: str, folder: str, upload: Upload, picture: Picture | None = None
    ) -> StoredFile:
        sha256 = hashlib.sha256(upload.data).hexdigest()
        number = len(self._by_id)
        file = StoredFile(
            id=f"{prefix}{secrets.token_urlsafe(24)}",
            unique_id=f"AQAD{folder[0]}{sha256[:12]}",
            path=f"{folder}/file_{number}{mimetypes.guess_extension(upload.mime) or ''}",
            mime=upload.mime,
            data=upload.data,
            sha256=sha256,
            name=upload.name,
            width=picture.width if picture else 0,
            height=picture.height if picture else 0,
        )
        self._by_id[file.id] = self._by_path[file.path] = file
        return file
