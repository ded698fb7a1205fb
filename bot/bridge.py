"""python-telegram-bot, set up for us: the application, its handlers, the sign-in, the menu."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable, Sequence

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    Update,
)
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import (
    AIORateLimiter,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.albums import Albums
from bot.commands import COMMANDS, PUBLIC, Command, menu
from bot.context import Context, EaselApplication
from bot.errors import TokenRefused
from bot.handlers import buttons, photos, trouble, welcome
from bot.handlers.access import check_access
from bot.heartbeat import Heartbeat
from bot.playground import Playground
from bot.rooms import Rooms
from bot.texts import DEFAULT_LANGUAGE, languages

PICTURES = (
    filters.PHOTO
    | filters.Document.ALL
    | filters.Sticker.ALL
    | filters.VIDEO
    | filters.ANIMATION
    | filters.VIDEO_NOTE
)
CONNECTIONS = 64
# An upload of some megabytes takes its time, and a call may wait for one of the connections.
MEDIA_WRITE_SECONDS = 60.0
READ_SECONDS = 20.0
POOL_SECONDS = 30.0
SIGN_IN_RETRY_SECONDS = 3.0

log = logging.getLogger(__name__)


def build_application(rooms: Rooms, playground: Playground | None) -> EaselApplication:
    """The application with every handler, talking to Telegram or to the playground."""
    os.environ["PTB_TIMEDELTA"] = "1"  # spans of time as timedelta, the library's future form
    holder: list[EaselApplication] = []
    albums = Albums(
        lambda album: photos.flush_album(holder[0], album),
        lambda album: photos.quiet_for(holder[0], album),
    )
    names = tuple(command.name for command in PUBLIC)
    builder = (
        ApplicationBuilder()
        .application_class(
            EaselApplication, {"rooms": rooms, "albums": albums, "command_names": names}
        )
        .context_types(ContextTypes(context=Context))
        .request(
            HTTPXRequest(
                CONNECTIONS,
                read_timeout=READ_SECONDS,
                media_write_timeout=MEDIA_WRITE_SECONDS,
                pool_timeout=POOL_SECONDS,
            )
        )
        .rate_limiter(AIORateLimiter(max_retries=0))
        .updater(None)
    )
    if playground is not None:
        builder = (
            builder.token(playground.token)
            .base_url(playground.base_url)
            .base_file_url(playground.base_file_url)
        )
    else:
        builder = builder.token(rooms.config.token or "")
        if rooms.config.telegram_api_url:
            server = rooms.config.telegram_api_url.rstrip("/")
            builder = builder.base_url(f"{server}/bot").base_file_url(f"{server}/file/bot")
    application = builder.build()
    assert isinstance(application, EaselApplication)
    holder.append(application)
    _add_handlers(application)
    return application


def _add_handlers(application: EaselApplication) -> None:
    application.add_handler(TypeHandler(Update, check_access), group=-1)
    for command in COMMANDS:
        names = [command.name, *command.aliases]
        application.add_handler(CommandHandler(names, command.handler, filters.UpdateType.MESSAGE))
    application.add_handler(CallbackQueryHandler(buttons.press))
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGE & PICTURES, photos.photo))
    words = filters.UpdateType.MESSAGE & (filters.TEXT | filters.VOICE | filters.AUDIO)
    application.add_handler(MessageHandler(words, welcome.not_understood))
    application.add_error_handler(trouble.note_failure)


async def sign_in(application: EaselApplication, stop: asyncio.Event, heartbeat: Heartbeat) -> None:
    """Make sure Telegram knows the token; while Telegram is out of reach, try again.

    Raises TokenRefused.
    """
    while not stop.is_set():
        heartbeat.beat("intake")
        try:
            await application.initialize()
        except InvalidToken as error:
            raise TokenRefused(
                "Telegram does not know this token. Check TELEGRAM_BOT_TOKEN with BotFather."
            ) from error
        except (NetworkError, RetryAfter) as error:
            log.warning("Telegram cannot be reached, trying again: %s", error)
            await asyncio.sleep(SIGN_IN_RETRY_SECONDS)
        else:
            return


async def publish_menu(bot: Bot, operators: Iterable[int]) -> None:
    """Give Telegram the command menu in every language, and operators one with theirs.

    A failure costs the menu only: an operator who never wrote to the bot has no chat with it.
    """
    await _publish(bot, PUBLIC, BotCommandScopeDefault())
    for operator in operators:
        await _publish(bot, COMMANDS, BotCommandScopeChat(operator))


async def _publish(bot: Bot, commands: Sequence[Command], scope: BotCommandScope) -> None:
    try:
        for language in languages():
            code = None if language == DEFAULT_LANGUAGE else language
            await bot.set_my_commands(menu(language, commands), scope, language_code=code)
    except TelegramError as error:
        log.warning("the command menu (%s) was not published: %s", scope.type, error)
