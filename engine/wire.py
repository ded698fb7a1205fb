"""What crosses between the engine service and its clients: orders, events and refusals as JSON.

An order is a multipart body: a part of JSON that says how to paint, and the pictures beside it.
Events are the headers of `engine.messages` without paths: what a path led to is fetched apart.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError, InvalidInput, WorkerLost
from engine.messages import Failed, Header, Message, describe, plain, read
from engine.runner import Job, Preview, Progress, Result, StateSaved
from engine.settings import Settings

ORDER, CONTENT, STYLE, INITIAL = "order", "content", "style", "initial"  # the parts of an order
GAP = "gap"  # an event: some before the next are not kept any more
ATTEMPT = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}(\.[A-Za-z0-9_-]{1,32})?"  # the id of an attempt
MAX_STYLES = 16
MAX_WEIGHT = 1e6
SCALES = 0.01, 100.0
PERCENTS = 1, 100
MAX_FAILURES = 100
# What reading JSON of another shape than ours raises.
NOT_UNDERSTOOD = (KeyError, TypeError, ValueError, AttributeError)
_PATHS = ("path", "painted")


@dataclass(frozen=True, slots=True)
class Order:
    """How to paint. `styles` are (weight, scale), in the order of the style parts; none says all 1.

    `resume` is the id of an earlier attempt, from whose last saved state this one goes on.
    """

    styles: tuple[tuple[float, float], ...]
    settings: Settings
    preview_percent: int = 10
    failures: int = 0
    resume: str | None = None


def write_order(job: Job, resume: str | None) -> str:
    """The order of a job, as JSON."""
    styles = [{"weight": style.weight, "scale": style.scale} for style in job.styles]
    values = {
        "styles": styles,
        "settings": job.settings.as_dict(),
        "preview_percent": job.preview_percent,
        "failures": job.failures,
        "resume": resume,
    }
    return json.dumps(values)


def read_order(text: bytes) -> Order:
    """The order that JSON says. Raises InvalidInput that names what is wrong with it."""
    values = _parsed(text)
    styles = values.get("styles")
    if styles is not None and not (isinstance(styles, list) and 1 <= len(styles) <= MAX_STYLES):
        raise InvalidInput(f"styles takes a list of 1 to {MAX_STYLES} objects.")
    resume = values.get("resume")
    if resume is not None and not isinstance(resume, str):
        raise InvalidInput("resume takes the id of an attempt, or null.")
    return Order(
        styles=tuple(_style(style) for style in styles or ()),
        settings=Settings.from_dict(_object(values.get("settings", {}), "settings")),
        preview_percent=_whole(values, "preview_percent", 10, *PERCENTS),
        failures=_whole(values, "failures", 0, 0, MAX_FAILURES),
        resume=resume,
    )


def write_event(message: Message) -> tuple[str, str]:
    """The name and the JSON of an event, without the bytes and paths it stands for."""
    header, _ = describe(message)
    kind = header.pop("type")
    if isinstance(message, Result):
        header["recolored"] = message.painted is not None
    values = {name: value for name, value in header.items() if name not in _PATHS}
    return kind, json.dumps(values, default=plain)


def read_event(kind: str, data: str) -> Message | None:
    """The message of an event; paths and pictures are empty. None for a kind we do not know.

    A Result has a `painted` path, if an empty one, when there are two pictures to fetch. Raises
    WorkerLost when the service is of another version.
    """
    if kind not in _KINDS:
        return None
    try:
        header: Header = {"type": kind, **json.loads(data)}
        if kind in ("StateSaved", "Result"):
            header["path"] = ""
        if kind == "Result":
            header["painted"] = "" if header.pop("recolored") else None
        return read(header)
    except NOT_UNDERSTOOD:
        raise WorkerLost(f"The engine service is of another version: {kind} {data:.80}") from None


def refusal_members(error: EngineError) -> dict[str, Any]:
    """What a problem document says of an error of the engine, beside its sentence."""
    header, _ = describe(Failed(error))
    return {"error": header["error"], "extras": header["extras"]}


def refusal(problem: Mapping[str, Any], status: int) -> EngineError:
    """The error of the engine that a problem document tells of; else WorkerLost with its words."""
    detail = problem.get("detail", "nothing is said of the reason")
    if "error" not in problem:
        return WorkerLost(f"The engine service refused the run with status {status}: {detail}")
    extras = problem.get("extras", {})
    header = {"type": "Failed", "error": problem["error"], "message": detail, "extras": extras}
    try:
        failed = read(header)
    except NOT_UNDERSTOOD:
        return WorkerLost(f"The engine service is of another version: {detail}")
    assert isinstance(failed, Failed)
    return failed.error


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        values = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InvalidInput("The order is not valid JSON.") from None
    return _object(values, "The order")


def _refuse_constant(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(f"{name} takes a JSON object.")
    return value


def _style(value: Any) -> tuple[float, float]:
    style = _object(value, "Each of styles")
    weight = _number(style, "weight", 0.0, MAX_WEIGHT)
    return weight, _number(style, "scale", *SCALES)


def _number(values: dict[str, Any], name: str, low: float, high: float) -> float:
    value = values.get(name, 1.0)
    plain_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not plain_number or not low <= value <= high:
        raise InvalidInput(f"{name} takes a number from {low:g} to {high:g}.")
    return float(value)


def _whole(values: dict[str, Any], name: str, default: int, low: int, high: int) -> int:
    value = values.get(name, default)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value != int(value) or not low <= value <= high:
        raise InvalidInput(f"{name} takes a whole number from {low} to {high}.")
    return int(value)


_KINDS = {kind.__name__ for kind in (Progress, Preview, StateSaved, Result, Failed)}
