"""What nobody will ask for again goes; results and pictures stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from person import Person, words
from served import Picture

from bot import housekeeping
from bot.housekeeping import Housekeeping
from bot.rooms import Rooms
from storage import history, jobs
from storage.columns import utc_now
from storage.models import Status


async def test_previews_go_and_results_stay(
    ada: Person, picture: Picture, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ada.send_album([picture("red"), picture("blue")])
    done = await ada.wait_for_text(" px, ", 30)
    async with rooms.database.read() as session:
        job = await jobs.shown_in(session, ada.id, done["id"])
        assert job is not None
        preview = await history.latest_preview(session, job.id)
    assert preview is not None
    for name in ("PREVIEWS_KEPT", "MAIL_KEPT", "STRAYS_KEPT"):
        monkeypatch.setattr(housekeeping, name, timedelta(seconds=-5))
    await Housekeeping(rooms).tidy()
    assert not rooms.blobs.path(preview).exists()
    assert rooms.blobs.path(rooms.sheet_blobs["en"][0]).exists()
    kept = [picture.blob for picture in job.pictures] + [job.result_blob]
    assert job.status is Status.SUCCEEDED
    assert all(blob and rooms.blobs.path(blob).exists() for blob in kept)


@pytest.mark.parametrize("days", [0, 30])
async def test_pictures_go_with_their_jobs_after_the_days_they_are_kept(
    ada: Person, picture: Picture, rooms: Rooms, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    results = []
    for color in ("blue", "green"):
        await ada.send_album([picture("red"), picture(color)])
        shown = await ada.wait_for(
            lambda message: " px, " in words(message) and message["id"] not in results, 30
        )
        results.append(shown["id"])
    async with rooms.database.write() as session:
        old, young = [await jobs.shown_in(session, ada.id, message) for message in results]
        assert old
        assert young
        old.finished_at = utc_now() - timedelta(days=31)
    rooms.config = rooms.config.model_copy(update={"retention_days": days})
    monkeypatch.setattr(housekeeping, "STRAYS_KEPT", timedelta(seconds=-5))
    await Housekeeping(rooms).tidy()
    async with rooms.database.read() as session:
        assert (await jobs.get(session, old.id) is None) == bool(days)
        assert await jobs.get(session, young.id) is not None
    only_old, shared = old.pictures[1].blob, old.pictures[0].blob
    for blob in (old.result_blob, only_old):
        assert blob
        assert rooms.blobs.path(blob).exists() != bool(days)
    for blob in (young.result_blob, shared):  # the same photo was painted twice
        assert blob
        assert rooms.blobs.path(blob).exists()


async def test_a_folder_whose_job_is_forgotten_goes(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = rooms.job_folder("forgotten")
    folder.mkdir(parents=True)
    (folder / "state.safetensors").write_bytes(b"x")
    await Housekeeping(rooms).tidy()
    assert folder.exists()  # perhaps its job is only just being made
    monkeypatch.setattr(housekeeping, "STRAYS_KEPT", timedelta(seconds=-5))
    await Housekeeping(rooms).tidy()
    assert not folder.exists()
