"""The parameters of a bot's call: from the query, a form, multipart or a JSON body.

A value that is an object stands as JSON text in a form and as itself in a JSON body.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.playground.errors import ApiError, bad_request
from bot.playground.media import Upload

UNKNOWN_MIME = "application/octet-stream"
MAX_UPLOAD_BYTES = 50 << 20  # what the hosted server takes from a bot


class Parameters:
    """What a call says; absent values read as empty."""

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}
        self._files = dict(files)

    def __contains__(self, name: str) -> bool:
        return name in self._values or name in self._files

    def text(self, name: str) -> str:
        """The value as text, "" when absent."""
        value = self._values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        """The value as an integer; the default when absent or no number, as the real server."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether the value says yes."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def json(self, name: str, what: str) -> Any:
        """The value as an object, None when absent; raises ApiError naming `what` it should be."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return read_json(value) if value.strip() else None
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def file(self, name: str) -> Upload | None:
        """A file of the multipart body, by field name."""
        return self._files.get(name)


async def read_parameters(request: web.Request) -> Parameters:
    """Read the whole of a call; raises ApiError 413 above 50 MB, 400 for a broken body."""
    values: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            body = read_json(await request.text() or "{}")
            if not isinstance(body, dict):
                raise bad_request("object expected as the body")
            values |= body
        else:
            for name, value in await read_form(request):
                if isinstance(value, Upload):
                    files[name] = value
                else:
                    values[name] = value
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    except ValueError:
        raise bad_request("can't parse the body") from None
    if any(len(file.data) > MAX_UPLOAD_BYTES for file in files.values()):
        raise ApiError(413, "Request Entity Too Large")
    return Parameters(values, files)


def read_json(text: str) -> Any:
    """What JSON stands for; raises ValueError, also for half a surrogate pair, which is no text."""
    found = json.loads(text)
    json.dumps(found, ensure_ascii=False).encode()
    return found


async def read_form(request: web.Request) -> list[tuple[str, str | Upload]]:
    """The fields of a form in their order, files read whole."""
    fields: list[tuple[str, str | Upload]] = []
    form = await request.post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file as file:
                fields.append((name, Upload(file.read(), value.filename, _mime(value))))
        else:
            fields.append((name, value if isinstance(value, str) else bytes(value).decode()))
    return fields


def _mime(field: web.FileField) -> str:
    """The type the sender named, else the one the file's name stands for."""
    if field.content_type != UNKNOWN_MIME:
        return field.content_type
    return mimetypes.guess_type(field.filename)[0] or UNKNOWN_MIME
