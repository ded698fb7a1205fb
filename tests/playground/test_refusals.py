"""What people cannot do: each refused with a status and a sentence."""

from __future__ import annotations

import aiohttp
import pytest
from clients import Paint
from panel import Refused
from person import ADA, BORIS, Person
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.playground import Playground

HERE = f"/api/chats/{ADA}/messages"
GO = InlineKeyboardMarkup([[InlineKeyboardButton("Go on", callback_data="go")]])


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("POST", HERE, "{", 400),
        ("POST", HERE, "[]", 400),
        ("POST", HERE, r'{"text": "\ud800"}', 400),
        ("POST", HERE, {"text": "x"}, 400),
        ("POST", HERE, {"user": "Ada", "text": "x"}, 400),
        ("POST", HERE, {"user": ADA}, 400),
        ("POST", HERE, {"user": ADA, "text": " "}, 400),
        ("POST", HERE, {"user": ADA, "text": 3}, 400),
        ("POST", HERE, {"user": ADA, "text": "x" * 4097}, 400),
        ("POST", HERE, {"user": ADA, "text": "x", "reply_to": "first"}, 400),
        ("POST", HERE, {"user": ADA, "text": "x", "reply_to": 5}, 404),
        ("POST", HERE, {"user": 5, "text": "x"}, 404),
        ("POST", HERE, {"user": 4242, "text": "x"}, 404),
        ("POST", HERE, {"user": BORIS, "text": "x"}, 403),
        ("POST", "/api/chats/5/messages", {"user": ADA, "text": "x"}, 404),
        ("GET", "/api/chats/5/messages", {}, 404),
        ("GET", "/api/transcript?chat=5", {}, 404),
        ("GET", "/api/transcript?chat=x", {}, 400),
        ("GET", "/api/calls?after=x", {}, 400),
        ("POST", f"{HERE}/5/press", {"user": ADA, "data": "x"}, 404),
        ("DELETE", f"{HERE}/5", {"user": ADA}, 404),
        ("DELETE", f"{HERE}/5", "", 400),
        ("POST", f"/api/users/{ADA}/block", {"blocked": "yes"}, 400),
        ("POST", "/api/users/5/block", {"blocked": True}, 404),
        ("POST", f"/api/users/{ADA}/language", {"language": "!"}, 400),
        ("POST", f"/api/users/{ADA}/language", {}, 400),
        ("GET", "/api/files/none", {}, 404),
        ("GET", "/api/nothing", {}, 404),
        ("PUT", "/api/world", {}, 405),
    ],
)
async def test_a_senseless_request_gets_a_sentence(
    ada: Person, verb: str, path: str, body: object, status: int
) -> None:
    content = {"data": body} if isinstance(body, str) else {"json": body}
    with pytest.raises(Refused) as refused:
        await ada.request(verb, path, **content)
    assert refused.value.status == status
    assert refused.value.sentence.endswith(".")


async def test_only_buttons_that_are_there_can_be_pressed(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ADA, "x", reply_markup=GO)
    path = f"{HERE}/{sent.message_id}/press"
    for body, status in (
        ({"user": ADA, "data": "other"}, 400),
        ({"user": ADA}, 400),
        ({"user": BORIS, "data": "go"}, 403),
    ):
        with pytest.raises(Refused) as refused:
            await ada.request("POST", path, json=body)
        assert refused.value.status == status
    await ada.block()
    with pytest.raises(Refused, match="Ada has blocked the bot") as refused:
        await ada.request("POST", path, json={"user": ADA, "data": "go"})
    assert refused.value.status == 409


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ([], "Send 1 to 10"),
        ([b"x"] * 11, "Send 1 to 10"),
        ([b""], "An empty file"),
        ([b"no picture"], "not a picture"),
    ],
)
async def test_impossible_files_are_refused(
    ada: Person, fields: list[bytes], sentence: str
) -> None:
    form = aiohttp.FormData({"user": str(ADA), "as": "photo"}, default_to_multipart=True)
    for data in fields:
        form.add_field("file", data, filename="x.jpg")
    with pytest.raises(Refused, match=sentence):
        await ada.request("POST", HERE, data=form)


async def test_impossible_media_is_refused(ada: Person, paint: Paint) -> None:
    with pytest.raises(Refused, match="can only be sent as a file"):
        await ada.send_photo(paint(2200, 100, mode="L"))
    with pytest.raises(Refused, match="1025 characters are too many, the limit is 1024"):
        await ada.send_photo(paint(), caption="x" * 1025)
    with pytest.raises(Refused, match="stickers one by one"):
        await ada._send_files("sticker", [(paint(), "x"), (paint(), "y")], "", None)
    with pytest.raises(Refused, match="A file is sent as one of"):
        await ada._send_files("video", [(paint(), "x")], "", None)
    headers = {"Content-Type": "multipart/form-data"}
    with pytest.raises(Refused, match="cannot be read"):
        await ada.request("POST", HERE, data=b"junk", headers=headers)


async def test_another_sites_page_may_not_act_for_people(playground: Playground) -> None:
    body = {"user": ADA, "text": "x"}
    async with aiohttp.ClientSession(playground.url) as session:
        for origin, status in (("http://evil.example", 403), (playground.url, 201)):
            headers = {"Origin": origin}
            async with session.post(HERE, json=body, headers=headers) as answer:
                assert answer.status == status
