"""Updates: known once, open until done, in the order they came."""

from __future__ import annotations

from datetime import timedelta

from storage import inbox
from storage.columns import utc_now

BOT = 4242


async def record(session, update_id, **more):
    return await inbox.record(
        session, BOT, update_id, {"n": update_id}, **{"chat_id": 1, "media_group_id": None, **more}
    )


async def ids(session):
    return [row.update_id for row in await inbox.pending(session, BOT)]


async def test_an_update_is_written_once_even_when_done(db):
    async with db.write() as session:
        assert await record(session, 7)
        assert not await record(session, 7)
        await inbox.finish(session, await inbox.pending(session, BOT))
        assert not await record(session, 7)
        assert await ids(session) == []


async def test_open_updates_come_oldest_first_and_by_bot(db):
    async with db.write() as session:
        for update_id in (5, 6, 4):
            await record(session, update_id)
        await inbox.record(session, 1, 1, {}, 1, None)
        assert await ids(session) == [5, 6, 4]


async def test_an_album_is_in_the_order_of_its_messages(db):
    async with db.write() as session:
        for update_id, message_id in ((5, 31), (6, 30), (7, 32)):
            await record(session, update_id, media_group_id="g", message_id=message_id)
        await record(session, 8, media_group_id="other")
        await record(session, 9, media_group_id="g", chat_id=2)
        rows = await inbox.album(session, BOT, 1, "g")
        assert [row.update_id for row in rows] == [6, 5, 7]
        await inbox.finish(session, rows[:1])
        assert len(await inbox.album(session, BOT, 1, "g")) == 2


async def test_what_people_wrote_is_not_kept_once_it_is_done(db):
    async with db.write() as session:
        await record(session, 7)
    async with db.read() as session:
        rows = await inbox.pending(session, BOT)
    async with db.write() as session:
        await inbox.finish(session, rows)
        assert (await session.get(inbox.Inbox, (BOT, 7))).payload == {}


async def test_the_third_failure_gives_an_update_up(db):
    async with db.write() as session:
        await record(session, 7)
    for given_up in (False, False, True):
        async with db.read() as session:
            (row,) = await inbox.pending(session, BOT)
        async with db.write() as session:
            assert await inbox.fail(session, row, "boom") is given_up
    async with db.read() as session:
        assert await ids(session) == []
        assert (await session.get(inbox.Inbox, (BOT, 7))).error == "boom"


async def test_the_offset_follows_the_latest_update(db):
    async with db.write() as session:
        assert await inbox.next_offset(session, BOT) is None
        await record(session, 900)
        await record(session, 12)  # the numbers may start anew at random
        assert await inbox.next_offset(session, BOT) == 13


async def test_an_offset_from_last_week_is_not_trusted(db):
    async with db.write() as session:
        await record(session, 900)
        week_later = utc_now() + timedelta(days=7)
        assert await inbox.next_offset(session, BOT, now=week_later) is None


async def test_pruning_drops_only_what_is_done(db):
    async with db.write() as session:
        await record(session, 1)
        await inbox.finish(session, await inbox.pending(session, BOT))
        await record(session, 2)
        await inbox.prune(session, utc_now() + timedelta(seconds=1))
        assert await record(session, 1)
        assert not await record(session, 2)
