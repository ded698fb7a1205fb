"""Updates: known once, open until done, in the order they came."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import update

from storage import inbox
from storage.columns import utc_now
from storage.database import Database
from storage.models import Inbox

BOT = 4242
HOUR = timedelta(hours=1)


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


async def test_only_what_was_left_for_long_is_taken_from_another_process(db):
    async with db.write() as session:
        for number in (1, 2):
            await inbox.record(session, 1, number, {}, 7)
        await session.execute(
            update(Inbox).where(Inbox.update_id == 1).values(received_at=utc_now() - HOUR)
        )
        left = await inbox.pending(session, 1, utc_now() - HOUR / 2)
    assert [row.update_id for row in left] == [1]


async def test_an_update_is_behind_the_earlier_ones_of_its_chat_until_they_are_done(db):
    async with db.write() as session:
        await inbox.record(session, 1, 1, {}, 7)
        await inbox.record(session, 1, 2, {}, 8)
        await inbox.record(session, 1, 3, {}, 9, "album")
        assert await inbox.is_behind(session, 1, 7, 4)
        assert not await inbox.is_behind(session, 1, 7, 1)
        assert not await inbox.is_behind(session, 1, 9, 4)
        assert not await inbox.is_behind(session, 2, 7, 4)
        await inbox.finish(session, await inbox.lock(session, 1, [1]))
        assert not await inbox.is_behind(session, 1, 7, 4)


async def test_an_album_tells_when_its_latest_picture_came(db):
    async with db.write() as session:
        assert await inbox.album_arrived(session, 1, 7, "album") is None
        for number in (1, 2):
            await inbox.record(session, 1, number, {}, 7, "album")
        rows = await inbox.album(session, 1, 7, "album")
        latest = await inbox.album_arrived(session, 1, 7, "album")
    assert latest == max(row.received_at for row in rows)


async def test_of_two_that_want_the_same_updates_the_second_sees_them_done(url, db):
    other = Database(url)
    seen = []

    async def take(database):
        async with database.write() as session:
            rows = await inbox.lock(session, 1, [2, 1])
            await asyncio.sleep(0.1)
            seen.append([row.done_at is not None for row in rows])
            await inbox.finish(session, rows)

    async with db.write() as session:
        for number in (1, 2):
            await inbox.record(session, 1, number, {}, 7)
    await asyncio.gather(take(db), take(other))
    await other.close()
    assert seen == [[False, False], [True, True]]
