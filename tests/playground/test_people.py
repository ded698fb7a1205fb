"""What people can do, over HTTP, and what is refused with a sentence."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from clients import Paint
from panel import Refused
from person import ADA, BORIS, CLEO, PAINTERS, Person
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.playground import Playground

GO = InlineKeyboardMarkup([[InlineKeyboardButton("Go on", callback_data="go")]])


async def test_the_world_is_as_described(ada: Person) -> None:
    world = await ada.world()
    bot = world["bot"]
    assert (bot["id"], bot["username"], bot["name"]) == (4242, "easel_bot", "Easel")
    assert [(one["id"], one["name"], one["language"]) for one in world["users"]] == [
        (ADA, "Ada", "en"),
        (BORIS, "Boris", "ru"),
        (CLEO, "Cleo", "en"),
    ]
    group = {
        "id": PAINTERS,
        "type": "group",
        "title": "Painters",
        "members": [ADA, BORIS, CLEO],
    }
    assert world["chats"][-1] == group
    assert [chat["id"] for chat in world["chats"][:-1]] == [ADA, BORIS, CLEO]


async def test_text_is_shown_as_safe_html(ada: Person) -> None:
    sent = await ada.say("  /start <script>alert(1)</script> https://example.org/?a=1&b=2 ")
    assert sent["text"].startswith("/start <script>")
    assert sent["html"] == (
        '<span class="bot-command">/start</span> &lt;script&gt;alert(1)&lt;/script&gt; '
        '<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">'
        "https://example.org/?a=1&amp;b=2</a>"
    )


async def test_a_group_is_shared_and_private_chats_are_not(ada: Person) -> None:
    boris = ada.also(user=BORIS)
    await ada.say("mine")
    await boris.also(chat=PAINTERS).say("ours")
    assert await boris.messages() == []
    (ours,) = await ada.also(chat=PAINTERS).messages()
    assert ours["from"] == {"id": BORIS, "name": "Boris", "bot": False}


async def test_a_photo_can_answer_a_photo(bot: Bot, ada: Person, paint: Paint) -> None:
    first = await ada.send_photo(paint())
    second = await ada.send_photo(paint(), caption="great-wave", reply_to=first)
    assert second["reply_to"] == {"id": first["id"], "name": "Ada", "text": "Photo"}
    update = (await bot.get_updates())[-1]
    assert update.message
    assert update.message.reply_to_message
    assert update.message.reply_to_message.photo


async def test_an_album_of_files_keeps_its_order(ada: Person, paint: Paint) -> None:
    pictures = [paint(20 + number, 20, "PNG") for number in range(3)]
    sent = await ada.send_album(pictures, as_files=True)
    assert [await ada.download(one["document"]) for one in sent] == pictures
    assert len({one["media_group"] for one in sent}) == 1


async def test_what_a_file_holds_does_not_run_in_the_page(
    playground: Playground, ada: Person
) -> None:
    sent = await ada.send_file(b"<script>alert(1)</script>", "x.html")
    url = playground.url + sent["document"]["url"]
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.content_type == "application/octet-stream"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_press_that_nobody_answers_ends(
    bot: Bot, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.playground.presses.WAIT_SECONDS", 0.1)
    sent = await bot.send_message(ADA, "x", reply_markup=GO)
    assert await ada.press({"id": sent.message_id}, "go") is None


async def test_a_late_answer_is_still_taken(
    bot: Bot, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.playground.presses.WAIT_SECONDS", 0.1)
    sent = await bot.send_message(ADA, "x", reply_markup=GO)
    await ada.press({"id": sent.message_id}, "go")
    (update,) = await bot.get_updates()
    assert update.callback_query
    assert await update.callback_query.answer()


async def test_a_button_can_be_named_by_part_of_its_label(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ADA, "x", reply_markup=GO)
    press = asyncio.create_task(ada.press({"id": sent.message_id}, "go ON"))
    (update,) = await bot.get_updates(timeout=5)
    assert update.callback_query
    await update.callback_query.answer()
    await press
    with pytest.raises(AssertionError, match="no button 'stop'"):
        await ada.press({"id": sent.message_id}, "stop")


async def test_waiting_for_a_message_tells_what_came_instead(bot: Bot, ada: Person) -> None:
    await bot.send_message(ADA, "something else")
    with pytest.raises(AssertionError, match="something else"):
        await ada.wait_for_text("hello", 0.1)
    asyncio.get_running_loop().call_later(
        0.1, lambda: tasks.append(asyncio.ensure_future(bot.send_message(ADA, "hello there")))
    )
    tasks: list[asyncio.Future[Any]] = []
    assert (await ada.wait_for_text("hello"))["text"] == "hello there"
    await asyncio.gather(*tasks)


async def test_more_people_join_with_a_chat_of_their_own(bot: Bot, ada: Person) -> None:
    ids = [await ada.let_in(name, language) for name, language in (("Dan", "ru"), ("Eve", "pt-br"))]
    assert ids == [CLEO + 1, CLEO + 2]
    world = await ada.world()
    assert [user["name"] for user in world["users"]] == ["Ada", "Boris", "Cleo", "Dan", "Eve"]
    assert world["chats"][-1] == {
        "id": ids[1],
        "type": "private",
        "title": "Eve",
        "members": [ids[1]],
    }
    await ada.also(user=ids[1], chat=ids[1]).say("Hello")
    (update,) = await bot.get_updates()
    assert update.effective_user
    assert (update.effective_user.first_name, update.effective_user.language_code) == (
        "Eve",
        "pt-br",
    )
    assert (await bot.send_message(ids[1], "Hello, Eve")).chat.id == ids[1]
    assert await ada.messages() == []


@pytest.mark.parametrize(
    ("name", "language", "sentence"),
    [
        ("", "en", "must be text"),
        ("  ", "en", "1 to 64 characters"),
        ("x" * 65, "en", "1 to 64 characters"),
        ("Dan", "English!", "tag such as en"),
    ],
)
async def test_nobody_joins_without_a_name_or_a_language(
    ada: Person, name: str, language: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        await ada.let_in(name, language)
    assert len((await ada.world())["users"]) == 3


async def test_a_language_can_be_changed(bot: Bot, ada: Person) -> None:
    await ada.speak("ru")
    await ada.say("привет")
    (update,) = await bot.get_updates()
    assert update.effective_user
    assert update.effective_user.language_code == "ru"
    assert (await ada.world())["users"][0]["language"] == "ru"


async def test_blocking_twice_is_told_once(bot: Bot, ada: Person) -> None:
    await ada.block()
    await ada.block()
    assert (await ada.world())["users"][0]["blocked"] is True
    assert len(await bot.get_updates()) == 1


async def test_one_deletes_any_message_in_private_but_only_ones_own_in_a_group(
    bot: Bot, ada: Person
) -> None:
    await ada.delete({"id": (await bot.send_message(ADA, "x")).message_id})
    assert await ada.messages() == []
    group = ada.also(chat=PAINTERS)
    own = await group.say("x")
    other = await bot.send_message(PAINTERS, "x")
    await group.delete(own)
    with pytest.raises(Refused, match="only one's own") as refused:
        await group.delete({"id": other.message_id})
    assert refused.value.status == 403


async def test_a_reply_to_a_deleted_message_says_so(ada: Person) -> None:
    first = await ada.say("x")
    second = await ada.say("y", reply_to=first)
    await ada.delete(first)
    assert (await ada.message(second["id"]))["reply_to"]["text"] == "Deleted message"
