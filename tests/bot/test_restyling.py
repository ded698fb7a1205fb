"""Another style for the same photo, and the same style for another photo."""

from __future__ import annotations

from person import Person
from results import job_of, next_done, painted
from served import Picture

from bot.rooms import Rooms


async def test_another_style_is_picked_from_the_gallery(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    await ada.press(done, "Other style")
    gallery = await ada.wait_for_text("Now the style")
    await ada.press(gallery, "2")
    after = await next_done(ada, done)
    first, second = await job_of(rooms, done), await job_of(rooms, after)
    assert after["id"] == gallery["id"]
    assert second.parent_id == first.id
    assert second.pictures[0].blob == first.pictures[0].blob
    assert second.pictures[1].blob != first.pictures[1].blob


async def test_a_picture_of_ones_own_can_be_the_other_style(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    await ada.press(done, "Other style")
    await ada.wait_for_text("Now the style")
    await ada.press(done, "Other style")  # asks once more, and takes the first question away
    await ada.send_photo(picture("green"))
    after = await next_done(ada, done)
    first, second = await job_of(rooms, done), await job_of(rooms, after)
    assert second.pictures[0].blob == first.pictures[0].blob
    await ada.wait_until_gone("Now the style")


async def test_another_photo_is_painted_in_the_same_style(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    await ada.press(done, "Other photo")
    question = await ada.wait_for_text("Send me the photo to paint in this style")
    assert question["reply_to"]["id"] == done["id"]
    photo = await ada.send_photo(picture("green", (300, 300)))
    after = await next_done(ada, done)
    first, second = await job_of(rooms, done), await job_of(rooms, after)
    assert after["reply_to"]["id"] == photo["id"]
    assert second.pictures[1].blob == first.pictures[1].blob
    assert second.pictures[0].blob != first.pictures[0].blob
    assert second.parent_id == first.id


async def test_what_waits_anew_takes_the_place_of_what_waited(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    await ada.send_photo(picture("green"))
    await ada.wait_for_text("Now the style")
    await ada.press(done, "Other photo")
    await ada.wait_for_text("Send me the photo")
    await ada.wait_until_gone("Now the style")
    await ada.send_photo(picture("white"))
    first, second = await job_of(rooms, done), await job_of(rooms, await next_done(ada, done))
    assert second.pictures[1].blob == first.pictures[1].blob
