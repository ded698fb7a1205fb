"""Ways of painting: what a recipe decides, and the settings that it starts a person with.

Nothing here needs torch. Which choice won, against what, and by how much is in docs/engine.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MIN_STAGE_EDGE = 128  # px of the longer side; smaller ones have no strokes to learn from


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of steps at one size: `share` of the sides, steps `first` to `last` of the run."""

    share: float
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a person does not vary one by one.

    `optimizer` is adam or lbfgs, `style_loss` a key of `engine.stylelosses`, `padding` that of the
    first convolution. `pyramid` are pairs of a share of the sides and a share of the steps, coarse
    to fine. `matched` starts from the content in the colours of the style, when it starts from the
    content. `jitter` is the deviation, in grey levels, of the noise on such a start: another seed
    is another picture. `exact` computes in float32 only. `preset` are settings unlike the original
    program's.
    """

    optimizer: str = "adam"
    style_loss: str = "gram"
    padding: str = "zeros"
    pyramid: tuple[tuple[float, float], ...] = ((1.0, 1.0),)
    matched: bool = False
    jitter: float = 0.0
    exact: bool = False
    preset: Mapping[str, int | float | str] = field(default_factory=lambda: MappingProxyType({}))

    def stages(self, longest: int, steps: int) -> tuple[Stage, ...]:
        """The stages of a run of so many steps for a picture with so long an edge in px.

        Those that would be too small or get no step are left out; the last is always there.
        """
        stages: list[Stage] = []
        whole = sum(share for _, share in self.pyramid)
        done, spent = 0, 0.0
        for size, share in self.pyramid:
            spent += share
            last = steps if size == self.pyramid[-1][0] else round(steps * spent / whole)
            if size < 1 and (longest * size < MIN_STAGE_EDGE or last == done):
                continue
            stages.append(Stage(size, done + 1, last))
            done = last
        return tuple(stages)


LAYERED: Mapping[str, int | float | str] = {
    "start": "content",
    "style_layer_weight_exp": 0.5,
    "style_weight": 300.0,
}
RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "gatys": Recipe(exact=True),
        "fine": Recipe(
            optimizer="lbfgs",
            matched=True,
            jitter=2.0,
            preset={**LAYERED, "iterations": 100},
        ),
        "draft": Recipe(
            optimizer="lbfgs",
            matched=True,
            jitter=2.0,
            preset={**LAYERED, "iterations": 30},
        ),
    }
)
