"""Switches of the whole bot, which outlive every restart."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from storage.inserts import insert_new
from storage.operation import Flag

DRAINING = "draining"  # finish what runs, take nothing more


async def put(session: AsyncSession, name: str, *, on: bool) -> bool:
    """Turn a switch on or off; False when it stood there already."""
    if on:
        return await insert_new(session, Flag, name=name) is not None
    gone = delete(Flag).where(Flag.name == name).returning(Flag.name)
    return await session.scalar(gone) is not None


async def is_on(session: AsyncSession, name: str) -> bool:
    """Whether the switch is on."""
    return await session.get(Flag, name, populate_existing=True) is not None
