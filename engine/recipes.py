"""Ways of painting: what a recipe decides, and the settings that it starts a person with.

Nothing here needs torch. Which choice won, against what, and by how much is in docs/engine.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

WORTH_A_STAGE = 1.5  # times as large, at least, has a stage to be than the one before


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
    first convolution. `coarse` is the longest edge in px of a first stage of half the steps; each
    later one is twice as large and has half of what is left: strokes grow with the picture.
    `matched` starts from the content in the colours of the style, when it starts from the content.
    `jitter` is the deviation, in grey levels, of the noise on such a start: another seed is another
    picture. `exact` computes in float32 only. `preset` are settings unlike the original program's.
    """

    optimizer: str = "adam"
    style_loss: str = "gram"
    padding: str = "zeros"
    coarse: int | None = None
    matched: bool = False
    jitter: float = 0.0
    exact: bool = False
    preset: Mapping[str, int | float | str] = field(default_factory=lambda: MappingProxyType({}))

    def stages(self, longest: int, steps: int) -> tuple[Stage, ...]:
        """The stages of a run of so many steps for a picture with so long an edge in px."""
        stages: list[Stage] = []
        edge, done = self.coarse or longest, 0
        while edge * WORTH_A_STAGE <= longest and steps - done > 1:
            last = (done + steps) // 2
            stages.append(Stage(edge / longest, done + 1, last))
            edge, done = 2 * edge, last
        return (*stages, Stage(1.0, done + 1, steps))


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
            coarse=512,
            matched=True,
            jitter=2.0,
            preset={**LAYERED, "iterations": 80},
        ),
        "draft": Recipe(
            optimizer="lbfgs",
            coarse=512,
            matched=True,
            jitter=2.0,
            preset={**LAYERED, "iterations": 30},
        ),
    }
)
