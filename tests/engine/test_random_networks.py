"""Networks without weights: random kernels that see, at the scale of VGG-19's losses."""

import pytest
import torch
from scenes import inputs, run

from engine.networks import Vgg19, load_network
from engine.networks.lottery import drawn
from engine.networks.reference import distances, reference_picture
from engine.networks.registry import NETWORKS
from engine.networks.walked import Walked
from engine.options import Options
from engine.settings import preset


def test_random_weights_are_the_same_every_time_and_orthogonal() -> None:
    network = NETWORKS["resnet18"]
    one, other = (drawn(network, layers) for layers in (["layer1"], ["layer2"]))
    assert all(torch.equal(one.tensors[key], other.tensors[key]) for key in one.tensors)
    assert not torch.equal(
        one.tensors["conv1.weight"], drawn(network, ["layer1"], 7).tensors["conv1.weight"]
    )
    rows = one.tensors["conv1.weight"].flatten(1)
    products = rows @ rows.T
    torch.testing.assert_close(products / products[0, 0], torch.eye(64), atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", ["alexnet", "resnet18", "bn_inception", "enet"])
def test_random_features_neither_vanish_nor_explode(name: str) -> None:
    network = NETWORKS[name]
    walked = Walked(network, drawn(network, network.layers))
    deepest = network.geometry.deepest(network.layers)
    tape = walked.forward(reference_picture().float(), deepest, keep=network.layers)
    assert all(0.2 < float(x.square().mean().sqrt()) < 7 for x in tape.features.values())


def test_the_emphasis_brings_every_network_to_the_losses_of_vgg_19(network: Vgg19) -> None:
    content, style = distances(network)
    squeezed = load_network(network="squeezenet1_1")
    their_content, their_style = distances(squeezed)
    theirs = squeezed.architecture
    for mine, other in zip(network.architecture.style, theirs.style, strict=True):
        assert squeezed.emphasis.style[other] * their_style[other] == pytest.approx(
            style[mine], rel=0.05
        )
    for mine, other in zip(network.architecture.content, theirs.content, strict=True):
        assert squeezed.emphasis.content[other] * their_content[other] == pytest.approx(
            content[mine], rel=0.05
        )
    assert not network.emphasis.style


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("name", ["lenet5", "squeezenet1_1", "resnet18", "enet"])
def test_a_network_paints(name: str, precision: str) -> None:
    size = (72, 64)
    steps = run(
        inputs(size), load_network(network=name), preset("fine").replace(iterations=8, seed=1),
        options=Options(size=size, precision=precision),
    )  # fmt: skip
    assert steps[-1].best_losses.total < 0.8 * steps[0].losses.total
    assert steps[-1].state().network == name
