"""The only caller of Telegram's send and edit.

Two things leave through it: outbox rows, which are durable and kept in order within a chat, and
progress edits, which are lossy: only the latest state of a job's message matters, so a job is just
marked as changed and rendered when its chat may be edited again. One chat has at most one call
under way; a slow or flooded chat delays no other.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery import Delivery
from bot.heartbeat import Heartbeat
from bot.logs import about_job
from bot.pace import Pace, seconds_asked
from bot.rooms import Rooms
from storage import chats, jobs, outbox, users
from storage.columns import utc_now
from storage.models import Outbox, Status

LEASE_SECONDS = 120.0
LOOK_SECONDS = 1.0
CHATS_AT_ONCE = 50
PLACE_SECONDS = 0.2  # between two edits that tell nothing but a place in the queue
MAX_BACKOFF_SECONDS = 60.0

log = logging.getLogger(__name__)


class Sender:
    """Sends what the outbox holds, and keeps living messages up to date."""

    def __init__(
        self, rooms: Rooms, delivery: Delivery, owner: str, pace: Pace, heartbeat: Heartbeat
    ) -> None:
        self._rooms = rooms
        self._delivery = delivery
        self._owner = owner
        self._pace = pace
        self._heartbeat = heartbeat
        self._changed: dict[str, int] = {}
        self._changed_at: dict[str, float] = {}
        self._moved: dict[str, int] = {}  # jobs that wait, of which only the place has changed
        self._next_place_at = 0.0
        self._busy: dict[int, asyncio.Task[None]] = {}

    def changed(self, job_id: str, chat_id: int) -> None:
        """A job's message is out of date; the edit goes out as soon as its chat's pace allows."""
        self._changed[job_id] = chat_id
        self._changed_at.setdefault(job_id, time.monotonic())
        self._moved.pop(job_id, None)
        self._rooms.send.ring()

    def moved_up(self, job_id: str, chat_id: int) -> None:
        """A job's place in the queue is out of date; it is told when nothing else is to be said."""
        self._moved[job_id] = chat_id

    async def run(self) -> None:
        """Send for ever."""
        while True:
            self._heartbeat.beat("sender")
            await self._send_rows()
            self._send_edits()
            self._send_place()
            await self._rooms.send.wait(self._until_next_edit())

    async def close(self, seconds: float) -> None:
        """Let the calls under way finish, for so long at most."""
        if self._busy:
            _, late = await asyncio.wait(self._busy.values(), timeout=seconds)
            for task in late:
                task.cancel()

    async def _send_rows(self) -> None:
        room = CHATS_AT_ONCE - len(self._busy)
        if room <= 0:
            return
        async with self._rooms.database.read() as session:  # a look holds up nobody who writes
            due = await outbox.next_due(session)
        if due is None or due > utc_now():
            return
        async with self._rooms.database.write() as session:
            rows = await outbox.claim_due(session, self._owner, LEASE_SECONDS, utc_now(), room)
        for row in rows:
            self._start(row.chat_id, self._send_row(row), row.job_id)

    def _send_edits(self) -> None:
        now = time.monotonic()
        for job_id, chat_id in list(self._changed.items()):
            if chat_id not in self._busy and self._pace.ready_at(chat_id) <= now:
                del self._changed[job_id]
                self._rooms.metrics.edited(now - self._changed_at.pop(job_id, now))
                self._start(chat_id, self._send_edit(job_id, chat_id), job_id)

    def _send_place(self) -> None:
        """Tell one person their place: everybody's at once would hold up what others wait for."""
        now = time.monotonic()
        if now < self._next_place_at:
            return
        for job_id, chat_id in self._moved.items():
            if chat_id not in self._busy and self._pace.ready_at(chat_id) <= now:
                del self._moved[job_id]
                self._start(chat_id, self._send_edit(job_id, chat_id), job_id)
                self._next_place_at = now + PLACE_SECONDS
                return

    def _start(self, chat_id: int, work: Coroutine[None, None, None], job_id: str | None) -> None:
        with about_job(job_id):  # the task keeps that
            task = asyncio.create_task(_after(self._busy.get(chat_id), work))
        self._busy[chat_id] = task
        task.add_done_callback(lambda done: self._finished(chat_id, done))

    def _finished(self, chat_id: int, done: asyncio.Task[None]) -> None:
        if self._busy.get(chat_id) is done:
            del self._busy[chat_id]
        if not done.cancelled() and done.exception() is not None:
            log.error("a call for chat %s broke off", chat_id, exc_info=done.exception())
        self._rooms.send.ring()

    def _until_next_edit(self) -> float:
        now = time.monotonic()
        waits = [
            self._pace.ready_at(chat_id) - now
            for chat_id in self._changed.values()
            if chat_id not in self._busy
        ]
        if self._moved:
            waits.append(max(PLACE_SECONDS / 2, self._next_place_at - now))
        return min([LOOK_SECONDS, *waits])

    async def _send_edit(self, job_id: str, chat_id: int) -> None:
        try:
            if await self._is_overtaken(job_id, await self._delivery.show(job_id)):
                self._changed.setdefault(job_id, chat_id)
        except RetryAfter as error:
            self._pace.flooded(chat_id, time.monotonic(), seconds_asked(error))
            self._changed.setdefault(job_id, chat_id)
            self._changed_at.setdefault(job_id, time.monotonic())
            self._rooms.metrics.flooded()
        except Forbidden as error:
            await self._shut_out(chat_id, error)
        except TelegramError as error:  # lossy: the next one will show more
            log.warning("progress edit lost in chat %s: %s", chat_id, error)
        finally:
            self._pace.edited(chat_id, time.monotonic())

    async def _is_overtaken(self, job_id: str, shown: Status | None) -> bool:
        """Whether the job ended meanwhile, so that another process may have shown that before."""
        if shown not in (Status.TODO, Status.DOING):
            return False
        async with self._rooms.database.read() as session:
            job = await jobs.get(session, job_id)
        return job is not None and job.status not in (Status.TODO, Status.DOING)

    async def _send_row(self, row: Outbox) -> None:
        wait = self._pace.blocked_until(row.chat_id) - time.monotonic()
        if wait > 0:
            await self._postpone(row, wait, "the chat is flooded")
            return
        if row.job_id is not None:
            self._changed.pop(row.job_id, None)  # the row shows the latest state itself
            self._changed_at.pop(row.job_id, None)
            self._moved.pop(row.job_id, None)
        try:
            message_id = await self._delivery.carry_out(row)
        except TelegramError as error:
            await self._judge(row, error)
            return
        if row.method.startswith("edit"):
            self._pace.edited(row.chat_id, time.monotonic())
        async with self._rooms.database.write() as session:
            await outbox.sent(session, row.id, message_id)

    async def _judge(self, row: Outbox, error: TelegramError) -> None:
        """Decide what a failed call means; BadRequest is a NetworkError, so it comes first."""
        match error:
            case RetryAfter():
                seconds = seconds_asked(error)
                self._rooms.metrics.flooded()
                self._pace.flooded(row.chat_id, time.monotonic(), seconds)
                await self._postpone(row, seconds, str(error))
            case ChatMigrated():
                async with self._rooms.database.write() as session:
                    await chats.migrate(session, row.chat_id, error.new_chat_id)
                await self._postpone(row, 0, str(error))
            case Forbidden():
                await self._drop(row, error)
                await self._shut_out(row.chat_id, error)
            case BadRequest():
                log.warning("outbox row %s (%s) refused: %s", row.id, row.method, error)
                await self._drop(row, error)
            case NetworkError():  # TimedOut too: the call may have taken effect
                await self._postpone(row, _backoff(row.tries), str(error))
            case _:
                log.error("outbox row %s (%s) failed: %s", row.id, row.method, error)
                await self._postpone(row, MAX_BACKOFF_SECONDS, str(error))

    async def _shut_out(self, chat_id: int, error: Forbidden) -> None:
        """The person blocked the bot or the group removed it: their jobs there have no reader."""
        log.info("chat %s is closed to the bot: %s", chat_id, error)
        async with self._rooms.database.write() as session:
            for job in await jobs.active_in(session, chat_id):
                await jobs.request_stop(session, job.id, keep=False)
            user = await users.get(session, chat_id)
            if user is not None:
                user.blocked = True
        self._rooms.dispatch.ring()

    async def _postpone(self, row: Outbox, seconds: float, reason: str) -> None:
        until = utc_now() + timedelta(seconds=seconds)
        async with self._rooms.database.write() as session:
            await outbox.postpone(session, row.id, until, reason)

    async def _drop(self, row: Outbox, error: TelegramError) -> None:
        async with self._rooms.database.write() as session:
            await outbox.drop(session, row.id, str(error))


async def _after(before: asyncio.Task[None] | None, work: Coroutine[None, None, None]) -> None:
    if before is not None:
        await asyncio.wait([before])
    await work


def _backoff(tries: int) -> float:
    return min(MAX_BACKOFF_SECONDS, float(2 ** min(tries, 6)))
