"""The Bot API about the bot itself, its commands, chats and members."""

from __future__ import annotations

import pytest
from clients import call, new_bot, refusal
from person import ADA, BORIS, CLEO, PAINTERS, Person
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
)
from telegram.error import BadRequest, EndPointNotFound, InvalidToken

from bot.playground import Playground


async def test_the_bot_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (4242, "easel_bot", True)


@pytest.mark.parametrize(
    ("token", "code", "description"),
    [("4242:SOMEONE_ELSE", 401, "Unauthorized"), ("not-a-token", 404, "Not Found")],
)
async def test_a_wrong_token_is_refused(
    playground: Playground, token: str, code: int, description: str
) -> None:
    answer = await call(playground, "getMe", token=token)
    assert answer == {"ok": False, "error_code": code, "description": description}
    with pytest.raises(InvalidToken):
        async with new_bot(playground, token):
            pass


async def test_an_unknown_method_is_not_found(bot: Bot) -> None:
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("paintMyHouse")


async def test_method_names_ignore_case(playground: Playground) -> None:
    assert (await call(playground, "getme"))["result"]["id"] == 4242


async def test_commands_are_kept_by_scope_and_language(bot: Bot) -> None:
    group = BotCommandScopeAllGroupChats()
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("start", "Начать")], language_code="ru")
    await bot.set_my_commands([("queue", "Who waits")], scope=group)
    assert await bot.get_my_commands() == (BotCommand("start", "Begin"),)
    assert await bot.get_my_commands(language_code="ru") == (BotCommand("start", "Начать"),)
    assert await bot.get_my_commands(scope=group) == (BotCommand("queue", "Who waits"),)
    assert await bot.get_my_commands(scope=BotCommandScopeChatMember(PAINTERS, ADA)) == ()


async def test_deleted_commands_are_gone(bot: Bot) -> None:
    await bot.set_my_commands([("start", "Begin")])
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


async def test_people_see_the_commands_of_their_chat_and_language(bot: Bot, ada: Person) -> None:
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("start", "Начать")], language_code="ru")
    await bot.set_my_commands([("ban", "Ban")], scope=BotCommandScopeChat(CLEO))
    world = await ada.world()
    shown = {user["id"]: user["commands"][0]["description"] for user in world["users"]}
    assert shown == {ADA: "Begin", BORIS: "Начать", CLEO: "Ban"}
    assert world["bot"]["commands"] == [{"command": "start", "description": "Begin"}]


@pytest.mark.parametrize(
    ("command", "description", "error"),
    [
        ("Not a command", "x", "BOT_COMMAND_INVALID"),
        ("start", " ", "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_bad_commands_are_refused(
    playground: Playground, command: str, description: str, error: str
) -> None:
    commands = [{"command": command, "description": description}]
    assert await refusal(playground, "setMyCommands", commands=commands) == error


async def test_too_many_commands_are_refused(bot: Bot) -> None:
    many = [(f"c{number}", "x") for number in range(101)]
    with pytest.raises(BadRequest, match="Bot_commands_too_much"):
        await bot.set_my_commands(many)


async def test_an_unknown_scope_is_refused(playground: Playground) -> None:
    for scope, error in (
        ("moon", "unsupported type"),
        ([], "unsupported type"),
        ("chat", "identifier is missing"),
    ):
        assert error in await refusal(playground, "getMyCommands", scope={"type": scope})


@pytest.mark.parametrize("what", ["name", "description", "short_description"])
async def test_texts_about_the_bot_are_kept_by_language(bot: Bot, what: str) -> None:
    setter, getter = getattr(bot, f"set_my_{what}"), getattr(bot, f"get_my_{what}")
    await setter("Painter")
    await setter("Художник", language_code="ru")
    assert getattr(await getter(), what) == "Painter"
    assert getattr(await getter(language_code="ru"), what) == "Художник"
    with pytest.raises(BadRequest, match="too_long"):
        await setter("x" * 513)
    with pytest.raises(BadRequest, match="language_code"):
        await setter("x", language_code="not a language")


async def test_chats_tell_what_they_are(bot: Bot) -> None:
    private, group = await bot.get_chat(BORIS), await bot.get_chat(PAINTERS)
    assert (private.type, private.first_name) == ("private", "Boris")
    assert (group.type, group.title) == ("group", "Painters")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(77)


async def test_members_have_their_rank(bot: Bot) -> None:
    ranks = [(await bot.get_chat_member(PAINTERS, user)).status for user in (ADA, BORIS, bot.id)]
    assert ranks == ["creator", "member", "member"]
    assert (await bot.get_chat_member(ADA, BORIS)).status == "left"
    assert [one.user.id for one in await bot.get_chat_administrators(PAINTERS)] == [ADA]
    assert await bot.get_chat_member_count(PAINTERS) == 4
    with pytest.raises(BadRequest, match="user_id"):
        await bot.get_chat_member(PAINTERS, 5)
    with pytest.raises(BadRequest, match="no administrators"):
        await bot.get_chat_administrators(ADA)


async def test_logging_out_and_closing_say_yes(bot: Bot) -> None:
    assert await bot.log_out()
    assert await bot.close()
