"""Every declared bound is held by the database itself, and every declared value survives it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import exc, text

from engine.declarations import Setting
from engine.settings import SETTINGS, Settings
from storage import jobs, users
from storage.columns import JobError
from storage.models import Status
from storage.preferences import PREFERENCES, Preferences

DECLARED = (*SETTINGS, *PREFERENCES)
NUMBERS = [setting for setting in DECLARED if not setting.choices]


def by_name(setting: Setting) -> str:
    return setting.name


def allowed(setting: Setting) -> list[object]:
    if setting.kind is str and not setting.choices:
        return ["x" * setting.minimum, "x" * setting.maximum]
    ends = setting.choices or (setting.minimum, setting.maximum)
    return [*ends, *([None] if setting.optional else [])]


def beyond(setting: Setting) -> list[object]:
    """The nearest values outside the bounds, or words that are none of the choices."""
    if setting.choices:
        return ["", "nonsense", setting.choices[0].upper()]
    low, high = setting.minimum, setting.maximum
    if setting.kind is str:
        return ["x" * (low - 1), "x" * (high + 1)]
    if setting.kind is int:
        return [low - 1, high + 1]
    return [math.nextafter(low, -math.inf), math.nextafter(high, math.inf)]


def refusal(setting: Setting) -> str:
    """How the databases word it; PostgreSQL's integers end before a check of 31 bits is asked."""
    return f'ck_user_{setting.name}"?\n|integer out of range'


async def write(session, setting, value):
    statement = text(f'UPDATE "user" SET {setting.name} = :value WHERE id = 1')
    await session.execute(statement, {"value": value})


@pytest.mark.parametrize("setting", DECLARED, ids=by_name)
async def test_every_allowed_value_is_kept(db, add_user, setting):
    async with db.write() as session:
        user = await add_user(session, 1)
        for value in allowed(setting):
            await write(session, setting, value)
            await session.refresh(user)
            holder = user.settings if setting in SETTINGS else user.preferences
            assert getattr(holder, setting.name) == value


@pytest.mark.parametrize("setting", DECLARED, ids=by_name)
async def test_every_bound_is_held_by_its_check(db, add_user, setting):
    async with db.write() as session:
        await add_user(session, 1)
        for value in beyond(setting):
            with pytest.raises(exc.DBAPIError, match=refusal(setting)):
                async with session.begin_nested():
                    await write(session, setting, value)


@pytest.mark.parametrize("setting", [s for s in DECLARED if not s.optional], ids=by_name)
async def test_a_setting_always_has_a_value(db, add_user, setting):
    async with db.write() as session:
        await add_user(session, 1)
        with pytest.raises(exc.IntegrityError, match=r"NOT NULL|not-null"):
            await write(session, setting, None)


async def test_a_snapshot_from_another_version_still_loads(db, add_job):
    snapshot = '{"image_size": 256, "a_setting_that_went": 1}'
    async with db.write() as session:
        job = await add_job(session)
        await session.execute(text("UPDATE job SET settings = :json"), {"json": snapshot})
        await session.refresh(job)
    assert job.settings == Settings(image_size=256)


async def test_no_error_is_null_and_an_error_keeps_its_values(db, add_job):
    async with db.write() as session:
        job = await add_job(session)
        assert await session.scalar(text("SELECT count(*) FROM job WHERE error IS NULL")) == 1
        await jobs.fail_waiting(session, job.id, JobError("too_small", {"width": 3}))
        await session.refresh(job)
    assert (job.status, job.error) == (Status.FAILED, JobError("too_small", {"width": 3}))


async def test_assigning_settings_is_the_whole_write(db, add_user):
    async with db.write() as session:
        user = await add_user(session, 1)
        user.settings = user.settings.replace(image_size=768, seed=5)
    async with db.read() as session:
        user = await users.get(session, 1)
    assert user.settings == Settings(image_size=768, seed=5)
    assert user.preferences == Preferences()


async def test_times_come_back_aware_and_in_utc(db, add_job):
    berlin = timezone(timedelta(hours=2))
    async with db.write() as session:
        job = await add_job(session, not_before=datetime(2026, 7, 1, 14, tzinfo=berlin))
        await session.refresh(job)
    assert job.not_before == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert job.not_before.tzinfo is UTC


async def test_a_naive_time_is_refused(db, add_job):
    with pytest.raises(exc.StatementError, match="naive"):
        async with db.write() as session:
            await add_job(session, not_before=datetime(2026, 7, 1))  # noqa: DTZ001
