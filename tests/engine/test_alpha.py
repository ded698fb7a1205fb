"""The transparency of a picture, taken off and put back."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import SIZE, difference, encoded, gradient
from PIL import Image

from engine import images


def fading(mode: str = "RGBA") -> Image.Image:
    """Opaque to the left, clear to the right."""
    image = gradient()
    image.putalpha(Image.linear_gradient("L").rotate(270).resize(SIZE))
    return image.convert(mode)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_the_alpha_of_a_picture_lies_beside_its_colours(kind: str) -> None:
    data = encoded(fading(), kind)
    image, alpha = images.load_with_alpha(data)
    assert alpha is not None
    assert (image.mode, alpha.mode) == ("RGB", "L")
    assert difference(alpha.convert("RGB"), fading().getchannel("A")) < 2
    assert difference(images.load(data), image) == 0
    assert np.asarray(image)[:, 0].min() < 20
    assert np.asarray(image)[:, -1].min() > 235


@pytest.mark.parametrize("mode", ["LA", "P"])
def test_every_mode_gives_its_alpha(mode: str) -> None:
    picture = fading().quantize() if mode == "P" else fading(mode)
    _, alpha = images.load_with_alpha(encoded(picture, "PNG"))
    assert alpha is not None
    assert difference(alpha.convert("RGB"), picture.convert("RGBA").getchannel("A")) == 0


def test_an_opaque_picture_has_no_alpha() -> None:
    for mode in ("RGB", "RGBA", "LA", "CMYK"):
        _, alpha = images.load_with_alpha(encoded(gradient(mode), "TIFF"))
        assert alpha is None, mode


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_the_alpha_is_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = fading().transpose(Image.Transpose.ROTATE_90)
    image, alpha = images.load_with_alpha(encoded(stored, kind, exif=exif.tobytes()))
    assert alpha is not None
    assert image.size == alpha.size == SIZE
    assert difference(alpha.convert("RGB"), fading().getchannel("A")) < 2


def test_an_alpha_is_put_on_a_painting_of_another_size() -> None:
    painted = gradient(size=(24, 16))
    alpha = fading().getchannel("A")
    result = images.with_alpha(painted, alpha)
    assert result.mode == "RGBA"
    assert difference(result.convert("RGB"), painted) == 0
    small = alpha.resize((24, 16), Image.Resampling.BICUBIC)
    assert difference(result.getchannel("A").convert("RGB"), small) == 0
    assert painted.mode == "RGB"
    assert images.with_alpha(painted, None) is painted
