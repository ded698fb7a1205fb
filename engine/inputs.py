"""The pictures of a run: resized by the original program's rules, then tensors."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine.color import match_covariance
from engine.errors import InvalidInput
from engine.options import Options
from engine.settings import Settings
from engine.sizes import check_pixels, fitted, has_proportions, scaled, style_size

SCALES = (0.01, 100.0)  # of a style, against the painting's width


@dataclass(frozen=True, slots=True)
class StylePicture:
    """A style: an RGB image, its share of the blend, and its scale (1: as wide as the content)."""

    image: Image.Image
    weight: float = 1.0
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Inputs:
    """What to paint, all RGB images of any size; without a content, a texture of the styles.

    `masks`, if any, are one for each style (None: everywhere): white where that style applies.
    """

    content: Image.Image | None
    styles: tuple[StylePicture, ...]
    initial: Image.Image | None = None
    masks: tuple[Image.Image | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Canvas:
    """The inputs at the size they are painted at; tensors (1, 3, H, W), RGB 0..255.

    `size` is (W, H) in pixels. `blend` are the styles' shares, with sum 1; `masks` are
    (1, 1, H, W), 0..1, or None.
    """

    size: tuple[int, int]
    content_image: Image.Image | None
    content: Tensor | None
    style_images: tuple[Image.Image, ...]
    styles: tuple[Tensor, ...]
    blend: tuple[float, ...]
    initial: Tensor | None
    masks: tuple[Tensor | None, ...]

    def fingerprint(self) -> str:
        """SHA-256 of everything here, in hexadecimal."""
        digest = hashlib.sha256(repr((self.size, self.blend)).encode())
        for tensor in (self.content, *self.styles, self.initial, *self.masks):
            digest.update(b"none" if tensor is None else repr(tuple(tensor.shape)).encode())
            if tensor is not None:
                digest.update(tensor.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()


def prepare(
    inputs: Inputs,
    settings: Settings,
    options: Options,
    device: torch.device,
    dtype: torch.dtype,
    share: float = 1.0,
) -> Canvas:
    """Resize the inputs to a share of the painting's sides and place them on a device.

    Raises InvalidInput for what `check` or `canvas_size` refuse, masks that do not fit, or
    settings that need a content where there is none.
    """
    if inputs.content is None:
        _check_texture(settings)
    size = scaled(canvas_size(inputs, settings, options), share)
    content = None if inputs.content is None else _resized(inputs.content.convert("RGB"), size)
    styles = tuple(_style(s, settings, size, content) for s in inputs.styles)
    initial = None if inputs.initial is None else _resized(inputs.initial.convert("RGB"), size)
    return Canvas(
        size=size,
        content_image=content,
        content=None if content is None else to_tensor(content, device, dtype),
        style_images=styles,
        styles=tuple(to_tensor(style, device, dtype) for style in styles),
        blend=_shares([style.weight for style in inputs.styles]),
        initial=None if initial is None else to_tensor(initial, device, dtype),
        masks=tuple(_mask(inputs, number, size, device, dtype) for number in range(len(styles))),
    )


def canvas_size(inputs: Inputs, settings: Settings, options: Options) -> tuple[int, int]:
    """The painting's (width, height): as told, or the content's, within the longest edge.

    A texture has the proportions of its first style, and is as large as the settings say. Raises
    InvalidInput for inputs that have no size, or too large a one.
    """
    check(inputs)
    if options.size is not None:
        size = options.size
    elif inputs.content is not None:
        size = fitted(inputs.content.size, settings.image_size)
    else:
        style = inputs.styles[0].image.size
        size = scaled(style, settings.image_size / max(style))
    check_pixels("The painting", size)
    return size


def to_tensor(image: Image.Image, device: torch.device, dtype: torch.dtype) -> Tensor:
    """RGB or L image → (1, C, H, W), 0..255, laid out channels last."""
    array = np.asarray(image).astype(np.float32)
    if array.ndim == 2:
        array = array[..., None]
    tensor = torch.from_numpy(array).permute(2, 0, 1)[None]
    return tensor.to(device, dtype).contiguous(memory_format=torch.channels_last)


def to_image(tensor: Tensor) -> Image.Image:
    """(1, 3, H, W) → RGB image, clipped to 0..255 and truncated as the original program does."""
    array = tensor[0].clamp(0, 255).nan_to_num().permute(1, 2, 0).to(torch.uint8)
    return Image.fromarray(array.cpu().contiguous().numpy())


def check(inputs: Inputs) -> None:
    """Raise InvalidInput for no styles, or weights, scales or pictures out of their bounds."""
    if not inputs.styles:
        raise InvalidInput("A painting needs at least one style picture.")
    for number, style in enumerate(inputs.styles, start=1):
        if not 0 <= style.weight < math.inf:
            raise InvalidInput(
                f"The blend weight of style {number} is a number from 0 up, not {style.weight:g}."
            )
        if not SCALES[0] <= style.scale <= SCALES[1]:
            raise InvalidInput(
                f"The scale of style {number} is from {SCALES[0]:g} to {SCALES[1]:g}, "
                f"not {style.scale:g}."
            )
    styles = [style.image for style in inputs.styles]
    pictures = [inputs.content, *styles, inputs.initial, *inputs.masks]
    if any(picture is not None and 0 in picture.size for picture in pictures):
        raise InvalidInput("A picture has no pixels.")


def _check_texture(settings: Settings) -> None:
    if settings.colors != "style":
        raise InvalidInput(f"Without a content there are no colours to keep ({settings.colors}).")
    if settings.strength < 100:
        raise InvalidInput("Without a content the strength is 100.")


def _style(
    style: StylePicture, settings: Settings, size: tuple[int, int], content: Image.Image | None
) -> Image.Image:
    scaled_size = style_size(style.image.size, style.scale * settings.style_scale, size[0])
    check_pixels("A style", scaled_size)
    image = _resized(style.image.convert("RGB"), scaled_size)
    if settings.colors == "match" and content is not None:
        return match_covariance(image, content)
    return image


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.BICUBIC)


def _shares(weights: list[float]) -> tuple[float, ...]:
    total = sum(weights)
    if not math.isfinite(total) or total == 0:
        raise InvalidInput(
            f"The blend weights of the styles sum to {total:g}; one of them has to be above 0."
        )
    return tuple(weight / total for weight in weights)


def _mask(
    inputs: Inputs, number: int, size: tuple[int, int], device: torch.device, dtype: torch.dtype
) -> Tensor | None:
    if not inputs.masks:
        return None
    if len(inputs.masks) != len(inputs.styles):
        raise InvalidInput(
            f"There are {len(inputs.styles)} styles and {len(inputs.masks)} masks; "
            "each style needs one mask."
        )
    image = inputs.masks[number]
    if image is None:
        return None
    model = size if inputs.content is None else inputs.content.size
    if not has_proportions(image.size, model):
        raise InvalidInput(
            f"Mask {number + 1} is {image.width} x {image.height} px and the picture "
            f"{model[0]} x {model[1]} px; their proportions may differ by a percent at most."
        )
    mask = to_tensor(_resized(image.convert("L"), size), device, dtype) / 255
    if not mask.any():
        raise InvalidInput(f"Mask {number + 1} is all black, so its style would apply nowhere.")
    return mask
