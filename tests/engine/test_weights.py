"""Weights from every format we read: the same network, bit for bit, or one sentence."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from safetensors.torch import save_file
from scipy.io import loadmat, savemat
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from engine.errors import InvalidWeights
from engine.layers import CONVOLUTIONS
from engine.networks import Vgg19
from engine.networks.loading import read
from engine.weights import Weights, bundled

# Places of the convolutions among torchvision's `features`, pooling and ReLU counted.
TORCHVISION = (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34)
Cells = npt.NDArray[Any]
Tensors = dict[str, Tensor]


@pytest.fixture(scope="module")
def original() -> Weights:
    return bundled()


def cell(*items: Any) -> Cells:
    """A MATLAB cell of one row."""
    row = np.empty((1, len(items)), dtype=object)
    row[0, :] = items
    return row


def struct(**fields: Any) -> Cells:
    """A MATLAB struct of 1 x 1."""
    made = np.empty((1, 1), dtype=[(name, object) for name in fields])
    for name, value in fields.items():
        made[0, 0][name] = value
    return made


def old_layout(pairs: list[Cells], mean: Cells) -> dict[str, Any]:
    layers = [struct(weights=p, pad=1.0, type="conv", name="c", stride=1.0) for p in pairs]
    layers.insert(1, struct(type="relu", name="relu1_1"))
    return {"layers": cell(*layers), "normalization": struct(averageImage=mean, keepAspect=1.0)}


def new_layout(pairs: list[Cells], mean: Cells) -> dict[str, Any]:
    layers = [struct(name="c", type="conv", weights=p, size=[3.0, 3, 3, 64]) for p in pairs]
    layers.insert(1, struct(name="relu1_1", type="relu", leak=0.0))
    size = np.array([[224.0, 224, 3]])
    meta = struct(classes=1.0, normalization=struct(imageSize=size, averageImage=mean[:1, :1]))
    return {"layers": cell(*layers), "meta": meta}


PATHS: dict[Any, Callable[[Cells], Any]] = {
    old_layout: lambda layers: layers[0][0][0][0][0][0],
    new_layout: lambda layers: layers[0][0][0][0][2][0],
}


def pairs_of(weights: Weights, axes: tuple[int, ...]) -> list[Cells]:
    return [
        cell(weights.kernels[n].permute(axes).numpy(), weights.biases[n].numpy()[None])
        for n in CONVOLUTIONS
    ]


def assert_same(found: Weights, original: Weights) -> None:
    for name in CONVOLUTIONS:
        assert torch.equal(found.kernels[name], original.kernels[name]), name
        assert torch.equal(found.biases[name], original.biases[name]), name


def test_the_bundled_network_is_complete(original: Weights) -> None:
    parameters = [*original.kernels.values(), *original.biases.values()]
    assert sum(tensor.numel() for tensor in parameters) == 20_024_384
    assert original.mean == (123.68, 116.779, 103.939)


@pytest.mark.parametrize("axes", [(2, 3, 1, 0), (3, 2, 1, 0)], ids=["upright", "swapped"])
@pytest.mark.parametrize("layout", [old_layout, new_layout])
def test_a_mat_file_gives_the_bundled_kernels(
    tmp_path: Path, original: Weights, layout: Any, axes: tuple[int, ...]
) -> None:
    path = tmp_path / "imagenet-vgg-verydeep-19.mat"
    mean = np.broadcast_to(np.array(original.mean), (224, 224, 3))
    savemat(path, layout(pairs_of(original, axes), mean))
    kernels, biases = PATHS[layout](loadmat(path, variable_names=["layers"])["layers"])
    assert (kernels.shape, biases.size) == ((3, 3, 3, 64), 64)  # nested as the published file is

    found = read(path)
    assert_same(found, original)
    assert found.mean == pytest.approx(original.mean)


def folded_out(original: Weights) -> Tensors:
    scale = 255 * torch.tensor([0.229, 0.224, 0.225], dtype=torch.float64).view(1, 3, 1, 1)
    tensors = torchvision_names(original)
    return {**tensors, "features.0.weight": (original.kernels["conv1_1"] * scale).float()}


def torchvision_names(original: Weights) -> Tensors:
    made = {"classifier.0.weight": torch.zeros(2, 2)}
    for place, name in zip(TORCHVISION, CONVOLUTIONS, strict=True):
        made[f"features.{place}.weight"] = original.kernels[name]
        made[f"features.{place}.bias"] = original.biases[name]
    return made


def caffe_order(original: Weights) -> Tensors:
    tensors = torchvision_names(original)
    return {**tensors, "features.0.weight": original.kernels["conv1_1"].flip(1).contiguous()}


def keras_names(original: Weights) -> Tensors:
    made = {}
    for name in CONVOLUTIONS:
        kernel = original.kernels[name]
        kernel = kernel.flip(1) if name == "conv1_1" else kernel
        theirs = f"block{name[4]}_conv{name[6]}"
        made[f"{theirs}.kernel"] = kernel.permute(2, 3, 1, 0).contiguous()
        made[f"{theirs}.bias"] = original.biases[name]
    return made


@pytest.mark.parametrize("make", [folded_out, torchvision_names, caffe_order, keras_names])
def test_a_state_dictionary_gives_the_bundled_kernels(
    tmp_path: Path, original: Weights, make: Callable[[Weights], Tensors]
) -> None:
    path = tmp_path / "vgg19.safetensors"
    save_file(make(original), path)
    assert_same(read(path), original)


def test_a_pth_file_is_read_too(tmp_path: Path, original: Weights) -> None:
    path = tmp_path / "vgg19.pth"
    torch.save({"state_dict": torchvision_names(original)}, path)
    assert_same(read(path), original)


def test_a_foreign_first_kernel_is_taken_for_normalised_pixels(
    tmp_path: Path, original: Weights
) -> None:
    kernel = torch.randn((64, 3, 3, 3), generator=torch.Generator().manual_seed(1))
    path = tmp_path / "vgg19.safetensors"
    save_file({**torchvision_names(original), "features.0.weight": kernel}, path)
    image = 255 * torch.rand(1, 3, 6, 5)
    mean, deviation = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])
    normalised = (image / 255 - mean.view(1, 3, 1, 1)) / deviation.view(1, 3, 1, 1)
    expected = F.relu(F.conv2d(normalised, kernel, original.biases["conv1_1"], padding=1))
    found = Vgg19(read(path)).forward(image, "relu1_1").features["relu1_1"]
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_foreign_kernels_are_refused(tmp_path: Path, original: Weights) -> None:
    pairs = pairs_of(original, (2, 3, 1, 0))
    pairs[3] = cell(np.ascontiguousarray(pairs[3][0, 0][..., ::-1]), pairs[3][0, 1])
    path = tmp_path / "foreign.mat"
    savemat(path, old_layout(pairs, np.full((1, 1, 3), 120.0)))
    with pytest.raises(InvalidWeights, match="other kernels"):
        read(path)


def test_another_number_of_convolutions_is_refused(tmp_path: Path, original: Weights) -> None:
    path = tmp_path / "vgg16.mat"
    savemat(path, old_layout(pairs_of(original, (2, 3, 1, 0))[:4], np.full((1, 1, 3), 120.0)))
    with pytest.raises(InvalidWeights, match="has 4 convolutions of 3 x 3; VGG-19 has 16"):
        read(path)


@pytest.mark.parametrize("suffix", [".mat", ".pth", ".safetensors"])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"weights{suffix}"
    path.write_bytes(b"not weights at all, " * 100)
    with pytest.raises(InvalidWeights, match=rf"weights{suffix} "):
        read(path)


class Trap:
    """What a pickle that runs code looks like."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


@pytest.mark.parametrize(
    "save", [torch.save, lambda trap, path: path.write_bytes(pickle.dumps(trap))]
)
def test_no_code_in_a_weights_file_is_run(tmp_path: Path, save: Any) -> None:
    path, mark = tmp_path / "trap.pth", tmp_path / "it-ran"
    save({"features.0.weight": Trap(mark)}, path)
    with pytest.raises(InvalidWeights):
        read(path)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "sentence"), [("none.mat", "There are no weights"), ("notes.txt", "no weights file")]
)
def test_what_is_no_weights_file_is_said(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(InvalidWeights, match=sentence):
        read(tmp_path / name)


def test_a_convolution_of_another_shape_is_named(original: Weights) -> None:
    kernels = {**original.kernels, "conv2_1": torch.zeros(128, 64, 5, 5)}
    with pytest.raises(InvalidWeights, match="conv2_1"):
        Weights(kernels, original.biases, original.mean, "file")
