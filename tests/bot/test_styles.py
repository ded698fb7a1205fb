"""A person's own styles: kept under a name, shown, painted with, deleted, and nobody else's."""

from __future__ import annotations

import io

import pytest
from fake_runner import FakeRunner
from person import ADA, BORIS, Person, buttons, words
from PIL import Image
from served import Picture, running_bot

from bot.config import Config
from bot.playground import Playground
from bot.rooms import Rooms
from storage import jobs, styles

DONE = " px, "


async def save(ada: Person, picture: Picture, name: str, color: str = "blue") -> None:
    await ada.send_photo(picture(color), caption=f"/save {name}")
    await ada.wait_for_text(f"Kept as {name.lower()}")


async def test_a_picture_is_saved_by_its_caption_and_named_in_another(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    await save(ada, picture, "Monet-2")
    await ada.send_photo(picture("red"), caption="monet-2, size 64")
    done = await ada.wait_for_text("64 px, 20 steps", 30)
    assert "In the style of monet-2" in words(done)
    async with rooms.database.read() as session:
        job = await jobs.shown_in(session, ADA, done["id"])
        (style,) = await styles.of(session, ADA)
    assert job is not None
    assert job.pictures[1].blob == style.blob


async def test_a_picture_is_saved_in_reply_to_it(ada: Person, picture: Picture) -> None:
    await ada.send_photo(picture("red"), caption="poppies")
    done = await ada.wait_for_text(DONE, 30)
    await ada.say("/save mine", reply_to=done)
    await ada.wait_for_text("Kept as mine")
    await ada.send_photo(picture("red"), caption="mine")
    await ada.wait_for_text("In the style of mine", 30)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("", "needs a name of 1 to 32 letters"),
        ("a" * 33, "needs a name of 1 to 32 letters"),
        ("mo net", "needs a name of 1 to 32 letters"),
        ("-x", "needs a name of 1 to 32 letters"),
        ("<b>", "needs a name of 1 to 32 letters"),
        ("size", "means something in a caption already"),
        ("size-512", "means something in a caption already"),
        ("draft", "means something in a caption already"),
        ("great-wave", "means something in a caption already"),
        ("a" * 32, "Kept as"),
        ("Моне", "Kept as моне"),
    ],
)
async def test_a_name_is_taken_or_refused_in_a_sentence(
    ada: Person, picture: Picture, name: str, answer: str
) -> None:
    await ada.send_photo(picture("blue"), caption=f"/save {name}")
    await ada.wait_for_text(answer)


async def test_a_style_is_never_overwritten(ada: Person, picture: Picture, rooms: Rooms) -> None:
    await save(ada, picture, "monet")
    await ada.send_photo(picture("green"), caption="/save MONET")
    await ada.wait_for_text("You have a style called monet already")
    async with rooms.database.read() as session:
        assert len(await styles.of(session, ADA)) == 1


async def test_there_is_room_for_thirty(ada: Person, picture: Picture, rooms: Rooms) -> None:
    await save(ada, picture, "monet")
    async with rooms.database.write() as session:
        (first,) = await styles.of(session, ADA)
        for number in range(29):
            await styles.save(
                session, ADA, f"s{number}", chat_id=ADA, file_id=first.file_id, blob=first.blob
            )
    await ada.send_photo(picture("green"), caption="/save one-more")
    await ada.wait_for_text("You have 30 styles, the most there is room for")


async def test_a_save_without_a_picture_is_explained(ada: Person, picture: Picture) -> None:
    await ada.say("/save monet")
    await ada.wait_for_text("Reply to a picture with")
    await ada.send_album([picture("red"), picture("blue")], caption="/save monet")
    await ada.wait_for_text("one picture at a time")


async def test_a_file_that_is_no_picture_is_not_kept(ada: Person, rooms: Rooms) -> None:
    await ada.send_file(b"hello " * 100, "x.png", mime="image/png", caption="/save monet")
    await ada.wait_for_text("I could not keep monet. I cannot read this as a picture.", 20)
    async with rooms.database.read() as session:
        assert await styles.of(session, ADA) == []


async def test_the_sheet_shows_numbers_and_paints_the_waiting_photo(
    ada: Person, picture: Picture
) -> None:
    await ada.say("/styles")
    await ada.wait_for_text("You have no styles of your own yet")
    await save(ada, picture, "one", "green")
    await save(ada, picture, "two")
    await ada.say("/styles")
    sheet = await ada.wait_for_text("Your styles", 20)
    assert "1. one\n2. two" in words(sheet)
    assert [one["text"] for one in buttons(sheet)] == ["1", "2", "Delete…"]
    image = Image.open(io.BytesIO(await ada.download(sheet["photo"])))
    assert image.width > image.height
    answer = await ada.press(sheet, "2")
    assert answer
    assert answer["text"] == "Send a photo first, or one with two as its caption."
    await ada.send_photo(picture("red"), caption="size 64")
    await ada.wait_for_text("Now the style")
    await ada.press(sheet, "2")
    done = await ada.wait_for_text("64 px, 20 steps", 30)
    assert "In the style of two" in words(done)
    assert not any("Now the style" in words(message) for message in await ada.messages())


async def test_a_style_is_deleted_by_its_button(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    await save(ada, picture, "one", "green")
    await save(ada, picture, "two")
    await ada.say("/styles")
    sheet = await ada.wait_for_text("Your styles", 20)
    await ada.press(sheet, "Delete…")
    deleting = await ada.wait_for_text("Which style shall I delete?", 20)
    assert deleting["id"] == sheet["id"]
    await ada.press(deleting, "✕ 1")
    await ada.wait_for(lambda message: "1. two" in words(message), 20)
    async with rooms.database.read() as session:
        assert [style.name for style in await styles.of(session, ADA)] == ["two"]
    await ada.press(sheet, "✕ 1")
    await ada.wait_for_text("You have no styles of your own yet", 20)


async def test_the_own_styles_are_a_page_of_the_gallery(ada: Person, picture: Picture) -> None:
    await save(ada, picture, "monet")
    await ada.send_photo(picture("red"))
    gallery = await ada.wait_for_text("Now the style")
    await ada.press(gallery, "My styles")
    mine = await ada.wait_for_text("These are yours", 20)
    assert mine["id"] == gallery["id"]
    await ada.press(mine, "Gallery")
    await ada.wait_for(lambda message: len(buttons(message)) == 17, 20)
    await ada.press(gallery, "My styles")
    await ada.wait_for_text("These are yours", 20)
    await ada.press(gallery, "1")
    done = await ada.wait_for_text(DONE, 30)
    assert done["id"] == gallery["id"]
    assert "In the style of monet" in words(done)


async def test_many_styles_are_shown_on_pages(ada: Person, picture: Picture, rooms: Rooms) -> None:
    await save(ada, picture, "monet")
    async with rooms.database.write() as session:
        (first,) = await styles.of(session, ADA)
        for number in range(12):
            await styles.save(
                session, ADA, f"s{number}", chat_id=ADA, file_id=first.file_id, blob=first.blob
            )
    await ada.say("/styles")
    sheet = await ada.wait_for_text("Your styles", 20)
    await ada.press(sheet, "▸")
    second = await ada.wait_for_text("13. s11", 20)
    assert [one["text"] for one in buttons(second)] == ["13", "◂", "Delete…"]


async def test_styles_are_the_persons_only(ada: Person, picture: Picture) -> None:
    await save(ada, picture, "monet")
    await ada.say("/styles")
    sheet = await ada.wait_for_text("Your styles", 20)
    boris = ada.also(user=BORIS, chat=BORIS)
    await boris.say("/styles")
    await boris.wait_for_text("вас пока нет")
    await boris.send_album([picture("red"), picture("blue")], caption="monet")
    await boris.wait_for_text("понимаю «monet»")
    assert buttons(sheet)[0]["data"].endswith(f":{ADA}")


async def test_styles_survive_a_restart(
    config: Config, playground: Playground, picture: Picture
) -> None:
    async with Person(playground.url) as ada:
        async with running_bot(config, FakeRunner(), playground):
            await save(ada, picture, "monet")
        async with running_bot(config, FakeRunner(), playground):
            await ada.send_photo(picture("red"), caption="monet, steps 5")
            await ada.wait_for_text("In the style of monet", 30)
