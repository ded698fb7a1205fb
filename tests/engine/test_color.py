"""The painted luma with the photo's colours."""

import numpy as np
from PIL import Image
from scenes import inputs, run, scene

from engine.color import keep_colors
from engine.networks import Vgg19
from engine.settings import Settings


def ycbcr(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("YCbCr"), float)


def soft(seed: int) -> Image.Image:
    """A picture without extreme colours, which would be clipped."""
    return scene((32, 24), seed).point(lambda value: 90 + value // 4)


def test_luma_is_the_paintings_and_chroma_the_photos() -> None:
    painted, content = soft(1), soft(2)
    kept = ycbcr(keep_colors(painted, content))
    assert np.abs(kept[..., 0] - ycbcr(painted)[..., 0]).max() <= 2
    assert np.abs(kept[..., 1:] - ycbcr(content)[..., 1:]).max() <= 2


def test_a_grey_photo_gives_a_grey_painting() -> None:
    grey = scene((32, 24), 2).convert("L").convert("RGB")
    kept = np.asarray(keep_colors(scene((32, 24), 1), grey), int)
    assert np.ptp(kept, axis=-1).max() <= 1


def test_a_run_may_keep_the_colours_without_painting_otherwise(network: Vgg19) -> None:
    settings = Settings(seed=4, iterations=3)
    (*_, plain), (*_, luma) = (
        run(inputs(), network, settings.replace(colors=colors)) for colors in ("style", "luma")
    )
    assert luma.best_losses == plain.best_losses
    assert luma.best().tobytes() == keep_colors(plain.best(), inputs().content).tobytes()
    assert luma.current().tobytes() != plain.current().tobytes()
