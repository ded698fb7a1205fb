"""The chat: handlers, dispatcher and sender, which meet only in the database."""
