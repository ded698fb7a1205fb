"""What a person may vary, each declared once.

A declaration carries default, bounds, choices, unit and help. It drives validation, the command
line's flag, the row in `/settings`, the typed column with its CHECK on `user`, the snapshot on
`job`, and the table in the docs. Defaults are the seed's, so that a bare `Settings()` reproduces
the original program; `chat_defaults` gives what a new user of the bot starts with.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.declarations import Declared, Setting, choice, declared, number
from engine.recipes import RECIPES

MAX_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Settings(Declared):
    """What a picture is painted with: immutable, checked when made."""

    recipe: str = choice("gatys", *RECIPES, help="way of painting", flag="--recipe")
    image_size: int = number(
        512, 64, 2048, help="longest edge", unit="px", ladder=(256, 384, 512, 768, 1024, 1536, 2048)
    )
    iterations: int = number(
        100, 1, 5000, help="steps", ladder=(50, 100, 200, 300, 500, 1000), flag="--iterations"
    )
    content_weight: float = number(
        5.0,
        0.0,
        1e5,
        help="weight of the content",
        ladder=(0.5, 1, 2, 5, 10, 20, 50),
        flag="--content-weight",
    )
    style_weight: float = number(
        100.0,
        0.0,
        1e6,
        help="weight of the style",
        ladder=(10, 25, 50, 100, 200, 500, 1000, 2000),
        flag="--style-weight",
    )
    tv_weight: float = number(
        100.0,
        0.0,
        1e6,
        help="smoothness (total variation)",
        ladder=(0, 10, 50, 100, 200, 500),
        flag="--tv-weight",
    )
    strength: int = number(
        100,
        0,
        100,
        help="strength of the style: 0 leaves the photo",
        unit="%",
        ladder=(25, 50, 75, 100),
        flag="--strength",
    )
    style_scale: float = number(
        1.0, 0.1, 4.0, help="size of the strokes", ladder=(0.25, 0.5, 0.75, 1, 1.5, 2)
    )
    learning_rate: float = number(
        10.0, 0.01, 100.0, help="learning rate", ladder=(1, 2, 5, 10, 20), flag="--learning-rate"
    )
    colors: str = choice(
        "style",
        "style",
        "luma",
        "oklab",
        "histogram",
        "match",
        help="colours of the style, or of the photo in one of four ways",
        flag="--colors",
    )
    pooling: str = choice("max", "max", "avg", help="pooling of the network", flag="--pooling")
    style_layer_weight_exp: float = number(
        1.0,
        0.1,
        10.0,
        help="layer emphasis: each deeper layer weighs this times the one before",
        ladder=(0.25, 0.5, 0.75, 1, 1.5, 2, 4),
        flag="--style-layer-weight-exp",
    )
    content_weight_blend: float = number(
        1.0,
        0.0,
        1.0,
        help="content from relu4_2 (1) to relu5_2 (0)",
        ladder=(0, 0.25, 0.5, 0.75, 1),
        flag="--content-weight-blend",
    )
    start: str = choice("noise", "noise", "content", help="what the painting starts from")
    seed: int | None = number(
        None, 0, MAX_SEED, kind=int, optional=True, help="seed of the noise", flag="--seed"
    )


SETTINGS: tuple[Setting, ...] = declared(Settings)


def preset(recipe: str) -> Settings:
    """The settings that a recipe starts with. Raises InvalidSetting for an unknown one."""
    checked = Settings(recipe=recipe)
    return checked.replace(**RECIPES[recipe].preset)


def with_preset(settings: Settings, recipe: str) -> Settings:
    """The settings with a recipe, and with all that any recipe presets as this one does."""
    ours = preset(recipe)
    varied = [s.name for s in SETTINGS if len({getattr(preset(r), s.name) for r in RECIPES}) > 1]
    return settings.replace(**{name: getattr(ours, name) for name in varied})


def chat_defaults(device: str) -> Settings:
    """What a new user starts with: a picture worth seeing within a minute on that device."""
    return preset("fine").replace(image_size=384 if device == "cpu" else 512)
