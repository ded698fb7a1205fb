"""Pictures come in: an album, two photos in a row, a reply to a photo, or one alone."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence

from telegram import Message, Update

from bot.albums import Album
from bot.briefing import changes
from bot.context import Context, EaselApplication
from bot.handlers.access import addressed
from bot.orders import order, sent_picture
from bot.pictures import NoPicture, Sent, picture_of
from bot.replies import replied_to
from bot.saving import keep, name_to_save
from bot.turn import Settled, Turn, turn
from bot.waiting import offer_gallery, reuse_styles, take_waiting, waiting_content
from bot.wishes import read_wishes
from storage import drafts, inbox
from storage.columns import utc_now

log = logging.getLogger(__name__)


async def photo(update: Update, context: Context) -> None:
    """A single picture; an album's pictures only note that they are there."""
    message = update.effective_message
    assert message is not None  # the filter lets messages through only
    if message.media_group_id is not None:
        context.easel.albums.note((message.chat.id, message.media_group_id))
        return
    name = name_to_save(message.caption, context.bot.username)
    if name is None and not addressed(message, context.bot.id, context.bot.username):
        return
    async with context.turn(update) as turn:
        try:
            if name is not None:
                await keep(turn, name, sent_picture(picture_of(message)))
                return
            await take_one(turn, message, picture_of(message), message.caption)
        except NoPicture as refusal:
            await turn.reply(turn.texts(refusal.key, **refusal.values))


async def flush_album(application: EaselApplication, album: Album) -> None:
    """The album is complete: its first picture is the content, the others are styles."""
    try:
        await _flush(application, album)
    except Settled as faster:
        log.info("another process has taken an album: %s", faster)
    except Exception as error:  # the boundary, as `bot.handlers.trouble` is for single updates
        log.exception("an album failed")
        async with application.rooms.database.write() as session:
            for row in await inbox.album(session, application.bot.id, *album):
                await inbox.fail(session, row, repr(error))


async def _flush(application: EaselApplication, album: Album) -> None:
    bot = application.bot
    async with application.rooms.database.read() as session:
        rows = await inbox.album(session, bot.id, *album)
    updates = [Update.de_json(row.payload, bot) for row in rows]
    messages = [update.effective_message for update in updates if update.effective_message]
    if not messages:
        return
    if not any(addressed(message, bot.id, bot.username) for message in messages):
        async with application.rooms.database.write() as session:
            await inbox.finish(session, rows)
        return
    async with turn(application.rooms, bot.id, *updates) as album_turn:
        if any(name_to_save(message.caption, bot.username) is not None for message in messages):
            await album_turn.reply(album_turn.texts("style.one_at_a_time"))
        else:
            await take_album(album_turn, messages)


async def quiet_for(application: EaselApplication, album: Album) -> float:
    """Seconds since the latest open picture of an album came in, at any process."""
    async with application.rooms.database.read() as session:
        latest = await inbox.album_arrived(session, application.bot.id, *album)
    return math.inf if latest is None else (utc_now() - latest).total_seconds()


async def take_album(turn: Turn, messages: list[Message]) -> None:
    """Order a job from an album's messages, or say what is missing."""
    pictures, refusals = [], []
    captions = [message.caption for message in messages]
    for message in messages:
        try:
            pictures.append(picture_of(message))
        except NoPicture as error:
            refusals.append(error)
    if refusals and len(pictures) < 2:
        await turn.reply(turn.texts(refusals[0].key, **refusals[0].values))
    if len(pictures) == 1:
        await take_one(turn, messages[0], pictures[0], *captions)
    elif pictures:
        content, *others = pictures
        wishes = await read_wishes(turn, *captions)
        await order(turn, sent_picture(content), others, wishes, reply_to=content.message_id)


async def take_one(turn: Turn, message: Message, picture: Sent, *captions: str | None) -> None:
    """A lone picture is the style of the one replied to or waiting, or waits for a style itself.

    With a style named beside it, it needs no other picture.
    """
    content = await replied_to(turn, message)
    wishes = await read_wishes(turn, *captions)
    if content is not None and content.message_id is not None:
        await order(turn, content, [picture], wishes, reply_to=content.message_id)
    elif wishes.named:
        await order(turn, sent_picture(picture), [], wishes, reply_to=picture.message_id)
    elif not await _answer(turn, picture, captions):
        await offer_gallery(turn, sent=picture, wishes=wishes)


async def _answer(turn: Turn, picture: Sent, captions: Sequence[str | None]) -> bool:
    """Order what waits together with a picture; False when nothing does."""
    draft = await take_waiting(turn)
    if draft is None:
        return False
    if draft.style_of is not None:
        return await reuse_styles(turn, draft.style_of, picture)
    content = await waiting_content(turn, draft)
    if content is None:
        return False
    wishes = await read_wishes(turn, draft.caption, *captions)
    await order(
        turn,
        content,
        [picture],
        wishes,
        reply_to=draft.message_id,
        parent_id=draft.content_of,
    )
    return True


async def take_words(turn: Turn, message: Message) -> bool:
    """Words alone may name a style for the picture replied to, or answer the gallery."""
    wishes = await read_wishes(turn, message.text)
    content = await replied_to(turn, message)
    if content is not None and content.message_id is not None and wishes.named:
        await order(turn, content, [], wishes, reply_to=content.message_id)
        return True
    if wishes.caption.unknown or not (wishes.named or wishes.caption.changed):
        return False
    draft = await drafts.get(turn.session, turn.chat_id, turn.user.id)
    content = None if draft is None else await waiting_content(turn, draft)
    if draft is None or content is None:
        return False
    if not wishes.named:
        draft.caption = "\n".join(filter(None, [draft.caption, wishes.caption.understood]))
        said = changes(wishes.chosen, wishes.caption.changed, turn.texts)
        await turn.reply(turn.texts("caption.noted", changes=said))
        return True
    if await take_waiting(turn) is None:
        return False
    wishes = await read_wishes(turn, draft.caption, message.text)
    await order(turn, content, [], wishes, reply_to=draft.message_id, parent_id=draft.content_of)
    return True
