"""`python -m bot`: run the bot, or `python -m bot health` to look at its heartbeats."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time

from bot.config import Config, read_config
from bot.errors import StartError
from bot.heartbeat import stale_loops
from bot.logs import set_up_logging
from storage.errors import StorageError

USAGE_ERROR = 2


def main() -> int:
    """Exit codes: 0 ended by a signal, 1 unhealthy, 2 something to set right first."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["run", "health"], default="run")
    command = parser.parse_args().command
    try:
        config = read_config()
        return _check_health(config) if command == "health" else _run(config)
    except (StartError, StorageError) as error:
        sys.stderr.write(f"easel: {error}\n")
        return USAGE_ERROR


def _run(config: Config) -> int:
    from bot.app import run  # the health check, run every half minute, does without all this

    set_up_logging(config.log_level)
    asyncio.run(run(config))
    logging.getLogger("bot").info("ended")
    return 0


def _check_health(config: Config) -> int:
    try:
        stale = stale_loops(config.heartbeat_file, time.time())
    except (OSError, ValueError):
        sys.stderr.write("easel: there is no heartbeat yet\n")
        return 1
    if stale:
        sys.stderr.write(f"easel: no sign of life from {', '.join(sorted(stale))}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
