"""The typed context that python-telegram-bot hands to every handler."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.albums import Albums
from bot.rooms import Rooms
from bot.turn import Turn, turn


class EaselApplication(Application[Any, Any, Any, Any, Any, Any]):
    """python-telegram-bot's application, with our rooms in it."""

    def __init__(
        self, *, rooms: Rooms, albums: Albums, command_names: tuple[str, ...], **more: Any
    ) -> None:
        super().__init__(**more)
        self.rooms = rooms
        self.albums = albums
        self.command_names = command_names
        self.failed: dict[int, str] = {}  # updates whose handler raised, and what


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """What a handler can reach."""

    @property
    def easel(self) -> EaselApplication:
        """The application, typed."""
        application = self.application
        assert isinstance(application, EaselApplication)
        return application

    @property
    def rooms(self) -> Rooms:
        """What the parts of the bot share."""
        return self.easel.rooms

    def turn(self, update: Update) -> AbstractAsyncContextManager[Turn]:
        """Open the update's turn."""
        return turn(self.rooms, self.bot.id, update)
