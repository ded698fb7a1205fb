"""What crosses the seam between a caller and its worker process, as frames of JSON and bytes.

A frame is two lengths (4 bytes each, big-endian), a header (JSON, with the message's `type`), and a
body: the JPEG of a preview, else nothing. Pictures and states go by path, not through the socket.
"""

from __future__ import annotations

import dataclasses
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import errors
from engine.forecast import DeviceSpeed, Speed
from engine.runner import Event, Job, Losses, Preview, Progress, Result, StateSaved, Style
from engine.settings import Settings

PREFIX = struct.Struct(">II")
Header = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """To the worker: paint this job, from a saved state when one is given."""

    job: Job
    resume: Path | None


@dataclass(frozen=True, slots=True)
class Stop:
    """To the worker: end the run of that job now."""

    job_id: str
    keep_best: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """From the worker: the network is loaded, orders may come."""


@dataclass(frozen=True, slots=True)
class Measured:
    """From the worker, when it was idle for a while: how fast its device paints."""

    speed: DeviceSpeed


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """From the worker: the process lives, whatever its step is doing."""


@dataclass(frozen=True, slots=True)
class Failed:
    """From the worker: the run ended without a picture, or the worker cannot start."""

    error: errors.EngineError


Message = Run | Stop | Ready | Measured | Heartbeat | Failed | Event


def pack(message: Message) -> bytes:
    """A message as one frame."""
    header, body = describe(message)
    text = json.dumps(header, default=plain).encode()
    return PREFIX.pack(len(text), len(body)) + text + body


def unpack(header: bytes, body: bytes) -> Message:
    """The message of a frame whose two parts were read."""
    return read(json.loads(header), body)


def describe(message: Message) -> tuple[Header, bytes]:
    """A message as its header, for `json.dumps(…, default=plain)`, and its body."""
    header: Header = {"type": type(message).__name__}
    if isinstance(message, Failed):
        return header | _describe_error(message.error), b""
    values = {f.name: getattr(message, f.name) for f in dataclasses.fields(message)}
    body: bytes = values.pop("jpeg", b"")
    return header | values, body


def read(header: Header, body: bytes = b"") -> Message:
    """The message that `describe` gave."""
    values = dict(header)
    return _READERS[values.pop("type")](values, body)


def plain(value: Any) -> Any:
    """What JSON does not know: a path is its text, settings and other dataclasses their fields."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Settings):
        return value.as_dict()
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _describe_error(error: errors.EngineError) -> Header:
    extras = {name: value for name, value in vars(error).items() if not name.startswith("_")}
    return {"error": type(error).__name__, "message": str(error), "extras": extras}


def _read_error(values: Header) -> errors.EngineError:
    extras = values["extras"]
    extras |= extras.pop("values", {})
    error: errors.EngineError = getattr(errors, values["error"])(values["message"], **extras)
    return error


def _read_job(values: Header) -> Job:
    styles = tuple(Style(**style | {"path": Path(style["path"])}) for style in values["styles"])
    return Job(
        id=values["id"],
        content=Path(values["content"]),
        styles=styles,
        settings=Settings.from_dict(values["settings"]),
        folder=Path(values["folder"]),
        preview_percent=values["preview_percent"],
        failures=values["failures"],
        initial=_path(values["initial"]),
    )


def _read_run(values: Header, _: bytes) -> Run:
    return Run(_read_job(values["job"]), _path(values["resume"]))


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def _read_measured(values: Header, _: bytes) -> Measured:
    speeds = {name: Speed(**speed) for name, speed in values["speed"].items()}
    return Measured(DeviceSpeed(**speeds))


def _with_path(values: Header) -> Header:
    return values | {"path": Path(values["path"])}


def _read_result(values: Header, _: bytes) -> Result:
    painted = {"painted": _path(values["painted"])}
    return Result(**_with_losses(_with_path(values)) | painted)


def _with_losses(values: Header) -> Header:
    return values | {"losses": Losses(**values["losses"])}


_READERS: dict[str, Callable[[Header, bytes], Message]] = {
    "Run": _read_run,
    "Stop": lambda values, _: Stop(**values),
    "Ready": lambda _values, _: Ready(),
    "Measured": _read_measured,
    "Heartbeat": lambda _values, _: Heartbeat(),
    "Failed": lambda values, _: Failed(_read_error(values)),
    "Progress": lambda values, _: Progress(**_with_losses(values)),
    "Preview": lambda values, body: Preview(**_with_losses(values), jpeg=body),
    "StateSaved": lambda values, _: StateSaved(**_with_path(values)),
    "Result": _read_result,
}
