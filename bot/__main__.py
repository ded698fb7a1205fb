"""Run the bot; or look at its heartbeats, print its variables, or examine all that it needs."""

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
from bot.variables import table
from storage.errors import StorageError

USAGE_ERROR = 2


def main() -> int:
    """Exit codes: 0 ended by a signal or all well, 1 unhealthy, 2 something to set right first."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("command", nargs="?", choices=[*COMMANDS, "settings"], default="run")
    command = parser.parse_args().command
    if command == "settings":
        sys.stdout.write(table(Config))
        return 0
    try:
        return COMMANDS[command](read_config())
    except (StartError, StorageError) as error:
        if command == "doctor":
            return _refused(error)
        sys.stderr.write("".join(f"easel: {line}\n" for line in str(error).splitlines()))
        return USAGE_ERROR


def _run(config: Config) -> int:
    from bot.app import run  # the health check, run every half minute, does without all this

    set_up_logging(config.log_level, config.log_format)
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


def _examine(config: Config) -> int:
    from bot.doctor import examine_all

    return asyncio.run(examine_all(config))


def _refused(error: Exception) -> int:
    from bot.doctor import refused

    return refused(str(error))


COMMANDS = {"run": _run, "health": _check_health, "doctor": _examine}

if __name__ == "__main__":
    sys.exit(main())
