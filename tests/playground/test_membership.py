"""Groups: who hears what, the bot put out and brought back, a group that becomes a supergroup."""

from __future__ import annotations

import pytest
from clients import Paint, new_bot
from panel import Refused
from person import ADA, BORIS, PAINTERS, Person
from telegram import Bot
from telegram.error import ChatMigrated, Forbidden

from bot.playground import Playground


@pytest.fixture
def group(ada: Person) -> Person:
    return ada.also(chat=PAINTERS)


async def test_without_privacy_the_bot_hears_all(bot: Bot, group: Person) -> None:
    await group.say("just talking")
    assert len(await bot.get_updates()) == 1
    assert (await bot.get_me()).can_read_all_group_messages


async def test_with_privacy_it_hears_only_what_is_meant_for_it(paint: Paint) -> None:
    playground = Playground(privacy=True)
    await playground.start()
    async with Person(playground.url) as ada, new_bot(playground) as bot:
        assert not (await bot.get_me()).can_read_all_group_messages
        group = ada.also(chat=PAINTERS)
        from_bot = await bot.send_message(PAINTERS, "x")
        await group.say("just talking")
        await group.say("/paint@other_bot")
        await group.say("hello @easel_bot_2")
        await group.send_album([paint(), paint()], caption="/paint")
        await group.say("🎨 hello @easel_bot")
        await group.say("/paint@easel_bot")
        await group.say("yes", reply_to={"id": from_bot.message_id})
        heard = [update.effective_message for update in await bot.get_updates()]
        assert [one.text or one.caption for one in heard if one] == [
            "/paint",  # of the album only the picture with the caption
            "🎨 hello @easel_bot",
            "/paint@easel_bot",
            "yes",
        ]
    await playground.stop()


async def test_a_bot_put_out_neither_hears_nor_speaks(bot: Bot, group: Person) -> None:
    await group.put_bot_out()
    await group.say("/anyone?")
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(PAINTERS, "x")
    assert (await bot.get_chat_member(PAINTERS, bot.id)).status == "kicked"
    await group.bring_bot_back()
    await group.bring_bot_back()
    await bot.send_message(PAINTERS, "x")
    updates = await bot.get_updates()
    changes = [update.my_chat_member for update in updates]
    assert [one.new_chat_member.status for one in changes if one] == ["kicked", "member"]
    assert len(updates) == 2


async def test_an_upgraded_group_has_a_new_id(bot: Bot, group: Person) -> None:
    await group.say("before")
    new_id = await group.upgrade_group()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(PAINTERS, "x")
    assert moved.value.new_chat_id == new_id
    await bot.send_message(new_id, "x")
    with pytest.raises(Refused, match="upgraded to a supergroup"):
        await group.say("after")
    await group.also(chat=new_id).say("after")
    messages = [update.message for update in await bot.get_updates()]
    assert [
        (one.chat.id, one.text, one.migrate_to_chat_id, one.migrate_from_chat_id)
        for one in messages
        if one
    ] == [
        (PAINTERS, "before", None, None),
        (PAINTERS, None, new_id, None),
        (new_id, None, None, PAINTERS),
        (new_id, "after", None, None),
    ]
    chats = {chat["id"]: chat["type"] for chat in (await group.world())["chats"]}
    assert chats[new_id] == "supergroup"
    assert PAINTERS not in chats


async def test_only_groups_change_and_only_once(ada: Person, group: Person) -> None:
    supergroup = ada.also(chat=await group.upgrade_group())
    for change, sentence in (
        (ada.put_bot_out(), "no group"),
        (ada.upgrade_group(), "no group"),
        (group.upgrade_group(), "upgraded"),
        (group.put_bot_out(), "upgraded"),
        (supergroup.upgrade_group(), "already"),
        (ada.also(user=BORIS, chat=ADA).upgrade_group(), "Boris is not in that chat"),
    ):
        with pytest.raises(Refused, match=sentence):
            await change
