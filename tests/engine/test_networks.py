"""Every network: its size, its layers, what is built of it, and what it computes."""

from dataclasses import replace

import pytest
import torch
from test_network import random_image
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from engine.errors import Cancelled, InvalidInput
from engine.networks import Vgg19, load_network
from engine.networks.graph import GLOBAL
from engine.networks.lottery import drawn
from engine.networks.parameters import Parameters
from engine.networks.registry import NETWORKS, architecture
from engine.networks.sight import Sight
from engine.networks.walked import Walked
from engine.weights import bundled

# The whole classifier of 1000 classes; torchvision's numbers for its forms, without auxiliaries.
COUNTS = {
    "lenet5": 61_706,  # of 10 classes
    "alexnet": 61_100_840,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "googlenet": 6_624_904,
    "inception_v3": 23_834_568,
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "resnet101": 44_549_160,
    "resnet152": 60_192_808,
    "squeezenet1_0": 1_248_424,
    "squeezenet1_1": 1_235_496,
    # Of the published Caffe model's form; the paper's text says 13.6 million of another one.
    "bn_inception": 11_295_240,
    # The paper's table 3 says 0.37 million, rounded; this is with 19 classes.
    "enet": 360_300,
    # The paper's table 1 says 38.6 million and not which kernels its last, 2 x 2 px, block has;
    # here all are 3 x 3.
    "fractalnet": 33_781_092,
}
NAMES = sorted(NETWORKS)


@pytest.mark.parametrize("name", NAMES)
def test_a_network_has_as_many_parameters_as_it_was_published_with(name: str) -> None:
    graph = NETWORKS[name].graph
    assert graph.parameters == COUNTS[name]
    tensors = [torch.empty(shape, device="meta") for shape in graph.keys().values()]
    statistics = sum(2 * n.channels for n in graph.nodes.values() if n.kind == "norm")
    assert sum(tensor.numel() for tensor in tensors) == COUNTS[name] + statistics


@pytest.mark.parametrize("name", NAMES)
def test_the_layers_to_look_at_exist_and_go_deeper(name: str) -> None:
    network = NETWORKS[name]
    for layers in (network.content, network.style):
        assert list(layers) == sorted(layers, key=network.graph.depth)
    assert not network.geometry.sees_everything(network.layers)


@pytest.mark.parametrize("name", NAMES)
def test_features_have_the_size_that_the_geometry_says(name: str) -> None:
    network = NETWORKS[name]
    size = network.smallest + 40, network.smallest + 27
    layers = network.style[:3]
    walked = Walked(network, drawn(network, layers), layers=layers)
    image = random_image(size).float()
    for layer, found in walked.forward(image, layers[-1], keep=layers).features.items():
        expected = [network.geometry.cells(layer, side, axis) for axis, side in enumerate(size)]
        assert list(found.shape[2:]) == expected, layer
        assert found.shape[1] == network.graph.nodes[network.graph.layers[layer]].channels


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "squeezenet1_1", "enet", "bn_inception"])
def test_every_named_layer_has_features(name: str) -> None:
    network = replace(NETWORKS[name])
    layers = tuple(network.graph.layers)
    walked = Walked(network, drawn(network, layers), layers=layers)
    size = network.geometry.smallest(layers) + 40
    tape = walked.forward(random_image((size, size)).float(), network.geometry.deepest(layers))
    assert set(tape.features) == set(layers)
    assert all(features.isfinite().all() for features in tape.features.values())


def test_nothing_beyond_the_deepest_layer_is_built() -> None:
    network = NETWORKS["resnet50"]
    found = drawn(network, ["layer1"])
    assert found.tensors.keys() == {
        key for key in set(network.graph.keys()) if key.startswith(("conv1.", "bn1.", "layer1."))
    }
    walked = Walked(network, found, layers=["layer1"])
    assert not any("layer2" in name for name, _ in walked._units.tensors())
    with pytest.raises(InvalidInput, match="layer2 of ResNet-50 was not built"):
        walked.forward(random_image((64, 64)).float(), "layer2", keep=["layer2"])


@pytest.mark.parametrize("name", NAMES)
def test_the_smallest_picture_has_features_and_a_smaller_one_has_none(name: str) -> None:
    network = NETWORKS[name]
    walked = Walked(network, drawn(network, network.layers[:1]), layers=network.layers[:1])
    layer = network.layers[0]
    smallest = network.geometry.smallest([layer])
    image = random_image((smallest, smallest + 3)).float()
    assert walked.forward(image, layer, keep=[layer]).features[layer].numel() > 0
    if smallest > 1:
        with pytest.raises(RuntimeError):
            walked.forward(image[..., 1:, :], layer, keep=[layer])


@pytest.mark.parametrize(
    ("name", "layer"),
    [("alexnet", "relu2"), ("inception_v3", "Mixed_5b"), ("enet", "bottleneck2.2"),
     ("enet", "bottleneck5.1"), ("squeezenet1_0", "fire4"), ("lenet5", "c3")],
)  # fmt: skip
def test_a_feature_sees_as_far_as_a_change_of_the_image_is_felt(name: str, layer: str) -> None:
    network = NETWORKS[name]
    geometry = network.geometry
    walked = Walked(network, drawn(network, [layer]), layers=[layer], dtype=torch.float64)
    seen = geometry.receptive_field(layer)
    assert seen is not None
    wide = 2 * geometry.reach(layer) + 64
    place = wide // 2
    image = random_image((max(36, geometry.smallest([layer])), wide))
    changed = image.clone()
    changed[..., place] += 50
    sight = Sight("avg")  # a maximum may not feel a change
    tapes = [walked.forward(x, layer, keep=[layer], sight=sight) for x in (image, changed)]
    felt = (tapes[0].features[layer] != tapes[1].features[layer]).any(dim=1)[0].any(dim=0)
    columns = felt.nonzero().flatten()
    cell, field = geometry.stride(layer), geometry._of(layer)[1]
    # Feature i sees i · cell - before … i · cell + after.
    assert int(columns.min()) * cell + field.after >= place
    assert int(columns.max()) * cell - field.before <= place
    assert int(columns.max() - columns.min() + 1) * cell >= 0.98 * seen - 2 * cell - 2


def reference_resnet18(tensors: dict[str, Tensor]) -> nn.Module:
    """The stem and first stage of ResNet-18 as torch's own modules, in evaluation."""

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(64, 64, 3, 1, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(64)
            self.conv2 = nn.Conv2d(64, 64, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(64)

        def forward(self, x: Tensor) -> Tensor:
            y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
            return F.relu(y + x)

    stem = nn.Module()
    stem.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
    stem.bn1 = nn.BatchNorm2d(64)
    stem.layer1 = nn.Sequential(Block(), Block())
    stem.load_state_dict(tensors, strict=False)
    return stem.double().eval()


def test_a_residual_network_computes_what_torchs_own_modules_do() -> None:
    network = NETWORKS["resnet18"]
    found = drawn(network, ["layer1"])
    generator = torch.Generator().manual_seed(1)
    tensors = {
        key: tensor * (0.5 + torch.rand(tensor.shape, generator=generator))
        for key, tensor in found.tensors.items()
    }
    stem = reference_resnet18(tensors)
    image = random_image((45, 38)).requires_grad_()
    mean, deviation = torch.tensor([[123.675, 116.28, 103.53], [58.395, 57.12, 57.375]])
    x = (image - mean.double().view(1, 3, 1, 1)) / deviation.double().view(1, 3, 1, 1)
    x = F.max_pool2d(F.relu(stem.bn1(stem.conv1(x))), 3, 2, 1)
    expected = stem.layer1(x)
    (gradient,) = torch.autograd.grad(expected.square().sum(), image)

    walked = Walked(network, Parameters(tensors, "x"), layers=["layer1"], dtype=torch.float64)
    tape = walked.forward(image.detach(), "layer1", keep=["layer1"], back=True)
    torch.testing.assert_close(tape.features["layer1"], expected.detach(), rtol=1e-5, atol=1e-5)
    pulled = walked.backward(tape, lambda _, features, slope: slope.add_(2 * features))
    torch.testing.assert_close(pulled, gradient, rtol=1e-4, atol=1e-4)


def test_vgg_19_walked_is_vgg_19_by_hand(exact_network: Vgg19) -> None:
    network, weights = NETWORKS["vgg19"], bundled()
    apart = replace(network.normalization, mean=weights.mean, deviation=(1.0, 1.0, 1.0))
    keys = [node.key for node in network.graph.up_to(["relu5_1"]) if node.kind == "conv"]
    tensors = {}
    for key, name in zip(keys, weights.kernels, strict=False):
        tensors |= {f"{key}.weight": weights.kernels[name], f"{key}.bias": weights.biases[name]}
    walked = Walked(
        replace(network, normalization=apart), Parameters(tensors, "x"), layers=["relu5_1"],
        dtype=torch.float64,
    )  # fmt: skip
    image = random_image((37, 53))
    for sight in (Sight(), Sight("avg"), Sight(padding="replicate")):
        found = [
            (tape.features["relu5_1"].clone(), each.backward(tape, lambda _, f, s: s.add_(f)))
            for each in (walked, exact_network)
            for tape in [each.forward(image, "relu5_1", keep=["relu5_1"], back=True, sight=sight)]
        ]
        torch.testing.assert_close(found[0][0], found[1][0])
        # By hand, every layer's gradient is asked for: here that of all of them together.
        assert found[0][1].shape == found[1][1].shape


def test_a_stop_is_noticed_on_both_ways() -> None:
    walked = load_network(network="squeezenet1_1")
    image = random_image((40, 40)).float()
    with pytest.raises(Cancelled):
        walked.forward(image, "fire5", should_stop=lambda: True)
    tape = walked.forward(image, "fire5", keep=["fire3", "fire5"], back=True)
    with pytest.raises(Cancelled):
        walked.backward(tape, lambda *_: None, should_stop=lambda: True)


def test_a_mask_is_averaged_where_a_feature_looks() -> None:
    walked = load_network(network="inception_v3")
    mask = torch.zeros((1, 1, 99, 120))
    mask[..., 60:] = 1
    geometry = walked.architecture.geometry
    for layer in walked.architecture.style:
        found = walked.mask_at(mask, layer)
        assert found.shape[2:] == (geometry.cells(layer, 99, 0), geometry.cells(layer, 120, 1))
        edge = int((found[0, 0, 0] > 0.5).nonzero()[0]) * geometry.stride(layer)
        assert abs(edge + geometry.shift(layer) - 60) <= geometry.stride(layer)
    whole = load_network(network="resnet18").mask_at(torch.ones(1, 1, 45, 31), "layer2")
    assert whole.eq(1).all()


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match=r"no network resnet51\. Did you mean resnet50\?"):
        architecture("resnet51")


def test_heads_are_known_to_see_everything() -> None:
    for network in NETWORKS.values():
        heads = {n.name for n in network.graph.nodes.values() if n.kind in GLOBAL}
        named = [layer for layer, node in network.graph.layers.items() if node in heads]
        assert set(named) <= set(network.geometry.sees_everything(network.graph.layers))
