"""Pictures come in: an album, two photos in a row, a reply to a photo, or one alone."""

from __future__ import annotations

from telegram import Message, Update

from bot.albums import Album
from bot.context import Context, EaselApplication
from bot.handlers.access import addressed
from bot.orders import place_order, sent_styles, title_of_sent
from bot.pictures import NoPicture, Sent, picture_of
from bot.turn import Turn, turn
from bot.waiting import offer_gallery, reuse_styles, take_waiting, waiting_content
from storage import inbox, jobs
from storage.models import Picture


async def photo(update: Update, context: Context) -> None:
    """A single picture; an album's pictures only note that they are there."""
    message = update.effective_message
    assert message is not None  # the filter lets messages through only
    if message.media_group_id is not None:
        context.easel.albums.note((message.chat.id, message.media_group_id))
        return
    if not addressed(message, context.bot.id, context.bot.username):
        return
    async with context.turn(update) as turn:
        try:
            await take_one(turn, message, picture_of(message))
        except NoPicture as refusal:
            await turn.reply(turn.texts(refusal.key, **refusal.values))


async def flush_album(application: EaselApplication, album: Album) -> None:
    """The album is complete: its first picture is the content, the others are styles."""
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
        await take_album(album_turn, messages)


async def take_album(turn: Turn, messages: list[Message]) -> None:
    """Order a job from an album's messages, or say what is missing."""
    pictures, refusals = [], []
    for message in messages:
        try:
            pictures.append(picture_of(message))
        except NoPicture as error:
            refusals.append(error)
    if refusals and len(pictures) < 2:
        await turn.reply(turn.texts(refusals[0].key, **refusals[0].values))
    if len(pictures) == 1:
        await take_one(turn, messages[0], pictures[0])
    elif pictures:
        content, *styles = pictures
        await place_order(
            turn,
            Picture(file_id=content.file_id),
            sent_styles(styles),
            title_of_sent(turn, len(styles)),
            reply_to=content.message_id,
        )


async def take_one(turn: Turn, message: Message, picture: Sent) -> None:
    """A lone picture is the style of the one waiting or replied to, or waits for a style itself."""
    found = await _replied_to(turn, message)
    draft = None if found else await take_waiting(turn)
    if draft is not None and draft.style_of is not None:
        if await reuse_styles(turn, draft.style_of, picture):
            return
    elif draft is not None:
        waiting = await waiting_content(turn, draft)
        found = None if waiting is None else (waiting, draft.message_id)
    if found is None:
        await offer_gallery(turn, sent=picture)
        return
    content, reply_to = found
    await place_order(
        turn,
        content,
        sent_styles([picture]),
        title_of_sent(turn, 1),
        reply_to=reply_to,
        parent_id=draft.content_of if draft else None,
    )


async def _replied_to(turn: Turn, message: Message) -> tuple[Picture, int] | None:
    """The picture of the message this one replies to, and that message's id."""
    reply = message.reply_to_message
    if reply is None:
        return None
    job = await jobs.shown_in(turn.session, turn.chat_id, reply.message_id)
    if job is not None and job.result_blob is not None:
        return Picture(blob=job.result_blob), reply.message_id
    if job is not None or (reply.from_user is not None and reply.from_user.is_bot):
        return None  # our own gallery is a question, not a picture to paint
    try:
        return Picture(file_id=picture_of(reply).file_id), reply.message_id
    except NoPicture:
        return None
