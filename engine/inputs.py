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

    Raises InvalidInput for no styles, blend weights of sum zero, masks that do not fit, or
    settings that need a content where there is none.
    """
    if not inputs.styles:
        raise InvalidInput("A painting needs at least one style picture.")
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

    A texture has the proportions of its first style, and is as large as the settings say.
    """
    if options.size is not None:
        return options.size
    if inputs.content is not None:
        return fitted(inputs.content.size, settings.image_size)
    style = inputs.styles[0].image.size
    return scaled(style, settings.image_size / max(style))


def scaled(size: tuple[int, int], share: float) -> tuple[int, int]:
    """A (width, height) with both sides brought to a share of them."""
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The (width, height) with the longest edge at most `longest` px; never enlarged."""
    width, height = size
    if max(size) <= longest:
        return size
    if width >= height:
        return of_width(size, longest)
    return max(1, math.floor(width / height * longest)), longest


def of_width(size: tuple[int, int], width: int) -> tuple[int, int]:
    """The (width, height) of a picture brought to a width, as the original program rounds it."""
    if width == size[0]:
        return size  # the rounded quotient may lose a row of the very picture
    return width, max(1, math.floor(size[1] / size[0] * width))


def style_size(size: tuple[int, int], scale: float, content_width: int) -> tuple[int, int]:
    """The (width, height) of a style: int(side · scale · content width / style width)."""
    width, height = (max(1, int(side * scale * content_width / size[0])) for side in size)
    return width, height


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


def _check_texture(settings: Settings) -> None:
    if settings.colors != "style":
        raise InvalidInput(f"Without a content there are no colours to keep ({settings.colors}).")
    if settings.strength < 100:
        raise InvalidInput("Without a content the strength is 100.")


def _style(
    style: StylePicture, settings: Settings, size: tuple[int, int], content: Image.Image | None
) -> Image.Image:
    scale = style.scale * settings.style_scale
    image = _resized(style.image.convert("RGB"), style_size(style.image.size, scale, size[0]))
    if settings.colors == "match" and content is not None:
        return match_covariance(image, content)
    return image


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.BICUBIC)


def _shares(weights: list[float]) -> tuple[float, ...]:
    total = sum(weights)
    if not math.isfinite(total) or total == 0:
        raise InvalidInput(f"The blend weights of the styles sum to {total:g}; they need a sum.")
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
    mask = to_tensor(_resized(image.convert("L"), size), device, dtype) / 255
    if not mask.any():
        raise InvalidInput(f"Mask {number + 1} is all black, so its style would apply nowhere.")
    return mask
