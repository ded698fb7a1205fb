"""Jobs as people see them: places, stops, failures before they run."""

from __future__ import annotations

import pytest

from engine.settings import Settings
from storage import attempts, jobs, queue
from storage.columns import JobError
from storage.errors import NoSuchJob
from storage.models import Picture, Status, StopRequest
from storage.preferences import Preferences

BUTTON_BYTES = 64  # of callback data, which holds an action beside the id


async def test_a_job_remembers_all_it_was_given(db, add_job):
    settings = Settings(image_size=768, seed=7)
    preferences = Preferences(output="both")
    styles = [Picture(file_id="a", weight=0.7), Picture(file_id="b", weight=0.3, scale=2.0)]
    async with db.write() as session:
        job = await add_job(
            session, styles=styles, settings=settings, preferences=preferences, title="Wave"
        )
    async with db.read() as session:
        stored = await jobs.get(session, job.id)
    assert (stored.settings, stored.preferences, stored.title) == (settings, preferences, "Wave")
    assert [(p.position, p.file_id, p.weight, p.scale) for p in stored.pictures] == [
        (0, "content", 1.0, 1.0),
        (1, "a", 0.7, 1.0),
        (2, "b", 0.3, 2.0),
    ]


async def test_ids_are_random_and_short_enough_for_a_button(db, add_job):
    async with db.write() as session:
        ids = {(await add_job(session)).id for _ in range(20)}
    assert len(ids) == 20
    assert all(10 <= len(job_id.encode()) <= BUTTON_BYTES // 4 for job_id in ids)


async def test_places_are_the_order_of_the_claims(db, add_job):
    async with db.write() as session:
        for user, priority in [(1, 0), (1, 0), (2, 0), (1, 0), (3, 1), (2, 0), (4, 0)]:
            await add_job(session, user, priority=priority)
        expected = [job.id for job in await jobs.waiting(session)]
        assert [await jobs.place(session, job_id) for job_id in expected] == list(range(7))
    order = []
    while len(order) < 7:
        async with db.write() as session:
            job = await queue.claim(session, "me", 30)
            await attempts.finish(session, job.id, 1, Status.SUCCEEDED)
        order.append(job.id)
    assert order == expected


async def test_a_running_job_counts_as_one_before(db, add_job):
    async with db.write() as session:
        await add_job(session, 1)
        second = await add_job(session, 2)
        running = await queue.claim(session, "me", 30)
        assert await jobs.place(session, second.id) == 1
        assert await jobs.place(session, running.id) == 0
        assert [job.id for job in await jobs.running(session)] == [running.id]


async def test_active_jobs_are_those_that_wait_or_run(db, add_job):
    async with db.write() as session:
        added = [(await add_job(session)).id for _ in range(3)]
        await add_job(session, 2)
        await queue.claim(session, "me", 30)
        await jobs.request_stop(session, added[1], keep=False)
        active = await jobs.active_of(session, 1)
    assert [job.id for job in active] == [added[0], added[2]]


async def test_active_jobs_of_a_chat_are_those_of_all_its_people(db, add_job):
    async with db.write() as session:
        added = [(await add_job(session, user, chat_id=-5)).id for user in (1, 2, 3)]
        await add_job(session, 1)
        await jobs.request_stop(session, added[1], keep=False)
        active = await jobs.active_in(session, -5)
    assert [job.id for job in active] == [added[0], added[2]]


async def test_a_job_is_found_by_its_living_message(db, add_job):
    async with db.write() as session:
        job = await add_job(session, 1, message_id=30)
        await add_job(session, 2, message_id=30)
        assert (await jobs.shown_in(session, 1, 30)).id == job.id
        assert await jobs.shown_in(session, 1, 31) is None


async def test_counts_name_every_status(db, add_job):
    async with db.write() as session:
        await add_job(session, 1)
        await add_job(session, 2)
        await queue.claim(session, "me", 30)
        counts = await jobs.counts(session)
    assert counts == {
        Status.TODO: 1,
        Status.DOING: 1,
        Status.SUCCEEDED: 0,
        Status.FAILED: 0,
        Status.CANCELLED: 0,
    }


@pytest.mark.parametrize("keep", [True, False])
async def test_stopping_a_job_that_waits_cancels_it_at_once(db, add_job, keep):
    async with db.write() as session:
        job = await jobs.request_stop(session, (await add_job(session)).id, keep)
        assert await queue.claim(session, "me", 30) is None
    assert job.status is Status.CANCELLED
    assert job.finished_at is not None


async def test_keeping_what_an_earlier_attempt_painted_takes_another_attempt(db, add_job):
    async with db.write() as session:
        await add_job(session)
        job = await queue.claim(session, "me", 30)
        await attempts.save_state(session, job.id, 1, path="state", step=40)
        await queue.give_back(session, job.id, 1)
        assert (await jobs.request_stop(session, job.id, keep=True)).status is Status.TODO
        again = await queue.claim(session, "me", 30)
    assert (again.stop_requested, again.state_path) == (StopRequest.KEEP, "state")


async def test_stopping_that_wait_a_second_time_discards_it(db, add_job):
    async with db.write() as session:
        await add_job(session)
        job = await queue.claim(session, "me", 30)
        await attempts.save_state(session, job.id, 1, path="state", step=40)
        await queue.give_back(session, job.id, 1)
        await jobs.request_stop(session, job.id, keep=True)
        assert (await jobs.request_stop(session, job.id, keep=False)).status is Status.CANCELLED


@pytest.mark.parametrize(
    ("presses", "outcome"),
    [
        ([True], StopRequest.KEEP),
        ([False], StopRequest.DISCARD),
        ([True, False], StopRequest.DISCARD),
        ([False, True], StopRequest.DISCARD),
        ([True, True], StopRequest.KEEP),
    ],
)
async def test_a_stop_escalates_and_never_goes_back(db, add_job, presses, outcome):
    async with db.write() as session:
        await add_job(session)
        job = await queue.claim(session, "me", 30)
        for keep in presses:
            stopped = await jobs.request_stop(session, job.id, keep)
    assert (stopped.status, stopped.stop_requested) == (Status.DOING, outcome)


async def test_stopping_a_job_that_ended_changes_nothing(db, add_job):
    async with db.write() as session:
        await add_job(session)
        job = await queue.claim(session, "me", 30)
        await attempts.finish(session, job.id, 1, Status.SUCCEEDED)
        stopped = await jobs.request_stop(session, job.id, keep=False)
    assert (stopped.status, stopped.stop_requested) == (Status.SUCCEEDED, None)


async def test_stopping_an_unknown_job_is_refused(db):
    with pytest.raises(NoSuchJob):
        async with db.write() as session:
            await jobs.request_stop(session, "nothing", keep=True)


async def test_a_bad_picture_fails_a_job_that_waits_and_no_other(db, add_job):
    error = JobError("too_small", {"width": 3})
    async with db.write() as session:
        await add_job(session, 1)
        waiting = await add_job(session, 2)
        running = await queue.claim(session, "me", 30)
        failed = await jobs.fail_waiting(session, waiting.id, error)
        assert await jobs.fail_waiting(session, running.id, error) is None
    assert (failed.status, failed.error) == (Status.FAILED, error)
