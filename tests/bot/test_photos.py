"""Every way in, from the person's message to the finished picture in the same message."""

from __future__ import annotations

import io
import time

import pytest
from fake_runner import FakeRunner
from person import PAINTERS, Person, buttons, words
from PIL import Image
from served import Picture

DONE = " px, "


async def test_an_album_becomes_one_living_message(ada: Person, picture: Picture) -> None:
    await ada.send_album([picture("red"), picture("blue")])
    queued = await ada.wait_for_text("Queued")
    done = await ada.wait_for_text(DONE, 30)
    assert done["id"] == queued["id"]
    assert done["photo"]
    assert done["reply_to"]["id"]
    assert [one for one in await ada.answers() if one["id"] > queued["id"]] == []


async def test_previews_arrive_in_the_same_message(
    ada: Person, picture: Picture, runner: FakeRunner
) -> None:
    runner.seconds = 10
    await ada.send_album([picture("red"), picture("blue")])
    done = await ada.wait_for_text(DONE, 40)
    photos = [
        version["photo"]["sha256"] for version in await ada.history(done) if "photo" in version
    ]
    assert len(set(photos)) >= 3


async def test_two_photos_in_a_row_are_content_and_style(ada: Person, picture: Picture) -> None:
    await ada.send_photo(picture("red"))
    await ada.wait_for_text("Now the style")
    sent = time.monotonic()
    await ada.send_photo(picture("blue"))
    await ada.wait_for_text("Queued")
    assert time.monotonic() - sent < 1
    await ada.wait_for_text(DONE, 30)
    assert not any("Now the style" in words(message) for message in await ada.messages())


async def test_a_lone_photo_is_painted_in_a_style_of_the_gallery(
    ada: Person, picture: Picture
) -> None:
    await ada.send_photo(picture("red"))
    gallery = await ada.wait_for_text("Now the style")
    assert [button["text"] for button in buttons(gallery)] == [str(n) for n in range(1, 17)]
    await ada.press(gallery, "1")
    done = await ada.wait_for_text(DONE, 30)
    assert done["id"] == gallery["id"]
    assert "The Great Wave" in words(done)


async def test_a_photo_in_reply_to_another_is_its_style(ada: Person, picture: Picture) -> None:
    first = await ada.send_photo(picture("red"))
    await ada.wait_for_text("Now the style")
    await ada.say("/settings")
    await ada.send_photo(picture("blue"), reply_to=first)
    done = await ada.wait_for_text(DONE, 30)
    assert done["reply_to"]["id"] == first["id"]


async def test_a_result_can_be_painted_again(ada: Person, picture: Picture) -> None:
    await ada.send_album([picture("red"), picture("blue")])
    done = await ada.wait_for_text(DONE, 30)
    await ada.send_photo(picture("green"), reply_to=done)
    again = await ada.wait_for(
        lambda message: message["id"] > done["id"] and DONE in words(message)
    )
    assert again["reply_to"]["id"] == done["id"]


async def test_an_album_of_four_blends_three_styles(ada: Person, picture: Picture) -> None:
    await ada.send_album([picture(color) for color in ("red", "blue", "green", "white")])
    done = await ada.wait_for_text(DONE, 30)
    assert "3 pictures of yours" in words(done)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "GIF", "BMP"])
async def test_a_picture_sent_as_a_file_is_painted(
    ada: Person, picture: Picture, form: str
) -> None:
    files = [picture("red", form=form), picture("blue", form=form)]
    mime = f"image/{form.lower()}"
    await ada.send_file(files[0], f"one.{form.lower()}", mime=mime)
    await ada.wait_for_text("Now the style")
    await ada.send_file(files[1], f"two.{form.lower()}", mime=mime)
    await ada.wait_for_text(DONE, 30)


async def test_a_still_sticker_can_be_the_style(ada: Person, picture: Picture) -> None:
    await ada.send_photo(picture("red"))
    await ada.wait_for_text("Now the style")
    await ada.send_sticker(picture("blue", (512, 512), "WEBP"))
    await ada.wait_for_text(DONE, 30)


async def test_the_original_png_comes_on_a_button(ada: Person, picture: Picture) -> None:
    await ada.send_album([picture("red"), picture("blue")])
    done = await ada.wait_for_text(DONE, 30)
    answer = await ada.press(done, "Original PNG")
    assert answer
    assert answer["text"] == "Here it comes."
    original = await ada.wait_for(lambda message: "document" in message)
    image = Image.open(io.BytesIO(await ada.download(original["document"])))
    assert image.format == "PNG"
    assert original["document"]["name"].endswith(".png")


@pytest.mark.parametrize(("output", "documents"), [("file", 1), ("both", 1), ("photo", 0)])
async def test_the_result_comes_in_the_form_asked_for(
    ada: Person, picture: Picture, output: str, documents: int
) -> None:
    await ada.say(f"/set output {output}")
    await ada.wait_for_text("Output is now")
    await ada.send_album([picture("red"), picture("blue")])
    done = await ada.wait_for_text(DONE, 30)
    if output == "both":
        await ada.wait_for_text("full quality")
    found = [message for message in await ada.answers() if "document" in message]
    assert len(found) == documents
    assert ("photo" in done) is (output != "file")


async def test_in_a_group_only_what_is_addressed_to_the_bot_is_painted(
    ada: Person, picture: Picture
) -> None:
    group = ada.also(chat=PAINTERS)
    await group.send_album([picture("red"), picture("blue")])
    await group.send_album([picture("red"), picture("blue")], caption="@easel_bot please")
    await group.wait_for_text(DONE, 30)
    assert len([message for message in await group.answers() if DONE in words(message)]) == 1
