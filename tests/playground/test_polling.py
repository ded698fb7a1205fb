"""The long poll: getUpdates of python-telegram-bot over HTTP."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest
from clients import Paint, call, refusal
from person import ADA, PAINTERS, Person
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict

from bot.playground import Playground


async def test_an_update_tells_who_and_where(bot: Bot, ada: Person) -> None:
    await ada.also(chat=PAINTERS).say("/start@easel_bot now")
    (update,) = await bot.get_updates()
    message = update.message
    assert message
    assert message.from_user
    assert (message.from_user.id, message.from_user.language_code) == (ADA, "en")
    assert (message.chat.id, message.chat.type) == (PAINTERS, "group")
    assert message.parse_entities(["bot_command"]) == {message.entities[0]: "/start@easel_bot"}


async def test_a_poll_waits_for_the_next_update(bot: Bot, ada: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    assert not poll.done()
    await ada.say("x")
    (update,) = await asyncio.wait_for(poll, 5)
    assert update.message
    assert update.message.text == "x"


async def test_a_poll_ends_empty_after_its_time(bot: Bot) -> None:
    start = time.monotonic()
    assert await bot.get_updates(timeout=1) == ()
    assert 0.9 < time.monotonic() - start < 5


async def test_updates_come_again_until_their_offset_is_confirmed(bot: Bot, ada: Person) -> None:
    for text in "abc":
        await ada.say(text)
    first = await bot.get_updates()
    assert await bot.get_updates() == first
    ids = [update.update_id for update in first]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert [one.update_id for one in await bot.get_updates(offset=ids[1])] == ids[1:]
    assert [one.update_id for one in await bot.get_updates()] == ids[1:]


async def test_a_negative_offset_keeps_the_latest(bot: Bot, ada: Person) -> None:
    for text in "abc":
        await ada.say(text)
    assert texts(await bot.get_updates(offset=-1)) == ["c"]
    assert texts(await bot.get_updates()) == ["c"]


async def test_a_limit_is_kept(bot: Bot, ada: Person) -> None:
    for text in "abc":
        await ada.say(text)
    assert texts(await bot.get_updates(limit=2)) == ["a", "b"]


async def test_only_allowed_updates_come_until_others_are_named(bot: Bot, ada: Person) -> None:
    await bot.get_updates(allowed_updates=["my_chat_member"])
    await ada.say("unheard")
    await ada.block()
    await ada.block(False)
    updates = await bot.get_updates()
    assert [bool(update.my_chat_member) for update in updates] == [True, True]
    await bot.get_updates(offset=updates[-1].update_id + 1, allowed_updates=[])
    await ada.say("heard")
    assert texts(await bot.get_updates()) == ["heard"]


async def test_broken_allowed_updates_are_refused(playground: Playground) -> None:
    error = await refusal(playground, "getUpdates", allowed_updates=3)
    assert error == "can't parse allowed_updates: expected an Array of String"


async def test_a_newer_poll_ends_the_older(bot: Bot, ada: Person) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    newer = asyncio.create_task(bot.get_updates(timeout=10))
    with pytest.raises(Conflict) as conflict:
        await older
    assert str(conflict.value) == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    await ada.say("x")
    assert texts(await newer) == ["x"]


async def test_stopping_ends_a_poll(playground: Playground, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    start = time.monotonic()
    await playground.stop()
    assert await poll == ()
    assert time.monotonic() - start < 2


async def test_a_block_is_told_with_both_states(bot: Bot, ada: Person) -> None:
    await ada.block()
    await ada.say("into the void")
    (update,) = await bot.get_updates()
    change = update.my_chat_member
    assert change
    assert (change.chat.id, change.from_user.id) == (ADA, ADA)
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    assert change.new_chat_member.user.id == bot.id


async def test_ids_of_an_earlier_run_do_not_come_back() -> None:
    first = await first_update_id()
    await asyncio.sleep(1)  # ids begin at the clock, in seconds
    assert await first_update_id() > first


async def first_update_id() -> int:
    playground = Playground()
    await playground.start()
    async with Person(playground.url) as ada:
        await ada.say("x")
    answer = await call(playground, "getUpdates")
    await playground.stop()
    return int(answer["result"][0]["update_id"])


async def test_albums_come_as_one_update_a_picture(bot: Bot, ada: Person, paint: Paint) -> None:
    await ada.send_album([paint(), paint(), paint()], caption="/paint")
    messages = [update.message for update in await bot.get_updates()]
    assert len({message.media_group_id for message in messages if message}) == 1
    assert [message.caption for message in messages if message] == ["/paint", None, None]


async def test_calls_may_come_as_a_form_or_in_the_address(playground: Playground) -> None:
    url = f"{playground.base_url}{playground.token}/sendMessage"
    async with aiohttp.ClientSession() as session:
        form = {"chat_id": str(ADA), "text": "x", "reply_markup": '{"inline_keyboard": []}'}
        async with session.post(url, data=form) as answer:
            assert (await answer.json())["result"]["text"] == "x"
        async with session.get(url, params={"chat_id": str(ADA), "text": "y"}) as answer:
            assert (await answer.json())["result"]["text"] == "y"
        for body in ("[1]", "{", "", r'{"text": "\ud800"}'):
            headers = {"Content-Type": "application/json"}
            async with session.post(url, data=body, headers=headers) as answer:
                assert answer.status == 400


async def test_a_broken_object_in_a_form_is_refused(playground: Playground) -> None:
    for markup, error in (
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        ('{"inline_keyboard": 1}', "must be an Array"),
        ('{"inline_keyboard": [[1]]}', "can't parse inline keyboard button"),
    ):
        description = await refusal(
            playground, "sendMessage", chat_id=ADA, text="x", reply_markup=markup
        )
        assert error in description


async def test_a_poll_is_refused_while_a_webhook_is_set(bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_bad_webhooks_are_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="an https url must be provided"):
        await bot.set_webhook("ftp://127.0.0.1/")
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook("http://127.0.0.1/", secret_token="no spaces please")


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    return [update.message.text for update in updates if update.message]
