"""What the service keeps of an attempt, what it drops, and when."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import ClientSession
from fake_runner import FakeRunner
from PIL import Image
from serving import PICTURE, STYLE, asking, events_of, new_form, problem, serving

SLOW = {"iterations": 5000}


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while not await true():
            await asyncio.sleep(0.02)


async def status_of(session: ClientSession, name: str) -> str:
    async with session.get(f"/v1/jobs/{name}") as answer:
        if answer.status == 404:
            return "unknown"
        return str((await answer.json())["status"])


def first_step(events: list[tuple[str, int, dict[str, int]]]) -> int:
    return next(data["step"] for kind, _, data in events if kind == "Progress")


async def test_previews_and_result_are_pictures(session: ClientSession) -> None:
    await session.put("/v1/jobs/a", data=new_form())
    events = await events_of(session, "a")
    numbers = [number for kind, number, _ in events if kind == "Preview"]
    seen = set()
    for number in numbers:
        async with session.get("/v1/jobs/a/preview", params={"event": number}) as answer:
            assert answer.content_type == "image/jpeg"
            seen.add(await answer.read())
    assert len(seen) == len(numbers)
    async with session.get("/v1/jobs/a/preview") as answer:
        assert await answer.read() in seen
    async with session.get("/v1/jobs/a/result") as answer:
        assert answer.content_type == "image/png"
        assert Image.open(io.BytesIO(await answer.read())).size == (48, 32)


async def test_there_is_no_result_before_the_end(session: ClientSession) -> None:
    await session.put("/v1/jobs/a", data=new_form(settings=SLOW))
    for path in ("result", "preview?event=9999"):
        async with session.get(f"/v1/jobs/a/{path}") as answer:
            assert answer.status == 404
            await problem(answer)
    for path in ("result?painted=2", "preview?event=x"):
        async with session.get(f"/v1/jobs/a/{path}") as answer:
            assert answer.status == 400


async def test_the_painted_picture_is_kept_apart_from_the_recoloured(
    session: ClientSession,
) -> None:
    await session.put("/v1/jobs/a", data=new_form(settings={"colors": "luma"}))
    await events_of(session, "a")
    pictures = []
    for painted in ("0", "1"):
        async with session.get("/v1/jobs/a/result", params={"painted": painted}) as answer:
            pictures.append(await answer.read())
    assert pictures[0] != pictures[1]


async def test_the_pictures_sent_are_gone_at_the_end(
    session: ClientSession, tmp_path: Path
) -> None:
    await session.put("/v1/jobs/a", data=new_form())
    await events_of(session, "a")
    left = [path for path in (tmp_path / "engine").rglob("*") if path.is_file()]
    assert "result.png" in {path.name for path in left}
    assert not {PICTURE, STYLE} & {path.read_bytes() for path in left}


async def test_what_an_ended_attempt_left_can_be_dropped(
    session: ClientSession, tmp_path: Path
) -> None:
    await session.put("/v1/jobs/a", data=new_form())
    await events_of(session, "a")
    await session.post("/v1/jobs/a/cancel", json={"keep_best": True})
    async with session.get("/v1/jobs/a/result") as answer:
        assert answer.status == 200
    await session.post("/v1/jobs/a/cancel")
    async with session.get("/v1/jobs/a/result") as answer:
        assert answer.status == 404
    assert await status_of(session, "a") == "SUCCEEDED"
    assert [path for path in (tmp_path / "engine").rglob("*") if path.is_file()] == []


async def test_a_newer_attempt_takes_the_place_of_an_older_one(session: ClientSession) -> None:
    await session.put("/v1/jobs/job.1", data=new_form(settings=SLOW))

    async def accepted() -> bool:
        async with session.put("/v1/jobs/job.2", data=new_form()) as answer:
            return answer.status == 201

    await until(accepted)
    kind, _, data = (await events_of(session, "job.1"))[-1]
    assert (kind, data["error"]) == ("Failed", "WorkerLost")


async def test_a_run_that_nobody_follows_is_given_up(tmp_path: Path) -> None:
    runner = FakeRunner(seconds=600)
    async with (
        serving(tmp_path, runner, unfollowed_seconds=0.3) as service,
        asking(service) as session,
    ):
        await session.put("/v1/jobs/a", data=new_form(settings=SLOW))
        following = asyncio.create_task(events_of(session, "a"))
        await asyncio.sleep(1)
        assert await status_of(session, "a") == "DOING"
        following.cancel()
        await asyncio.wait([following])

        async def given_up() -> bool:
            async with session.get("/v1/queue") as answer:
                return not (await answer.json())["running"]

        await until(given_up)
        assert await status_of(session, "a") == "FAILED"


async def test_an_ended_attempt_is_forgotten_after_a_while(tmp_path: Path) -> None:
    runner = FakeRunner()
    async with serving(tmp_path, runner, kept_seconds=0.3) as service, asking(service) as session:
        await session.put("/v1/jobs/a", data=new_form())
        await events_of(session, "a")

        async def forgotten() -> bool:
            return await status_of(session, "a") == "unknown"

        await until(forgotten)
        assert list((tmp_path / "attempts").iterdir()) == []


async def test_an_attempt_goes_on_from_the_state_of_another(
    session: ClientSession, tmp_path: Path
) -> None:
    await session.put("/v1/jobs/job.1", data=new_form())
    await events_of(session, "job.1")
    state = tmp_path / "engine" / "attempts" / "job.1" / "state.safetensors"
    state.write_text('{"step": 15}')
    await session.put("/v1/jobs/job.2", data=new_form(resume="job.1"))
    events = await events_of(session, "job.2")
    assert first_step(events) == 16
    for resume in ("unknown", "../job.1", "a/b", ""):
        name = f"x{len(resume)}"
        await session.put(f"/v1/jobs/{name}", data=new_form(resume=resume))
        events = await events_of(session, name)
        assert first_step(events) == 1


async def test_the_figures_count_what_happened(session: ClientSession) -> None:
    await session.put("/v1/jobs/a", data=new_form())
    await events_of(session, "a")
    await session.get("/v1/jobs/unheard")
    async with session.get("/metrics") as answer:
        text = await answer.text()
    for line in (
        'easel_engine_attempts_total{error="",status="SUCCEEDED"} 1.0',
        "easel_engine_steps_total 20.0",
        'easel_engine_refusals_total{status="404"} 1.0',
        'easel_engine_attempt_seconds_count{size="256"} 1.0',
        "easel_engine_devices 1.0",
        "easel_engine_running 0.0",
    ):
        assert line in text
