"""`python -m engine.service`: serve this machine's devices over HTTP until a signal."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence

from engine.errors import EngineError, InvalidInput
from engine.local import LocalRunner
from engine.service.options import Options, read_options
from engine.service.server import Service

USAGE_ERROR = 2
log = logging.getLogger("engine.service")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 ended by a signal, 2 something to set right first."""
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.INFO, format=form)
    try:
        asyncio.run(_serve(read_options(arguments)))
    except (EngineError, OSError) as error:
        sys.stderr.write(f"engine.service: {error}\n")
        return USAGE_ERROR
    return 0


async def _serve(options: Options) -> None:
    """Raises InvalidInput when it cannot begin."""
    painter = LocalRunner(options.devices, weights=options.weights)
    service = Service(
        painter, options.folder, host=options.host, port=options.port, token=options.token
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await service.start()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        place = f"{options.host}:{options.port} with the folder {options.folder}"
        raise InvalidInput(f"The service cannot start on {place}: {reason}.") from error
    log.info("serving at %s", service.url)
    warming, waiting = asyncio.create_task(service.warm_up()), asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait((warming, waiting), return_when=asyncio.FIRST_COMPLETED)
        if warming in done:
            warming.result()
        await waiting
    finally:
        warming.cancel()
        waiting.cancel()
        await service.stop()
    log.info("ended")


if __name__ == "__main__":
    sys.exit(main())
