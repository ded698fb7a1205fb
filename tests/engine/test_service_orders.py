"""What the service accepts, and how it refuses the rest: nothing is half accepted."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientSession
from serving import HEADERS, PICTURE, events_of, form_of, new_form, problem

from engine.service import upload
from engine.service.server import Service

LONG = {"iterations": 5000}
SLOW = {"settings": LONG}
BROKEN = b'--x\r\nContent-Disposition: form-data; name="order"\r\n\r\n{}\r\n--x\r\nContent-Dispo'
NESTED = (
    b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\na\r\n--y--\r\n--x--\r\n"
)


def left_over(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "engine" / "uploads").iterdir())


async def test_an_order_is_accepted_once_and_recognised_after(session: ClientSession) -> None:
    async with session.put("/v1/jobs/a", data=new_form()) as answer:
        assert answer.status == 201
        assert answer.headers["Location"] == "/v1/jobs/a"
        assert (await answer.json())["status"] == "DOING"
    for _ in ("while it runs", "after its end"):
        async with session.put("/v1/jobs/a", data=new_form()) as answer:
            assert answer.status == 200
        kinds = [kind for kind, _, _ in await events_of(session, "a")]
        assert (kinds[0], kinds[-1]) == ("Accepted", "Result")
        assert kinds.count("Result") == 1


@pytest.mark.parametrize(
    "other",
    [{"settings": {"seed": 6}}, {"content": PICTURE + b"\0"}, {"preview_percent": 50}],
    ids=["settings", "picture", "previews"],
)
async def test_another_order_of_the_same_id_is_refused(
    session: ClientSession, other: dict[str, Any]
) -> None:
    await session.put("/v1/jobs/a", data=new_form())
    async with session.put("/v1/jobs/a", data=new_form(**other)) as answer:
        assert answer.status == 409
        assert "another order" in (await problem(answer))["detail"]


async def test_a_full_service_says_when_to_ask_again(
    session: ClientSession, tmp_path: Path
) -> None:
    await session.put("/v1/jobs/a", data=new_form(**SLOW))
    async with session.put("/v1/jobs/b", data=new_form()) as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "1"
        await problem(answer)
    async with session.put("/v1/jobs/a", data=new_form(**SLOW)) as answer:
        assert answer.status == 200  # what it has needs no device
    async with session.get("/v1/jobs/b") as answer:
        assert answer.status == 404
    assert left_over(tmp_path) == []


async def test_a_full_service_refuses_before_the_pictures_are_sent(service: Service) -> None:
    async with aiohttp.ClientSession(service.url, headers=HEADERS) as session:
        await session.put("/v1/jobs/a", data=new_form(**SLOW))
        address = service.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(address[0], int(address[1]))
        head = "PUT /v1/jobs/b HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        token = f"Authorization: {HEADERS['Authorization']}\r\n"
        writer.write(f"{head}{token}Content-Length: 9999999\r\n\r\n".encode())
        assert b"503" in await reader.readline()
        writer.close()


async def test_who_waits_longest_is_served_first(session: ClientSession) -> None:
    await session.put("/v1/jobs/a", data=new_form(**SLOW))
    for name in ("b", "c"):
        await session.put(f"/v1/jobs/{name}", data=new_form())
    async with session.get("/v1/queue") as answer:
        assert [waiting["id"] for waiting in (await answer.json())["waiting"]] == ["b", "c"]
    await session.post("/v1/jobs/a/cancel")
    await events_of(session, "a")
    async with session.put("/v1/jobs/c", data=new_form()) as answer:
        assert answer.status == 503
    async with session.put("/v1/jobs/b", data=new_form()) as answer:
        assert answer.status == 201


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ("nonsense", "not valid JSON"),
        ("NaN", "not valid JSON"),
        ("[" * 50_000, "not valid JSON"),
        ("[]", "takes a JSON object"),
        ('{"settings": 3}', "settings takes a JSON object"),
        ('{"settings": {"image_size": 1}}', "image_size takes 64 to 2048 px"),
        ('{"settings": {"iterations": "many"}}', "iterations takes 1 to 5000"),
        ('{"settings": {"style_weight": NaN}}', "not valid JSON"),
        ('{"settings": {"recipe": []}}', "recipe takes"),
        ('{"styles": []}', "styles takes a list of 1 to 16"),
        ('{"styles": [{}, {}]}', "speaks of 2 styles and has 1"),
        ('{"styles": [1]}', "Each of styles takes a JSON object"),
        ('{"styles": [{"weight": -1}]}', "weight takes a number"),
        ('{"styles": [{"scale": true}]}', "scale takes a number"),
        ('{"preview_percent": 0}', "preview_percent takes a whole number from 1 to 100"),
        ('{"failures": 1e400}', "failures takes a whole number"),
        ('{"resume": 5}', "resume takes the id"),
    ],
)
async def test_a_wrong_order_is_refused_in_a_sentence(
    session: ClientSession, tmp_path: Path, order: str, words: str
) -> None:
    async with session.put("/v1/jobs/a", data=form_of(order)) as answer:
        assert answer.status == 422
        assert words in (await problem(answer))["detail"]
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "multipart/form-data; boundary=x", 400),
        (BROKEN, "multipart/form-data; boundary=x", 400),
        (b"--y\r\n\r\n\r\n--y--\r\n", "multipart/form-data; boundary=x", 400),
        (NESTED, "multipart/form-data; boundary=x", 400),
        (b"{}", "multipart/form-data", 400),
        (b"{}", "application/json", 415),
        (b"", "", 415),
        (b'--x\r\nContent-Disposition: form-data; name="z"\r\n\r\nz\r\n--x--\r\n', "", 422),
        (b'--x\r\nContent-Disposition: form-data; name="order"\r\n\r\n{}\r\n--x--\r\n', "", 422),
    ],
)
async def test_a_malformed_body_is_refused(
    session: ClientSession, tmp_path: Path, body: bytes, kind: str, status: int
) -> None:
    kind = kind or ("multipart/form-data; boundary=x" if body else "application/octet-stream")
    async with session.put("/v1/jobs/a", data=body, headers={"Content-Type": kind}) as answer:
        assert answer.status == status
        await problem(answer)
    assert left_over(tmp_path) == []


async def test_too_much_is_refused_while_it_arrives(
    session: ClientSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with session.put("/v1/jobs/a", data=form_of(" " * 70_000)) as answer:
        assert answer.status == 413
    monkeypatch.setattr(upload, "MAX_PICTURE_BYTES", 1 << 20)
    async with session.put("/v1/jobs/a", data=new_form(content=bytes(2 << 20))) as answer:
        assert answer.status == 413
        assert (await problem(answer))["extras"]["code"] == "too_many_bytes"
    async with session.put("/v1/jobs/a", data=form_of("{}", styles=17)) as answer:
        assert answer.status == 422
    assert left_over(tmp_path) == []


async def test_an_upload_that_breaks_off_leaves_nothing(
    service: Service, session: ClientSession, tmp_path: Path
) -> None:
    host, port = service.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    token = f"Authorization: {HEADERS['Authorization']}\r\n"
    kind = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000\r\n\r\n"
    writer.write(f"PUT /v1/jobs/a HTTP/1.1\r\nHost: x\r\n{token}{kind}".encode() + BROKEN)
    await writer.drain()
    while not left_over(tmp_path):
        await asyncio.sleep(0.01)
    writer.close()
    async with asyncio.timeout(5):
        while left_over(tmp_path):
            await asyncio.sleep(0.01)
    async with session.put("/v1/jobs/a", data=new_form()) as answer:
        assert answer.status == 201


@pytest.mark.parametrize("name", ["-a", "a.b.c", "a%20b", "a%2Fb", "..", "x" * 200])
async def test_an_id_is_a_plain_name(session: ClientSession, name: str) -> None:
    async with session.put(f"/v1/jobs/{name}", data=new_form()) as answer:
        assert answer.status in (404, 422)
        await problem(answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/jobs/unheard", 404),
        ("GET", "/v1/jobs/unheard/events", 404),
        ("GET", "/v1/jobs/unheard/preview", 404),
        ("GET", "/v1/jobs/unheard/result", 404),
        ("POST", "/v1/jobs/unheard/cancel", 404),
        ("GET", "/nowhere", 404),
        ("DELETE", "/v1/queue", 405),
    ],
)
async def test_what_is_not_there_is_a_problem(
    session: ClientSession, method: str, path: str, status: int
) -> None:
    async with session.request(method, path) as answer:
        assert answer.status == status
        await problem(answer)
        assert ("Allow" in answer.headers) == (status == 405)


async def test_a_cancel_says_what_is_wrong_with_it(session: ClientSession) -> None:
    await session.put("/v1/jobs/a", data=new_form(**SLOW))
    for body, status in ((b"{", 400), (b"[]", 422), (b'{"keep_best": 1}', 422)):
        async with session.post("/v1/jobs/a/cancel", data=body) as answer:
            assert answer.status == status
            await problem(answer)
    async with session.post("/v1/jobs/a/cancel", json={"keep_best": True}) as answer:
        assert answer.status == 202
    assert (await events_of(session, "a"))[-1][2]["stopped"]
