"""A group that became a supergroup."""

from __future__ import annotations

from storage import chats, drafts, inbox, jobs, outbox
from storage.columns import utc_now

GROUP, SUPERGROUP, ELSEWHERE = -5, -1005, -6


async def test_what_is_owed_goes_on_under_the_new_id(db, add_job):
    async with db.write() as session:
        job = await add_job(session, chat_id=GROUP, message_id=31)
        other = await add_job(session, chat_id=ELSEWHERE, message_id=32)
        await outbox.put(session, GROUP, "sendMessage", {}, dedupe_key="a")
        await inbox.record(session, 42, 1, {}, GROUP, "album")
        await chats.migrate(session, GROUP, SUPERGROUP)
    async with db.write() as session:
        job, other = await jobs.get(session, job.id), await jobs.get(session, other.id)
        (row,) = await outbox.claim_due(session, "me", 60, utc_now(), 10)
        assert len(await inbox.album(session, 42, SUPERGROUP, "album")) == 1
    assert (job.chat_id, job.message_id, row.chat_id) == (SUPERGROUP, None, SUPERGROUP)
    assert (other.chat_id, other.message_id) == (ELSEWHERE, 32)


async def test_a_photo_that_waited_is_forgotten(db, add_user):
    async with db.write() as session:
        await add_user(session, 1)
        await drafts.put(
            session, GROUP, 1, content_file_id="a", content_unique_id="b", message_id=1
        )
        await chats.migrate(session, GROUP, SUPERGROUP)
        assert await drafts.get(session, GROUP, 1) is None
        assert await drafts.get(session, SUPERGROUP, 1) is None
