"""The blend of several styles, in whole percent as a person sees it."""

from __future__ import annotations

from collections.abc import Sequence

STEP_PERCENT = 10
MOST_PERCENT = 90


def percents(weights: Sequence[float]) -> list[int]:
    """The weights as whole percents with sum 100; the largest remainders are rounded up."""
    total = sum(weights)
    exact = [100 * weight / total for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: shares[place] - exact[place])
    for place in by_remainder[: 100 - sum(shares)]:
        shares[place] += 1
    return shares


def more_of(weights: Sequence[float], place: int) -> list[int]:
    """One style ten percent stronger, up to ninety, the others weaker in proportion."""
    before = percents(weights)
    after = max(before[place], min(MOST_PERCENT, before[place] + STEP_PERCENT))
    if after == before[place]:
        return before
    left = (100 - after) / (100 - before[place])
    return percents([after if at == place else share * left for at, share in enumerate(before)])
