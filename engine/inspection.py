"""Pictures from strangers are decoded in a short-lived process with little memory and time.

A decompression bomb or a crash in a decoder ends that process and is one sentence here. The result
of a run is turned into a small JPEG or given other colours the same way, so that neither the caller
nor a busy worker waits for it. The process imports no torch, and starts in a tenth of a second.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import resource
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.children import child_environ, module_command
from engine.decoding import MAX_PIXELS, damaged, decode, open_picture, upright_size
from engine.errors import InvalidPicture

MEMORY_BYTES = 1 << 30  # 40 megapixels need 600 MB as a progressive JPEG, more as a WebP
TIME_SECONDS = 30.0  # and 1 to 3 s on a free core, in any format
NICENESS = 5
_REFUSED = 65  # EX_DATAERR of sysexits.h
_QUALITIES = (95, 92, 88, 82, 75, 60)


@dataclass(frozen=True, slots=True)
class Picture:
    """What a decoded file turned out to be; the size is upright, in px."""

    width: int
    height: int
    format: str


async def inspect(
    path: Path,
    *,
    max_pixels: int = MAX_PIXELS,
    memory_bytes: int = MEMORY_BYTES,
    seconds: float = TIME_SECONDS,
) -> Picture:
    """Decode a file completely, elsewhere, and say what it is.

    Raises InvalidPicture: also when the decoder crashed, or needed too much memory or time.
    """
    answer = await _run(memory_bytes, seconds, "inspect", str(path), str(max_pixels))
    return Picture(**json.loads(answer))


async def to_jpeg(path: Path, *, max_edge: int, max_bytes: int) -> bytes:
    """A picture as JPEG bytes of at most `max_edge` px and `max_bytes`, as good as they allow.

    Its alpha is dropped: a result is painted below it too. Raises InvalidPicture.
    """
    return await _run(MEMORY_BYTES, TIME_SECONDS, "jpeg", str(path), str(max_edge), str(max_bytes))


async def recolor(painted: Path, content: Path, mode: str) -> bytes:
    """A painted picture as the PNG that a run with that mode of colours would have ended in.

    Its alpha and its settings stay, but for the mode. Raises InvalidPicture.
    """
    return await _run(MEMORY_BYTES, TIME_SECONDS, "recolor", str(painted), str(content), mode)


async def _run(memory_bytes: int, seconds: float, *arguments: str) -> bytes:
    """What the process printed; a crash, a kill or a time-out counts as a damaged picture."""
    process = await asyncio.create_subprocess_exec(
        *module_command("engine.inspection", str(memory_bytes), *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=child_environ(),
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        raise damaged() from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == _REFUSED:
        refusal = json.loads(output)
        raise InvalidPicture(refusal["message"], code=refusal["code"], **refusal["values"])
    if process.returncode != 0:
        raise damaged()
    return output


def main(arguments: Sequence[str] | None = None) -> int:
    """The process: its answer goes to standard output, a refusal too, with its own exit status."""
    options = _parse(arguments)
    _limit(options.memory_bytes)
    try:
        with warnings.catch_warnings(action="ignore"):
            answer = _TASKS[options.task](options)
    except InvalidPicture as error:
        refusal = {"message": str(error), "code": error.code, "values": error.values}
        sys.stdout.write(json.dumps(refusal))
        return _REFUSED
    sys.stdout.buffer.write(answer)
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="engine.inspection", description=__doc__)
    parser.add_argument("memory_bytes", type=int)
    tasks = parser.add_subparsers(dest="task", required=True)
    describe = tasks.add_parser("inspect")
    describe.add_argument("path", type=Path)
    describe.add_argument("max_pixels", type=int)
    convert = tasks.add_parser("jpeg")
    convert.add_argument("path", type=Path)
    convert.add_argument("max_edge", type=int)
    convert.add_argument("max_bytes", type=int)
    colors = tasks.add_parser("recolor")
    colors.add_argument("path", type=Path)
    colors.add_argument("content", type=Path)
    colors.add_argument("mode")
    return parser.parse_args(arguments)


def _limit(memory_bytes: int) -> None:
    """Bound memory and processor time, for this process and for good; leave no core file.

    It also steps back behind whoever shares the processor: people wait for words, not for this.
    """
    os.nice(NICENESS)
    for kind, most in (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_CPU, int(TIME_SECONDS)),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _describe(options: argparse.Namespace) -> bytes:
    with open_picture(options.path, max_pixels=options.max_pixels) as image:
        decode(image)
        width, height = upright_size(image)
        picture = Picture(width, height, str(image.format))
    return json.dumps(dataclasses.asdict(picture)).encode()


def _convert(options: argparse.Namespace) -> bytes:
    from engine import images  # NumPy, which a mere look does not need

    painted, _ = images.load_layers(options.path)
    image = images.fit(painted, options.max_edge)
    for quality in _QUALITIES:
        jpeg = images.encode_jpeg(image, quality)
        if len(jpeg) <= options.max_bytes:
            break
    return jpeg


def _recolor(options: argparse.Namespace) -> bytes:
    from PIL import Image

    from engine import images
    from engine.color import recolored

    painted, alpha = images.load_layers(options.path)
    content = images.load(options.content).resize(painted.size, Image.Resampling.BICUBIC)
    image = recolored(painted, content, options.mode)
    settings = images.read_settings(options.path)
    text = images.settings_text(settings.replace(colors=options.mode)) if settings else {}
    return images.encode_png(images.with_alpha(image, alpha), text)


_TASKS = {"inspect": _describe, "jpeg": _convert, "recolor": _recolor}


if __name__ == "__main__":
    sys.exit(main())
