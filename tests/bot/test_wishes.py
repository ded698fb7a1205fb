"""Captions in the chat: what they change about one job, and what is answered."""

from __future__ import annotations

import pytest
from person import ADA, BORIS, PAINTERS, Person, words
from results import job_of
from served import Picture

from bot.rooms import Rooms
from storage import users

DONE = " px, "


async def test_a_caption_names_the_style_of_a_lone_photo(ada: Person, picture: Picture) -> None:
    await ada.send_photo(picture("red"), caption="great-wave")
    done = await ada.wait_for_text(DONE, 30)
    assert "The Great Wave" in words(done)
    assert not any("Now the style" in words(message) for message in await ada.messages())


async def test_a_caption_sets_this_job_only(ada: Person, picture: Picture, rooms: Rooms) -> None:
    await ada.send_album(
        [picture("red"), picture("blue")], caption="size 64, style 200, keep colours"
    )
    done = await ada.wait_for_text("64 px, 20 steps", 30)
    job = await job_of(rooms, done)
    assert (job.settings.style_weight, job.settings.colors) == (200, "luma")
    async with rooms.database.read() as session:
        user = await users.get(session, ADA)
    assert user is not None
    assert (user.settings.style_weight, user.settings.image_size) == (300, 384)


async def test_a_blend_in_the_caption_of_an_album(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    album = [picture(color) for color in ("red", "blue", "green")]
    await ada.send_album(album, caption="70/30")
    done = await ada.wait_for_text(DONE, 30)
    job = await job_of(rooms, done)
    assert [style.weight for style in job.pictures[1:]] == [70, 30]


async def test_a_blend_for_another_number_of_styles_is_said(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    await ada.send_album([picture("red"), picture("blue")], caption="70/20/10")
    await ada.wait_for_text("The blend 70/20/10 is not for 1 style, so the styles count evenly.")
    done = await ada.wait_for_text(DONE, 30)
    assert [style.weight for style in (await job_of(rooms, done)).pictures[1:]] == [1]


async def test_styles_of_the_gallery_are_blended_by_name(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    await ada.send_photo(picture("red"), caption="Great Wave and poppies, 60/40")
    done = await ada.wait_for_text(DONE, 30)
    assert "The Great Wave off Kanagawa, Poppies" in words(done)
    job = await job_of(rooms, done)
    assert [style.weight for style in job.pictures[1:]] == [60, 40]


async def test_what_is_not_understood_is_named_and_the_rest_is_painted(
    ada: Person, picture: Picture
) -> None:
    album = [picture("red"), picture("blue")]
    await ada.send_album(album, caption="size 64, strenght 50")
    await ada.wait_for_text("I did not understand “strenght 50”, so I left it out.")
    await ada.wait_for_text("Did you mean strength?")
    await ada.wait_for_text("64 px, ", 30)


async def test_a_caption_that_is_only_talk_is_painted_too(ada: Person, picture: Picture) -> None:
    await ada.send_album([picture("red"), picture("blue")], caption="<b>My</b> dog")
    await ada.wait_for_text("“<b>My</b> dog”")
    await ada.wait_for_text(DONE, 30)


async def test_a_value_out_of_range_is_refused_with_the_range(
    ada: Person, picture: Picture
) -> None:
    await ada.send_album([picture("red"), picture("blue")], caption="size 9999")
    await ada.wait_for_text("Size takes 64 to 2048 px, so it stays at 384 px.")
    await ada.wait_for_text("384 px, ", 30)


async def test_the_wishes_of_a_lone_photo_hold_when_its_style_comes(
    ada: Person, picture: Picture
) -> None:
    await ada.send_photo(picture("red"), caption="size 64 qqq")
    gallery = await ada.wait_for_text("Now the style")
    assert "“qqq”" in words(gallery)
    await ada.send_photo(picture("blue"), caption="steps 7")
    await ada.wait_for_text("64 px, 7 steps", 30)
    await ada.send_photo(picture("red"), caption="size 80")
    gallery = await ada.wait_for_text("Now the style")
    await ada.press(gallery, "3")
    await ada.wait_for_text("80 px, 20 steps", 30)
    assert len([one for one in await ada.answers() if "understand" in words(one)]) == 0


async def test_words_answer_the_gallery(ada: Person, picture: Picture) -> None:
    await ada.send_photo(picture("red"))
    await ada.wait_for_text("Now the style")
    await ada.say("size 64")
    await ada.wait_for_text("Noted for this photo: Size: 64 px.")
    await ada.say("Great Wave")
    done = await ada.wait_for_text("64 px, ", 30)
    assert "The Great Wave" in words(done)
    assert not any("Now the style" in words(message) for message in await ada.messages())


async def test_words_in_reply_to_a_photo_name_its_style(ada: Person, picture: Picture) -> None:
    await ada.send_photo(picture("red"), caption="poppies")
    done = await ada.wait_for_text(DONE, 30)
    await ada.say("great-wave, size 64", reply_to=done)
    again = await ada.wait_for_text("64 px, ", 30)
    assert again["reply_to"]["id"] == done["id"]


async def test_talk_is_no_wish(ada: Person, picture: Picture) -> None:
    await ada.send_photo(picture("red"))
    await ada.wait_for_text("Now the style")
    await ada.say("this is fine")
    await ada.wait_for_text("I paint photos")


async def test_in_a_group_a_caption_that_mentions_the_bot_is_read(
    ada: Person, picture: Picture
) -> None:
    group = ada.also(chat=PAINTERS)
    await group.send_photo(picture("red"), caption="great-wave")
    await group.send_photo(picture("red"), caption="@easel_bot poppies, size 64")
    done = await group.wait_for_text(DONE, 30)
    assert "Poppies" in words(done)
    assert "64 px" in words(done)
    assert not any("Great Wave" in words(one) for one in await group.answers())


@pytest.mark.parametrize("caption", ["размер 64, абвгд", "size 64, абвгд"])
async def test_a_caption_is_answered_in_the_persons_language(
    ada: Person, picture: Picture, caption: str
) -> None:
    boris = ada.also(user=BORIS, chat=BORIS)
    await boris.send_album([picture("red"), picture("blue")], caption=caption)
    await boris.wait_for_text("понимаю «абвгд», обойдусь без этого.")
    await boris.wait_for_text("64 пикс.", 30)
