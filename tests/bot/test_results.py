"""The buttons under a finished picture: for whom, for how long, and how wide."""

from __future__ import annotations

from fake_runner import FakeRunner
from person import BORIS, PAINTERS, Person
from results import DONE, job_of, next_done, painted, said
from served import Picture, running_bot

from bot.config import Config
from bot.playground import Playground
from bot.rooms import Rooms


async def test_a_file_that_is_gone_is_one_sentence(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    job = await job_of(rooms, done)
    rooms.blobs.path(str(job.result_blob)).unlink()
    for button in ("Stronger", "Keep colours", "Original PNG"):
        assert "no longer kept" in await said(ada, done, button)
    rooms.blobs.path(str(job.pictures[0].blob)).unlink()
    await ada.press(done, "Weaker")  # Telegram still has the photo
    await next_done(ada, done)


async def test_only_the_owner_may_go_on(ada: Person, picture: Picture) -> None:
    group = ada.also(chat=PAINTERS)
    await group.send_album([picture("red"), picture("blue")], caption="@easel_bot")
    done = await group.wait_for_text(DONE, 30)
    boris = ada.also(user=BORIS, chat=PAINTERS)
    for button in ("Stronger", "Delete", "Keep colours"):
        assert "чужая" in await said(boris, done, button)


async def test_the_buttons_outlive_the_process(
    config: Config, runner: FakeRunner, playground: Playground, picture: Picture
) -> None:
    async with Person(playground.url) as ada:
        async with running_bot(config, runner, playground):
            done = await painted(ada, picture)
            await ada.press(done, "Other photo")
            await ada.wait_for_text("Send me the photo")
        async with running_bot(config, runner, playground) as rooms:
            await ada.send_photo(picture("green"))
            after = await next_done(ada, done)
            await ada.press(done, "Larger")
            larger = await next_done(ada, after)
            assert (await job_of(rooms, larger)).settings.image_size == 384


async def test_no_row_of_buttons_is_too_wide_for_a_phone(ada: Person, picture: Picture) -> None:
    done = await painted(ada, picture)
    for row in done["keyboard"]:
        assert len(row) <= 3
        assert sum(len(button["text"]) for button in row) <= 30
