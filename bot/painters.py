"""Who paints: worker processes of this machine, or an engine service."""

from __future__ import annotations

from bot.config import Config
from engine.client import ServiceRunner
from engine.local import LocalRunner


def runner_of(config: Config) -> LocalRunner | ServiceRunner:
    """The runner that the operator chose; nothing is started or asked yet."""
    if config.engine_url is not None:
        return ServiceRunner(config.engine_url, config.engine_secret)
    return LocalRunner(config.device_names or (), weights=config.network_file)
