"""Every file the playground holds, by file_id and by path, and what it is part of."""

from __future__ import annotations

import asyncio
import itertools
import logging
import mimetypes
import secrets
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from bot.playground import pictures
from bot.playground.depot import Depot, sha256_of
from bot.playground.media import Document, Media, Photo, Sticker, StoredFile, Upload
from bot.playground.pictures import Picture

# The letters the real server's identifiers begin with, by kind.
PREFIXES = {
    "photo": "AgACAgIAAxkB",
    "document": "BQACAgIAAxkB",
    "sticker": "CAACAgIAAxkB",
    "thumbnail": "AAMCAgADGQEB",
}
NO_PICTURE = Picture(b"", 0, 0)
_log = logging.getLogger(__name__)


class Files:
    """Keeps media for as long as a message holds them, each version of each message once."""

    def __init__(self, depot: Depot) -> None:
        self._depot = depot
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._media: dict[str, Media] = {}
        self._holders: Counter[str] = Counter()  # by the id of a medium's main file
        self._copies: Counter[str] = Counter()  # files of the same bytes, by SHA-256
        self._unwanted: set[str] = set()  # SHA-256 of bytes that may go
        self._adding = 0  # how many uploads are being worked on
        # Begins at the clock, so that no path of an earlier run comes back.
        self._numbers = itertools.count(time.time_ns() // 10**6)
        self.held_bytes = 0  # by messages; bytes that two files share count twice

    def file(self, file_id: str) -> StoredFile | None:
        """The file of that id, thumbnails too."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """The file a download URL names."""
        return self._by_path.get(path)

    def media(self, file_id: str) -> Media | None:
        """The photo, document or sticker that a file_id may be sent again as."""
        return self._media.get(file_id)

    async def read(self, file: StoredFile | None) -> bytes | None:
        """A file's bytes; None without a file, or when its bytes were lost."""
        if file is None:
            return None
        try:
            return await asyncio.to_thread(self._depot.read, file.sha256)
        except FileNotFoundError:
            _log.error("The bytes of %s are gone", file.path)
            return None

    async def add(self, kind: str, upload: Upload) -> Media:
        """Keep an upload as a photo, document or sticker; raises PictureError, OSError."""
        self._adding += 1
        try:
            return self.know(await self._made(kind, upload))
        finally:
            self._adding -= 1

    async def _made(self, kind: str, upload: Upload) -> Media:
        if kind == "photo":
            rungs = await asyncio.to_thread(pictures.photo_ladder, upload.data)
            return Photo(tuple(await self._store("photo", map(_as_jpeg, rungs), rungs)))
        moving = pictures.moving_sticker(upload.data) if kind == "sticker" else None
        if moving is not None:
            size = Picture(b"", pictures.STICKER_PX, pictures.STICKER_PX)
            (file,) = await self._store("sticker", [Upload(upload.data, "", moving)], [size])
            return Sticker(file, None)
        if kind == "sticker":
            picture = await asyncio.to_thread(pictures.sticker, upload.data)
            upload = Upload(picture.data, "", "image/webp")
            (file,) = await self._store("sticker", [upload], [picture])
            return Sticker(file, await self._thumbnail(upload.data))
        (file,) = await self._store("document", [upload], [NO_PICTURE])
        return Document(file, await self._thumbnail(upload.data))

    async def _thumbnail(self, data: bytes) -> StoredFile | None:
        picture = await asyncio.to_thread(pictures.thumbnail, data)
        if picture is None:
            return None
        return (await self._store("thumbnail", [_as_jpeg(picture)], [picture]))[0]

    async def _store(
        self, kind: str, uploads: Iterable[Upload], pictures: Sequence[Picture]
    ) -> list[StoredFile]:
        uploads = list(uploads)
        names = await asyncio.to_thread(self._put, [upload.data for upload in uploads])
        return [self._file(kind, *one) for one in zip(uploads, names, pictures, strict=True)]

    def _put(self, contents: Sequence[bytes]) -> list[str]:
        names = [sha256_of(data) for data in contents]
        for name, data in zip(names, contents, strict=True):
            self._depot.put(name, data)
        return names

    def _file(self, kind: str, upload: Upload, sha256: str, picture: Picture) -> StoredFile:
        ending = mimetypes.guess_extension(upload.mime) or ""
        return StoredFile(
            id=f"{PREFIXES[kind]}{secrets.token_urlsafe(24)}",
            unique_id=f"AQAD{kind[0]}{sha256[:12]}",
            path=f"{kind}s/file_{next(self._numbers)}{ending}",
            mime=upload.mime,
            size=len(upload.data),
            sha256=sha256,
            name=upload.name,
            width=picture.width,
            height=picture.height,
        )

    def know(self, media: Media) -> Media:
        """Make media findable; those of that file_id as they are when they are known already."""
        if known := self._media.get(media.file.id):
            return known
        for file in media.files:
            self._by_id[file.id] = self._by_path[file.path] = file
            self._copies[file.sha256] += 1
        for file in media.sizes if isinstance(media, Photo) else (media.file,):
            self._media[file.id] = media
        return media

    def hold(self, media: Media) -> None:
        """Note that one more version of a message shows media."""
        self.know(media)  # the last other holder may have gone while a call was carried out
        self._holders[media.file.id] += 1
        if self._holders[media.file.id] == 1:
            self.held_bytes += sum(file.size for file in media.files)

    def release(self, media: Media) -> None:
        """Note that one fewer does; what nobody shows can be found no more."""
        self._holders[media.file.id] -= 1
        if self._holders[media.file.id]:
            return
        del self._holders[media.file.id]
        for file in media.files:
            del self._by_id[file.id], self._by_path[file.path]
            self._media.pop(file.id, None)
            self.held_bytes -= file.size
            self._copies[file.sha256] -= 1
            self._unwanted.add(file.sha256)

    def sweep(self) -> None:
        """Remove the bytes that no file names any more, once their names are off the books."""
        if self._adding:  # one that is arriving may have the same bytes
            return
        for sha256 in self._unwanted:
            if self._copies[sha256] == 0:
                del self._copies[sha256]
                self._depot.remove(sha256)
        self._unwanted.clear()

    def sha256s(self) -> Collection[str]:
        """The names of all bytes that are needed."""
        return self._copies.keys()


def _as_jpeg(picture: Picture) -> Upload:
    return Upload(picture.data, "", "image/jpeg")
