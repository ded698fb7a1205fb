"""The Bot API's methods through which a bot gets updates and files."""

from __future__ import annotations

import re
from typing import Any

from telegram.constants import WebhookLimit

from bot.playground.errors import ApiError, bad_request
from bot.playground.parameters import Parameters
from bot.playground.world import World

MAX_DOWNLOAD_BYTES = 20 << 20
_SECRET = re.compile(rf"[A-Za-z0-9_-]{{0,{int(WebhookLimit.MAX_SECRET_TOKEN_LENGTH)}}}")


async def get_updates(world: World, parameters: Parameters) -> Any:
    """Answer getUpdates."""
    if world.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    _allow(world, parameters)
    if world.stopping.is_set():
        raise ApiError(502, "Bad Gateway")
    return await world.updates.poll(
        parameters.number("offset"), parameters.number("limit", 100), parameters.number("timeout")
    )


async def set_webhook(world: World, parameters: Parameters) -> Any:
    """Answer setWebhook; plain http is taken too, for this is a playground."""
    url = parameters.text("url")
    if url and not url.startswith(("http://", "https://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = parameters.text("secret_token")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(world, parameters)
    if parameters.flag("drop_pending_updates"):
        world.updates.pending.clear()
    most = int(WebhookLimit.MAX_CONNECTIONS_LIMIT)
    connections = min(max(parameters.number("max_connections", 40), 1), most)
    await world.webhook.set(url, secret, connections)
    return True


async def delete_webhook(world: World, parameters: Parameters) -> Any:
    """Answer deleteWebhook."""
    if parameters.flag("drop_pending_updates"):
        world.updates.pending.clear()
    await world.webhook.set("", "", 40)
    return True


async def get_webhook_info(world: World, parameters: Parameters) -> Any:  # noqa: ARG001
    """Answer getWebhookInfo."""
    return world.webhook.info()


async def get_file(world: World, parameters: Parameters) -> Any:
    """Answer getFile: what can be downloaded, for files of up to 20 MB."""
    if not parameters.text("file_id"):
        raise bad_request("file_id not specified")
    file = world.files.file(parameters.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file.as_update(), "file_path": file.path}


def _allow(world: World, parameters: Parameters) -> None:
    """Take over the wanted kinds when the call names them; else the former ones stay."""
    if "allowed_updates" not in parameters:
        return
    kinds = parameters.json("allowed_updates", "allowed_updates")
    if not isinstance(kinds, list):
        raise bad_request("can't parse allowed_updates: expected an Array of String")
    world.updates.allow([str(kind) for kind in kinds])
