"""Weights of the other networks: whole and exact, or one sentence; and LeNet-5 trained for real."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from scenes import inputs
from test_network import random_image
from test_weights import Trap
from torch import Tensor

from engine.errors import InvalidInput, InvalidWeights
from engine.networks import load_network
from engine.networks.loading import weights_of
from engine.networks.lottery import drawn
from engine.networks.registry import NETWORKS
from engine.settings import Settings
from engine.stylize import stylize

SQUEEZED = NETWORKS["squeezenet1_1"]
Tensors = dict[str, Tensor]
ORDER = ("--content", "photo.png", "--output", "out.png")


@pytest.fixture(scope="module")
def squeezed() -> Tensors:
    return dict(drawn(SQUEEZED, SQUEEZED.graph.layers).tensors)


def torchvision_names(name: str) -> Tensors:
    """A published file's keys and shapes, with what training leaves there."""
    tensors = {key: torch.zeros(shape) for key, shape in NETWORKS[name].graph.keys().items()}
    for node in NETWORKS[name].graph.nodes.values():
        if node.kind == "norm":
            tensors[f"{node.key}.running_var"].fill_(1)
            tensors[f"{node.key}.num_batches_tracked"] = torch.tensor(7)
    return tensors


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("resnet50", "layer1.0.downsample.1.running_mean layer4.2.conv3.weight fc.bias"),
        ("googlenet", "inception3a.branch3.1.bn.weight conv1.conv.weight fc.weight"),
        ("inception_v3", "Mixed_7c.branch3x3dbl_3b.conv.weight Conv2d_2b_3x3.bn.bias fc.bias"),
        ("alexnet", "features.10.bias classifier.6.weight"),
        ("vgg16", "features.28.weight classifier.0.bias"),
        ("squeezenet1_0", "features.12.expand3x3.bias classifier.1.weight"),
        ("squeezenet1_1", "features.7.squeeze.weight"),
        ("bn_inception", "conv1_7x7_s2_bn.running_var inception_4e_double_3x3_2.bias"),
    ],
)
def test_keys_are_those_of_the_published_files(name: str, keys: str) -> None:
    assert set(keys.split()) <= set(NETWORKS[name].graph.keys())


@pytest.mark.parametrize("name", ["resnet18", "squeezenet1_0", "googlenet", "enet"])
@pytest.mark.parametrize("prefix", ["", "module."])
def test_a_file_tells_which_network_it_holds(tmp_path: Path, name: str, prefix: str) -> None:
    path = tmp_path / "file.pth"
    tensors = torchvision_names(name)
    if name == "googlenet":
        tensors["aux1.conv.conv.weight"] = torch.zeros(128, 512, 1, 1)
    torch.save({prefix + key: tensor for key, tensor in tensors.items()}, path)
    assert load_network(path).architecture.name == name
    assert load_network(path).source == "file.pth"


def test_the_features_are_those_of_the_file(tmp_path: Path, squeezed: Tensors) -> None:
    path = tmp_path / "squeezenet1_1.safetensors"
    save_file(squeezed, path)
    image = random_image((40, 50)).float()
    found, expected = (
        network.forward(image, "fire9", keep=["fire9"]).features["fire9"]
        for network in (load_network(path), load_network(network="squeezenet1_1"))
    )
    torch.testing.assert_close(found, expected)
    assert load_network(path).fingerprint != load_network(network="squeezenet1_1").fingerprint


def without(tensors: Tensors, key: str) -> Tensors:
    return {name: tensor for name, tensor in tensors.items() if name != key}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: without(t, "features.3.squeeze.bias"),
         r"lacks features\.3\.squeeze\.bias of SqueezeNet 1\.1, and 0 more"),
        (lambda t: {**t, "features.3.squeese.bias": torch.zeros(16)},
         r"has features\.3\.squeese\.bias, which .* Did you mean features\.3\.squeeze\.bias\?"),
        (lambda t: {**without(t, "classifier.1.bias"), "clasifier.1.bias": torch.zeros(1000)},
         r"lacks classifier\.1\.bias .* Is it clasifier\.1\.bias\?"),
        (lambda t: {**t, "features.0.weight": torch.zeros(64, 3, 5, 5)},
         r"features\.0\.weight is \(64, 3, 5, 5\), not \(64, 3, 3, 3\)"),
        (lambda t: {**t, "features.0.bias": torch.full((64,), torch.nan)},
         r"is damaged: features\.0\.bias is not all numbers"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_exact_is_refused(
    tmp_path: Path, squeezed: Tensors, change: Callable[[Tensors], Tensors], sentence: str
) -> None:
    path = tmp_path / "file.safetensors"
    save_file(change(squeezed), path)
    with pytest.raises(InvalidWeights, match=sentence) as refused:
        load_network(path)
    assert "\n" not in str(refused.value)


def test_another_networks_file_is_refused_by_both_names(tmp_path: Path) -> None:
    path = tmp_path / "resnet34.pth"
    torch.save(torchvision_names("resnet18"), path)
    for wanted in ("resnet34", "vgg19"):
        title = NETWORKS[wanted].title
        with pytest.raises(InvalidWeights, match=rf"resnet34\.pth holds ResNet-18, not {title}"):
            load_network(path, network=wanted)


@pytest.mark.parametrize("tensors", [{"weight": torch.zeros(3)}, {}])
def test_what_holds_no_network_is_refused(tmp_path: Path, tensors: Tensors) -> None:
    path = tmp_path / "file.pth"
    torch.save(tensors, path)
    with pytest.raises(InvalidWeights, match=r"holds none of the networks: LeNet-5, .*FractalNet"):
        load_network(path)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_a_truncated_file_is_refused(
    tmp_path: Path, squeezed: Tensors, suffix: str, share: float
) -> None:
    path = tmp_path / f"squeezenet1_1{suffix}"
    save_file(squeezed, path) if suffix == ".safetensors" else torch.save(squeezed, path)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(InvalidWeights, match="cannot be read as a dictionary of tensors"):
        load_network(path, network="squeezenet1_1")


@pytest.mark.parametrize(
    "save", [torch.save, lambda trap, path: path.write_bytes(pickle.dumps(trap))]
)
def test_no_code_in_a_file_is_run(tmp_path: Path, squeezed: Tensors, save: Any) -> None:
    path, mark = tmp_path / "trap.pth", tmp_path / "it-ran"
    save({**squeezed, "extra": Trap(mark)}, path)
    with pytest.raises(InvalidWeights, match="cannot be read"):
        load_network(path, network="squeezenet1_1")
    assert not mark.exists()


@pytest.mark.parametrize("keras", [True, False], ids=["Keras", "Caffe"])
def test_vgg_16_is_read_by_the_names_of_keras_and_caffe(tmp_path: Path, keras: bool) -> None:
    network = NETWORKS["vgg16"]
    ours = drawn(network, ["relu5_3"]).tensors
    layers = [layer[4:] for layer in network.graph.layers if layer.startswith("relu")]
    keys = [node.key for node in network.graph.nodes.values() if node.kind == "conv"]
    theirs = {}
    for layer, key in zip(layers, keys, strict=True):
        kernel, (block, number) = ours[f"{key}.weight"], layer.split("_")
        if layer == "1_1":  # for BGR, 0..255
            kernel = (kernel / torch.tensor([58.395, 57.12, 57.375]).view(1, 3, 1, 1)).flip(1)
        name = f"block{block}_conv{number}.kernel" if keras else f"conv{layer}.weight"
        theirs[name] = (kernel.permute(2, 3, 1, 0) if keras else kernel).contiguous()
        theirs[name.rsplit(".", 1)[0] + ".bias"] = ours[f"{key}.bias"]
    save_file(theirs, tmp_path / "vgg16.safetensors")
    image = random_image((24, 24)).float()
    found, expected = (
        each.forward(image, "relu4_2", keep=["relu4_2"]).features["relu4_2"]
        for each in (
            load_network(tmp_path / "vgg16.safetensors", network="vgg16"),
            load_network(network="vgg16"),
        )
    )
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3)


def test_weights_are_found_in_the_folder_of_models(tmp_path: Path) -> None:
    (tmp_path / "enet.pth").touch()
    (tmp_path / "vgg16.mat").touch()
    assert weights_of("enet", tmp_path) == tmp_path / "enet.pth"
    assert weights_of("vgg16", tmp_path) is None


def test_a_state_of_another_network_is_refused_by_name() -> None:
    settings = Settings(iterations=2, seed=1)
    size = (64, 48)
    state = next(stylize(inputs(size), settings, load_network(network="enet"))).state()
    with pytest.raises(InvalidInput, match="of a run through enet, and this is squeezenet1_1"):
        stylize(inputs(size), settings, load_network(network="squeezenet1_1"), resume=state)
