"""The photo's colours for a finished picture: no new run, a second in a process of its own."""

from __future__ import annotations

import logging

from bot.rooms import Rooms
from bot.variations import KEEPING
from engine.errors import InvalidPicture
from engine.inspection import recolor
from storage import jobs

log = logging.getLogger(__name__)


async def keep_colors(rooms: Rooms, job_id: str) -> None:
    """Make a job show its picture in the photo's colours, unless it does or has lost a file."""
    async with rooms.database.read() as session:
        job = await jobs.get(session, job_id)
    if job is None or job.result_blob is None or job.other_blob is not None:
        return
    painted, content = job.result_blob, job.pictures[0].blob
    if content is None:
        return
    try:
        png = await recolor(rooms.blobs.path(painted), rooms.blobs.path(content), KEEPING)
    except InvalidPicture as error:
        log.warning("the colours stay: %s", error)
        return
    async with rooms.database.write() as session:
        blob = await rooms.blobs.put(session, png, "result")
        job = await jobs.get(session, job_id)
        if job is not None and job.result_blob == painted and job.other_blob is None:
            job.result_blob, job.other_blob, job.keeps_colors = blob, painted, True
