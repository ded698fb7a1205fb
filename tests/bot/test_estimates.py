"""How long a picture will take, foretold from the device's speed and from those before it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fake_runner import FakeRunner
from person import Person
from served import Picture as MakePicture
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import open_rooms
from bot.config import Config
from bot.estimates import seconds_for
from engine.forecast import DeviceSpeed, Speed
from engine.settings import Settings, preset
from storage import attempts, jobs, queue, users
from storage.inserts import insert_new
from storage.models import Blob, Job, Picture, Status
from storage.preferences import Preferences

SHA256 = "f" * 64
STEPWISE = DeviceSpeed(exact=Speed(2.0, 0.0), fast=Speed(1.0, 0.0))  # seconds a step, at any size


@pytest.fixture
async def session(config: Config) -> AsyncIterator[AsyncSession]:
    """A session of a bot that does not run."""
    async with open_rooms(config) as rooms, rooms.database.write() as session:
        yield session


async def add(session: AsyncSession, settings: Settings, *, side: int = 1000) -> Job:
    chosen = {"settings": settings, "preferences": Preferences()}
    await users.get_or_create(session, 1, language_code="en", **chosen)
    await insert_new(session, Blob, sha256=SHA256, size=1, kind="picture")
    pictures = [Picture(blob=SHA256, width=side, height=side) for _ in range(2)]
    content, style = pictures
    given = {"content": content, "styles": [style], **chosen}
    return await jobs.enqueue(session, user_id=1, chat_id=1, reply_to=1, **given)


async def seconds_of(
    session: AsyncSession, job: Job, speed: DeviceSpeed | None = None
) -> float | None:
    return await seconds_for(session, job.settings, job.pictures, speed)


async def took(session: AsyncSession, settings: Settings, seconds: float, steps: int) -> None:
    """A picture with these settings that is done."""
    await add(session, settings)
    job = await queue.claim(session, "me", 30)
    assert job is not None
    given = {"seconds": seconds, "steps_done": steps}
    assert await attempts.finish(session, job.id, 1, Status.SUCCEEDED, **given)


async def test_the_speed_of_the_recipes_precision_tells_at_once(session: AsyncSession) -> None:
    exact = await add(session, preset("gatys").replace(iterations=50))
    fast = await add(session, preset("fine").replace(iterations=50))
    assert await seconds_of(session, exact, STEPWISE) == pytest.approx(100)
    assert await seconds_of(session, fast, STEPWISE) == pytest.approx(50)


async def test_pictures_of_the_same_recipe_correct_it(session: AsyncSession) -> None:
    fine = preset("fine").replace(iterations=50)
    await took(session, fine, seconds=100, steps=50)
    await took(session, fine, seconds=20, steps=10)  # stopped early, at the same pace
    await took(session, preset("draft"), seconds=30, steps=30)
    await took(session, fine, seconds=5000, steps=50)  # disturbed
    assert await seconds_of(session, await add(session, fine), STEPWISE) == pytest.approx(100)
    assert await seconds_of(session, await add(session, preset("draft")), STEPWISE) == (
        pytest.approx(30)
    )


async def test_a_larger_picture_takes_longer_up_to_the_photos_own_size(
    session: AsyncSession,
) -> None:
    pixelwise = DeviceSpeed(Speed(0.0, 1e-6), Speed(0.0, 1e-6))
    seconds = []
    for size in (256, 512, 1024, 2048):
        job = await add(session, preset("fine").replace(image_size=size))
        seconds.append(await seconds_of(session, job, pixelwise) or 0.0)
    assert seconds[1] / seconds[0] == pytest.approx(4, rel=0.02)
    assert seconds[3] == seconds[2]  # the photo has 1000 px


async def test_without_a_speed_earlier_pictures_tell(session: AsyncSession) -> None:
    fine = preset("fine").replace(image_size=256, iterations=100)
    job = await add(session, fine.replace(image_size=512))
    assert await seconds_of(session, job) is None
    await session.delete(job)
    await took(session, fine, seconds=10, steps=100)
    job = await add(session, fine.replace(image_size=512))
    assert await seconds_of(session, job) == pytest.approx(40, rel=0.02)


async def test_a_queued_picture_tells_its_time_before_any_was_painted(
    ada: Person, picture: MakePicture, runner: FakeRunner
) -> None:
    runner.seconds, runner.speed = 60, STEPWISE
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text("▱", 20)
    await ada.send_album([picture("red"), picture("blue")])
    await ada.wait_for_text("About 40 s to go", 20)
