"""Pictures come in: an album, two photos in a row, a reply to a photo, or one alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from telegram import Message, Update

from bot.albums import Album
from bot.context import Context, EaselApplication
from bot.handlers.access import addressed
from bot.keyboards import gallery_keyboard
from bot.limits import DRAFT_SECONDS
from bot.orders import place_order, sent_styles, title_of_sent
from bot.pictures import NoPicture, Sent, picture_of
from bot.turn import Turn, turn
from storage import drafts, inbox, jobs, outbox
from storage.models import Draft, Picture


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
    found = await _replied_to(turn, message) or await _waiting_photo(turn)
    if found is None:
        await _offer_gallery(turn, picture)
        return
    content, reply_to = found
    await place_order(
        turn, content, sent_styles([picture]), title_of_sent(turn, 1), reply_to=reply_to
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


async def _waiting_photo(turn: Turn) -> tuple[Picture, int] | None:
    draft = await drafts.take(turn.session, turn.chat_id, turn.user.id)
    if draft is None:
        return None
    await _withdraw_prompt(turn, draft)
    if draft.created_at < datetime.now(UTC) - timedelta(seconds=DRAFT_SECONDS):
        return None
    return Picture(file_id=draft.content_file_id), draft.message_id


async def _withdraw_prompt(turn: Turn, draft: Draft) -> None:
    """Take the gallery away again: the next message is the job's own."""
    row = await outbox.find(turn.session, prompt_key(turn.chat_id, draft.message_id))
    if row is None:
        return
    if row.sent_message_id is not None:
        await turn.put("delete", message_id=row.sent_message_id)
    elif row.lease_owner is None:
        await outbox.drop(turn.session, row.id, "answered before it was sent")


async def _offer_gallery(turn: Turn, picture: Sent) -> None:
    await drafts.put(
        turn.session,
        chat_id=turn.chat_id,
        user_id=turn.user.id,
        content_file_id=picture.file_id,
        content_unique_id=picture.unique_id,
        message_id=picture.message_id,
    )
    keyboard = gallery_keyboard(turn.rooms.gallery, turn.user.id)
    key = prompt_key(turn.chat_id, picture.message_id)
    await turn.show(turn.rooms.sheet_blob, turn.texts("gallery"), keyboard, key)


def prompt_key(chat_id: int, message_id: int) -> str:
    """The outbox key of the gallery shown for a photo."""
    return f"gallery:{chat_id}:{message_id}"
