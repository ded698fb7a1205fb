"""What may still change about the pictures of a job, and until when."""

from __future__ import annotations

from storage import jobs, pictures, queue
from storage.models import Picture


async def test_a_swap_exchanges_everything_but_the_place(db, add_job):
    async with db.write() as session:
        content = Picture(file_id="a", message_id=1)
        job = await add_job(session, content=content, styles=[Picture(file_id="b", message_id=2)])
        assert await pictures.swap(session, job.id)
    async with db.read() as session:
        job = await jobs.get(session, job.id)
    assert [(one.position, one.file_id, one.message_id) for one in job.pictures] == [
        (0, "b", 2),
        (1, "a", 1),
    ]


async def test_bytes_that_arrive_after_a_swap_are_not_taken_for_the_other_picture(db, add_job):
    async with db.write() as session:
        job = await add_job(session, fetched=False)
        await pictures.swap(session, job.id)
        assert not await jobs.set_blob(session, job.id, 0, "f" * 64, file_id="content")


async def test_a_job_that_was_claimed_keeps_its_pictures(db, add_job):
    async with db.write() as session:
        job = await add_job(session)
        claimed = await queue.claim(session, "me", 30)
        assert not await pictures.swap(session, job.id)
        assert not await pictures.reblend(session, job.id, [1])
        await queue.give_back(session, job.id, claimed.attempt)
        assert not await pictures.swap(session, job.id)
        assert not await pictures.reblend(session, job.id, [1])


async def test_a_blend_is_kept(db, add_job):
    async with db.write() as session:
        styles = [Picture(file_id="a"), Picture(file_id="b")]
        job = await add_job(session, styles=styles)
        assert await pictures.reblend(session, job.id, [70, 30])
    async with db.read() as session:
        job = await jobs.get(session, job.id)
    assert [one.weight for one in job.pictures] == [1, 70, 30]
