"""Limits of Telegram, with unit and source, and the pace the bot keeps within them."""

from __future__ import annotations

# Bot API, "Sending files" and the methods' own descriptions.
MAX_DOWNLOAD_BYTES = 20 * 1000 * 1000
MAX_UPLOAD_BYTES = 50 * 1000 * 1000
MAX_PHOTO_BYTES = 10 * 1000 * 1000
MAX_PHOTO_WIDTH_PLUS_HEIGHT_PX = 10_000
MAX_PHOTO_RATIO = 20
MAX_CAPTION_CHARS = 1024
MAX_TEXT_CHARS = 4096
MAX_CALLBACK_DATA_BYTES = 64
MAX_CALLBACK_ANSWER_CHARS = 200
MAX_COPY_TEXT_CHARS = 256

# An album has no end marker: its pictures arrive as separate updates within about a second.
ALBUM_QUIET_SECONDS = 1.0
ALBUM_CAP_SECONDS = 5.0

# Telegram floods a chat that is edited too often; these stay well under what is on record.
PRIVATE_EDIT_SECONDS = 3.0
GROUP_EDIT_SECONDS = 6.0
PRIVATE_EDITS_PER_MINUTE = 20
GROUP_EDITS_PER_MINUTE = 10
# The first few of a minute may follow closely: a picture of five seconds is to be seen growing too.
QUICK_EDITS = 4
QUICK_EDIT_SECONDS = 1.0

# How long a lone photo waits for its style.
DRAFT_SECONDS = 3600.0
