"""/admin: what the operator sees and decides; for everybody else there is no such command."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fake_runner import FakeRunner
from person import ADA, BORIS, CLEO, PAINTERS, Person, words
from served import Picture, running_bot

from bot.administration import split
from bot.config import Config
from bot.handlers.admin import SUBCOMMANDS
from bot.playground import Playground
from bot.rooms import Rooms
from bot.texts import languages, texts_for
from storage import jobs, standings
from storage.models import Status


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        data_dir=tmp_path, devices="cpu", admin_user_ids=frozenset({ADA}), daily_minutes=20
    )


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner(seconds=60)


@pytest.fixture
async def boris(ada: Person) -> Person:
    boris = ada.also(user=BORIS, chat=BORIS)
    await boris.say("/set language en iterations 20")
    await boris.wait_for_text("Steps is now")
    return boris


async def order(person: Person, picture: Picture, color: str = "blue") -> None:
    await person.send_album([picture("red"), picture(color)])


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("subcommand", SUBCOMMANDS, ids=lambda one: one.name)
def test_every_subcommand_is_explained(subcommand: object, language: str) -> None:
    assert texts_for(language).has(f"admin.{subcommand.name}.help")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("/admin stats", {}),
        ("/admin stats now", None),
        ("/admin ban 7", {"id": "7"}),
        ("/admin ban 7 rude, twice ", {"id": "7", "reason": "rude, twice"}),
        ("/admin ban ada", None),
        ("/admin ban -7", None),
        ("/admin ban", None),
        ("/admin allow 7", {"id": "7"}),
        ("/admin quota 7 1440", {"id": "7", "minutes": "1440"}),
        ("/admin quota 7 default", {"id": "7", "minutes": "default"}),
        ("/admin quota 7 1441", None),
        ("/admin quota 7", None),
        ("/admin drain", {}),
        ("/admin drain off", {"switch": "off"}),
        ("/admin drain slowly", None),
        ("/admin broadcast one\ntwo", {"text": "one\ntwo"}),
        ("/admin broadcast ", None),
        ("/admin cancel ab_-12", {"job": "ab_-12"}),
        ("/admin cancel ab", None),
    ],
)
def test_a_line_is_read_or_refused(line: str, values: dict[str, str] | None) -> None:
    word, rest = split(line)
    (subcommand,) = [one for one in SUBCOMMANDS if word in (one.name, *one.aliases)]
    assert subcommand.read(rest) == values


async def test_nobody_else_gets_a_word(boris: Person, ada: Person) -> None:
    before = len(await boris.answers())
    await boris.say("/admin stats")
    await boris.say("/admin")
    group = ada.also(chat=PAINTERS)
    await group.say("/admin@easel_bot stats")
    await boris.say("/queue")
    await boris.wait_for_text("Nothing of yours")
    assert len(await boris.answers()) == before + 1
    assert await group.answers() == []


async def test_the_operator_alone_has_it_in_the_menu(ada: Person) -> None:
    for person in (await ada.world())["users"]:
        names = [command["command"] for command in person["commands"]]
        assert ("admin" in names) == (person["id"] == ADA)
        assert "queue" in names


async def test_help_and_refusals_show_how_to_write_it(ada: Person) -> None:
    await ada.say("/admin")
    said = words(await ada.wait_for_text("For the operator"))
    assert all(subcommand.usage in said for subcommand in SUBCOMMANDS)
    await ada.say("/admin quota 1002 lots")
    await ada.wait_for_text("Write it like this: /admin quota <id> <0-1440>|default")


async def test_the_numbers_are_those_of_the_database(
    ada: Person, boris: Person, picture: Picture, runner: FakeRunner
) -> None:
    runner.seconds = 0.5
    await order(boris, picture)
    await boris.wait_for_text(" px, ", 30)
    runner.seconds = 60
    await order(boris, picture, "green")
    await boris.wait_for_text("▱", 30)
    await ada.say("/admin stats")
    said = words(await ada.wait_for_text("People: 2 (blocked me: 0, banned: 0)"))
    assert "painted 1, failed 0, cancelled 0, running 1, waiting 0" in said
    assert "Queue: running 1, waiting 0" in said
    assert "painting 0.5 s" in said
    assert "Devices: cpu" in said


async def test_the_operator_cancels_by_the_beginning_of_an_id(
    ada: Person, boris: Person, picture: Picture, rooms: Rooms
) -> None:
    await order(boris, picture)
    await boris.wait_for_text("▱", 30)
    await ada.say("/admin queue")
    listed = words(await ada.wait_for_text("Running: 1, waiting: 0"))
    async with rooms.database.read() as session:
        (job,) = await jobs.active_of(session, BORIS)
    assert f"{job.id[:6]} of 1002: step" in listed
    await ada.say("/admin cancel zzzz-zzzz")
    await ada.wait_for_text("Nothing that runs or waits")
    await ada.say(f"/admin cancel {job.id[:6]}")
    await boris.wait_for_text("Cancelled.", 20)


async def test_a_banned_person_is_not_heard_and_not_painted_for(
    ada: Person, boris: Person, picture: Picture, rooms: Rooms
) -> None:
    await order(boris, picture)
    running = await boris.wait_for_text("▱", 30)
    await ada.say("/admin ban 1002 rude")
    await ada.wait_for_text("1002 is banned, and 1 picture of theirs is stopped.")
    await boris.wait_for_text("Cancelled.", 20)
    before = await boris.answers()
    await boris.say("/queue")
    await order(boris, picture)
    assert running
    await asyncio.sleep(1.5)  # an album takes a second to be complete
    assert len(await boris.answers()) == len(before)
    async with rooms.database.read() as session:
        standing = await standings.get(session, BORIS)
        assert standing
        assert standing.reason == "rude"
        assert await jobs.active_of(session, BORIS) == []
    await ada.say("/admin unban 1002")
    await ada.wait_for_text("1002 is no longer banned.")
    await boris.say("/queue")
    await boris.wait_for_text("Nothing of yours")


async def test_operators_cannot_ban_each_other(ada: Person) -> None:
    await ada.say(f"/admin ban {ADA}")
    await ada.wait_for_text("take the id out of ADMIN_USER_IDS")


async def test_one_person_gets_another_number_of_minutes(ada: Person, boris: Person) -> None:
    await ada.say("/admin quota 1002 45")
    await ada.wait_for_text("1002 may paint 45 minutes a day.")
    await boris.say("/queue")
    await boris.wait_for_text("You have 45 of 45 minutes left today")
    await ada.say("/admin quota 1002 default")
    await ada.wait_for_text("1002 may paint 20 minutes a day.")
    await ada.say("/admin quota 1002 0")
    await ada.wait_for_text("1002 may paint without a limit.")


async def test_draining_finishes_what_runs_and_outlives_a_restart(
    config: Config, playground: Playground, picture: Picture, runner: FakeRunner
) -> None:
    runner.seconds = 3
    async with Person(playground.url) as ada:
        async with running_bot(config, runner, playground):
            await ada.say("/set iterations 20")
            await ada.wait_for_text("Steps is now")
            await order(ada, picture)
            await ada.wait_for_text("Queued", 20)
            await order(ada, picture, "green")
            await ada.wait_for_text("1 picture before yours", 20)
            await ada.say("/admin drain")
            await ada.wait_for_text("Draining: running 1, which I finish; waiting 1")
            await ada.wait_for_text(" px, ", 30)
        async with running_bot(config, runner, playground) as rooms:
            await order(ada, picture, "white")
            await ada.wait_for_text("I take no new pictures just now", 20)
            async with rooms.database.read() as session:
                assert (await jobs.counts(session))[Status.TODO] == 1
            await ada.say("/admin drain off")
            await ada.wait_for_text("Taking pictures again; running 0, waiting 1.")
            async with asyncio.timeout(30):
                while (await done(rooms)) < 2:
                    await asyncio.sleep(0.1)


async def done(rooms: Rooms) -> int:
    async with rooms.database.read() as session:
        return (await jobs.counts(session))[Status.SUCCEEDED]


async def test_a_broadcast_reaches_everybody_who_did_not_block_the_bot(
    ada: Person, boris: Person, rooms: Rooms
) -> None:
    cleo = ada.also(user=CLEO, chat=CLEO)
    await cleo.say("/queue")
    await cleo.wait_for_text("Nothing of yours")
    async with rooms.database.write() as session:
        await standings.ban(session, 5555, None)
    await cleo.block()  # of which the bot has not heard when it counts its readers
    await ada.say("/admin broadcast Tonight I <rest>.\nGood night!")
    begun = await ada.wait_for_text("On its way to")
    assert any(number in words(begun) for number in ("2 people", "3 people"))
    for person in (ada, boris):
        await person.wait_for(lambda message: words(message) == "Tonight I <rest>.\nGood night!")
    report = words(await ada.wait_for_text("The broadcast is through", 20))
    assert "delivered 2" in report
    assert "still on the way 0" in report
