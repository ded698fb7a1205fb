"""What nobody will ask for again goes; results and pictures stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from person import Person
from served import Picture

from bot import housekeeping
from bot.housekeeping import Housekeeping
from bot.rooms import Rooms
from storage import history, jobs
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
