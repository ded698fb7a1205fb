"""Whether bfloat16 convolutions pay on a device, found by a trial of a fraction of a second."""

from __future__ import annotations

import time
from functools import cache

import torch

from engine.networks.convolution import Convolution

CHANNELS, EDGE = 256, 48  # as in block 3 of a picture of 192 px
ROUNDS = 3
WORTH = 1.2  # times as fast, at least: bfloat16 costs some exactness


@cache
def fastest_precision(device: torch.device) -> str:
    """The name of the dtype to convolve in: bfloat16 where it is clearly faster, else float32."""
    seconds = {dtype: _seconds(device, dtype) for dtype in (torch.float32, torch.bfloat16)}
    return "bfloat16" if seconds[torch.float32] > WORTH * seconds[torch.bfloat16] else "float32"


def _seconds(device: torch.device, dtype: torch.dtype) -> float:
    """Of the quickest of a few convolutions."""
    try:
        kernel = torch.ones((CHANNELS, CHANNELS, 3, 3), dtype=dtype, device=device)
        convolution = Convolution.prepared(kernel, kernel.new_zeros(CHANNELS))
        picture = torch.ones((1, CHANNELS, EDGE, EDGE), dtype=dtype, device=device)
        picture = picture.contiguous(memory_format=torch.channels_last)
        times = []
        for _ in range(ROUNDS + 1):
            began = time.perf_counter()
            float(convolution.forward(picture)[0, 0, 0, 0])  # waits for an accelerator
            times.append(time.perf_counter() - began)
    except RuntimeError:  # a device that cannot do it at all
        return float("inf")
    return min(times[1:])
