"""A person's own styles: /save keeps a picture under a name, /styles shows them."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import StylePress
from bot.context import Context
from bot.orders import order
from bot.replies import replied_to
from bot.saving import keep
from bot.turn import Turn
from bot.waiting import take_waiting, waiting_content
from bot.wishes import own_style, read_wishes
from storage import drafts, styles


async def save(update: Update, context: Context) -> None:
    """/save monet in reply to a picture."""
    message = update.effective_message
    assert message is not None  # the handler is for commands only
    async with context.turn(update) as turn:
        picture = await replied_to(turn, message)
        words = (message.text or "").split(maxsplit=1)
        if picture is None:
            await turn.reply(turn.texts("style.usage"))
        else:
            await keep(turn, words[1] if len(words) > 1 else "", picture)


async def styles_(update: Update, context: Context) -> None:
    """Show the person's own styles."""
    async with context.turn(update) as turn:
        await turn.put("send_styles", owner=turn.user.id, page=0, mode="page")


async def press(turn: Turn, press: StylePress, message_id: int) -> str | None:
    """Carry out a button of the sheet of styles; the words of the answer, if it needs any."""
    texts = turn.texts
    if press.owner != turn.user.id:
        return texts.plain("answer.foreign_styles")
    match press.action:
        case "use":
            return await _use(turn, press.style)
        case "paint":
            return await _use(turn, press.style, living_message_id=message_id)
        case "drop":
            if await styles.get(turn.session, turn.user.id, press.style):
                await styles.remove(turn.session, press.style)
        case "gallery" | "own" if not await drafts.get(turn.session, turn.chat_id, turn.user.id):
            return texts.plain("gallery.gone")
        case "page" | "delete" | "gallery" | "own":
            pass
        case _:
            return texts.plain("answer.stale")
    method = "edit_gallery" if press.action == "gallery" else "edit_styles"
    mode = "delete" if press.action == "drop" else press.action
    await turn.put(method, message_id=message_id, owner=turn.user.id, page=press.page, mode=mode)
    return None


async def _use(turn: Turn, style_id: int, living_message_id: int | None = None) -> str | None:
    """Paint the waiting photo in a style; without a living message the gallery goes away."""
    texts = turn.texts
    style = await styles.get(turn.session, turn.user.id, style_id)
    if style is None:
        return texts.plain("style.gone")
    draft = await take_waiting(turn, prompt_stays=living_message_id is not None)
    content = None if draft is None else await waiting_content(turn, draft)
    if draft is None or content is None:
        return texts.plain("style.no_photo", name=style.name)
    wishes = await read_wishes(turn, draft.caption)
    await order(
        turn,
        content,
        [],
        wishes.with_style(own_style(style)),
        reply_to=draft.message_id,
        living_message_id=living_message_id,
        parent_id=draft.content_of,
    )
    return None
