"""The service described for programs: OpenAPI 3.1, the settings taken from their declarations."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.declarations import Setting
from engine.service.attempt import Status
from engine.service.problems import MEDIA_TYPE
from engine.settings import SETTINGS
from engine.wire import (
    ATTEMPT,
    CONTENT,
    INITIAL,
    MAX_FAILURES,
    MAX_STYLES,
    MAX_WEIGHT,
    ORDER,
    PERCENTS,
    SCALES,
    STYLE,
)

Schema = dict[str, Any]
NUMBER = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
BINARY = {"type": "string", "contentMediaType": "application/octet-stream"}
REFUSALS = {
    400: "malformed",
    401: "wrong or missing token",
    403: "sent by another site's page",
    404: "unknown or forgotten",
    408: "too slow",
    409: "the id belongs to another order",
    413: "too large",
    415: "not multipart/form-data",
    417: "an expectation other than 100-continue",
    422: "cannot be used",
    503: "no device is free, or not ready; Retry-After says when to ask again",
}


@cache
def description() -> Schema:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Easel engine service", "version": "1"},
        "paths": {
            "/v1/jobs/{id}": {"parameters": [_ID], "put": _put(), "get": _job()},
            "/v1/jobs/{id}/events": {"parameters": [_ID], "get": _events()},
            "/v1/jobs/{id}/preview": {"parameters": [_ID], "get": _preview()},
            "/v1/jobs/{id}/result": {"parameters": [_ID], "get": _result()},
            "/v1/jobs/{id}/cancel": {"parameters": [_ID], "post": _cancel()},
            "/v1/queue": {"get": _open("What is painted and who waits.", "Queue")},
            "/v1/devices": {"get": _open("The devices and their speed.", "Devices")},
            "/healthz": {"get": _probe("Whether the process lives.")},
            "/readyz": {"get": _probe("Whether orders may come.", 503)},
            "/metrics": {"get": _metrics()},
        },
        "components": {
            "schemas": _schemas(),
            "responses": {f"r{status}": _problem(words) for status, words in REFUSALS.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": (
        "The id of an attempt, chosen by the client. What stands before a point names the job: a "
        "newer attempt at it takes the place of an earlier one."
    ),
    "schema": {"type": "string", "pattern": f"^{ATTEMPT}$"},
}


def _put() -> Schema:
    parts = {
        ORDER: _ref("Order"),
        CONTENT: BINARY,
        STYLE: {"type": "array", "items": BINARY, "minItems": 1, "maxItems": MAX_STYLES},
        INITIAL: BINARY,
    }
    form: Schema = {"type": "object", "properties": parts, "required": [ORDER, CONTENT, STYLE]}
    form |= {"additionalProperties": False}
    encoding = {ORDER: {"contentType": "application/json"}}
    body = {"multipart/form-data": {"schema": form, "encoding": encoding}}
    answers = {
        "201": _json("Accepted: it is painted.", "Attempt"),
        "200": _json("The same order was accepted before.", "Attempt"),
    }
    return {
        "summary": "Accept an order when a device is free.",
        "requestBody": {"required": True, "content": body},
        "responses": answers | _refusals(400, 408, 409, 413, 415, 417, 422, 503),
    }


def _job() -> Schema:
    answers = {"200": _json("The attempt.", "Attempt")}
    return {"summary": "Where it stands.", "responses": answers | _refusals(404)}


def _events() -> Schema:
    fields = dict.fromkeys(("id", "event", "data"), _STRING)
    event = {"type": "object", "properties": fields, "required": ["event", "data"]}
    text = {"description": "Events.", "content": {"text/event-stream": {"schema": event}}}
    last = {"name": "Last-Event-ID", "in": "header", "schema": NUMBER}
    answers = {"200": text, "204": {"description": "It ended with the event of that number."}}
    return {
        "summary": "Its events to the end: from the start, or after a number.",
        "parameters": [{"name": "after", "in": "query", "schema": NUMBER}, last],
        "responses": answers | _refusals(400, 404, 503),
    }


def _preview() -> Schema:
    event = {"name": "event", "in": "query", "schema": NUMBER}
    answers = {"200": {"description": "The JPEG.", "content": {"image/jpeg": {}}}}
    return {
        "summary": "The latest preview, or that of an event.",
        "parameters": [event],
        "responses": answers | _refusals(400, 404),
    }


def _result() -> Schema:
    painted = {"name": "painted", "in": "query", "schema": {"type": "integer", "enum": [0, 1]}}
    png = {"description": "The PNG.", "content": {"image/png": {}}}
    part = {"206": png, "416": {"description": "No such range."}}
    return {
        "summary": "The result, or what it was before it got the photo's colours.",
        "parameters": [painted],
        "responses": {"200": png} | part | _refusals(400, 404),
    }


def _cancel() -> Schema:
    wish = {"type": "object", "properties": {"keep_best": {"type": "boolean"}}}
    return {
        "summary": "End it early; of one that has ended, drop the pictures unless they are kept.",
        "requestBody": {"content": {"application/json": {"schema": wish}}},
        "responses": {"202": _json("It will end.", "Attempt")} | _refusals(400, 404, 413, 422),
    }


def _metrics() -> Schema:
    text = {"description": "Figures.", "content": {"text/plain": {"schema": _STRING}}}
    return {"summary": "For Prometheus.", "responses": {"200": text} | _refusals()}


def _open(summary: str, schema: str) -> Schema:
    return {"summary": summary, "responses": {"200": _json(summary, schema)} | _refusals()}


def _probe(summary: str, *refusals: int) -> Schema:
    answer = {"200": _json(summary, "Status")}
    references = {str(status): _ref(f"r{status}", "responses") for status in refusals}
    return {"summary": summary, "security": [], "responses": answer | references}


def _refusals(*statuses: int) -> Schema:
    """Of an operation; anybody may be refused for want of the token."""
    every = (401, 403, *statuses)
    return {str(status): _ref(f"r{status}", "responses") for status in every}


def _json(words: str, schema: str) -> Schema:
    return {"description": words, "content": {"application/json": {"schema": _ref(schema)}}}


def _problem(words: str) -> Schema:
    content = {MEDIA_TYPE: {"schema": _ref("Problem")}}
    return {"description": words.capitalize() + ".", "content": content}


def _ref(name: str, kind: str = "schemas") -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def _schemas() -> Schema:
    words, number, whole = _STRING, {"type": "number"}, {"type": "integer"}
    status = {"enum": [str(status) for status in Status]}
    attempt = {"id": words, "status": status, "latest_event": whole, "accepted": number}
    problem = {"type": words, "title": words, "status": whole, "detail": words}
    waiting = {"id": words, "seconds": number}
    device = {"name": words, "attempt": {"type": ["string", "null"]}}
    return {
        "Order": _order(),
        "Attempt": _object(attempt),
        "Problem": _object(problem),
        "Status": _object({"status": words}),
        "Queue": _object(
            {"free": whole, "running": _list(_ref("Attempt")), "waiting": _list(_object(waiting))}
        ),
        "Devices": _object({"ready": {"type": "boolean"}, "devices": _list(_object(device))}),
    }


def _order() -> Schema:
    low, high = SCALES
    style = {
        "weight": {"type": "number", "minimum": 0, "maximum": MAX_WEIGHT},
        "scale": {"type": "number", "minimum": low, "maximum": high},
    }
    styles = {"type": "array", "minItems": 1, "maxItems": MAX_STYLES}
    values = {
        "styles": styles | {"items": {"type": "object", "properties": style}},
        "settings": {"type": "object", "properties": {s.name: _setting(s) for s in SETTINGS}},
        "preview_percent": {"type": "integer", "minimum": PERCENTS[0], "maximum": PERCENTS[1]},
        "failures": {"type": "integer", "minimum": 0, "maximum": MAX_FAILURES},
        "resume": {"type": ["string", "null"]},
    }
    return {"type": "object", "properties": values}


def _setting(setting: Setting) -> Schema:
    described: Schema = {"description": setting.help, "default": setting.default}
    if setting.choices:
        return described | {"enum": list(setting.choices)}
    kind = "integer" if setting.kind is int else "number"
    bounds = {"minimum": setting.minimum, "maximum": setting.maximum}
    return described | {"type": [kind, "null"] if setting.optional else kind} | bounds


def _object(values: Schema) -> Schema:
    return {"type": "object", "properties": values, "required": list(values)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_STRING = {"type": "string"}
