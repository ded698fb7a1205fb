"""Keeping a picture as a style of the person's own."""

from __future__ import annotations

import re

from bot.captions import read_caption
from bot.turn import Turn
from bot.vocabulary import phrase, vocabulary
from storage import styles
from storage.models import Picture

MAX_STYLES = 30
NAME = re.compile(r"[^\W_]([^\W_]|-){0,31}")
SAVE = re.compile(r"/save(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


def name_to_save(caption: str | None, bot_username: str) -> str | None:
    """The name in a caption `/save monet`, "" without one; None when it is no such command."""
    found = SAVE.fullmatch((caption or "").strip())
    if found is None or (found[1] or bot_username).lower() != bot_username.lower():
        return None
    return found[2] or ""


async def keep(turn: Turn, name: str, picture: Picture) -> None:
    """Keep a picture under a name, or say why not; an earlier one of that name stays."""
    texts, name = turn.texts, name.strip().lower()
    if not NAME.fullmatch(name):
        await turn.reply(texts("style.bad_name"))
    elif _means_something(turn, name):
        await turn.reply(texts("style.taken", name=name))
    elif await styles.count(turn.session, turn.user.id) >= MAX_STYLES:
        await turn.reply(texts("style.too_many", n=MAX_STYLES))
    else:
        kept = await styles.save(
            turn.session,
            turn.user.id,
            name,
            chat_id=turn.chat_id,
            file_id=picture.file_id or "",  # a result of ours has its bytes here
            blob=picture.blob,
        )
        await turn.reply(texts("style.saved" if kept else "style.exists", name=name))


def _means_something(turn: Turn, name: str) -> bool:
    """Whether a caption with that name would say two things."""
    words = vocabulary(turn.rooms.gallery)
    said = read_caption(name.replace("-", " "), words, turn.chosen)
    return phrase(name) in words or not said.unknown
