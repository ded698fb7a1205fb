"""Tiles of every network: their gradient is the whole picture's, or they are refused."""

from dataclasses import replace

import pytest
import torch
from scenes import scene

from engine.errors import InvalidInput
from engine.features import Extractor
from engine.inputs import Inputs, StylePicture, prepare
from engine.networks.lottery import drawn
from engine.networks.registry import NETWORKS, Architecture
from engine.networks.sight import Sight
from engine.networks.walked import Walked
from engine.objective import objective_for
from engine.options import Options
from engine.settings import Settings
from engine.tiles import cut

SETTINGS = Settings(content_weight_blend=0.5)
# Their third stages look so far that no tile would see less than the picture.
SHALLOW = {"content": ("layer3.0",), "style": ("conv1", "layer1.2", "layer2.1")}
DECODER = {"content": ("bottleneck3.2",), "style": ("initial", "bottleneck4.2", "fullconv")}


def looked_at(name: str) -> Architecture:
    deep = {"resnet34": SHALLOW, "resnet101": SHALLOW, "resnet152": SHALLOW}
    return replace(NETWORKS[name], **deep.get(name, {}))


def built(network: Architecture) -> Walked:
    return Walked(network, drawn(network, network.layers), dtype=torch.float64)


def difference(network: Walked, size: tuple[int, int], edge: int, sight: Sight) -> float:
    """The relative distance of the gradient in tiles from that of the whole picture."""
    given = Inputs(
        scene(size, 1), (StylePicture(scene((91, 230), 2), 1.0, 1.0),), initial=scene(size, 4)
    )
    canvas = prepare(given, SETTINGS, Options(size=size), network.device, network.dtype)
    assert canvas.initial is not None
    found = [
        objective_for(canvas, SETTINGS, Extractor(network, sight, tile)).evaluate(canvas.initial)
        for tile in (None, edge)
    ]
    (losses, whole), (tiled_losses, tiled) = found
    assert tiled_losses.total == pytest.approx(losses.total, rel=1e-10)
    assert float(whole.norm()) > 0
    return float((tiled - whole).norm() / whole.norm())


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_tiles_give_the_gradient_of_the_whole_picture(name: str) -> None:
    network = looked_at(name)
    layers = network.layers
    edge = 64
    halo = network.geometry.halo(layers)
    short = max(19, network.smallest)
    size = (2 * edge + halo + 21, short)
    assert any(t.seen.right < size[0] for t in cut(size[1], size[0], edge, layers, network))
    assert difference(built(network), size, edge, Sight()) < 1e-9


@pytest.mark.parametrize("name", ["alexnet", "bn_inception", "resnet18", "enet", "squeezenet1_1"])
def test_averages_and_replicated_borders_are_tiled_too(name: str) -> None:
    network = NETWORKS[name]
    size = (max(29, network.smallest), 2 * 64 + network.geometry.halo(network.layers) + 7)
    assert difference(built(network), size, 64, Sight("avg", "replicate")) < 1e-9


def test_a_decoder_is_tiled_too() -> None:
    network = replace(NETWORKS["enet"], **DECODER)
    size = (256 + network.geometry.halo(network.layers) + 77, 27)
    assert difference(built(network), size, 256, Sight()) < 1e-9


@pytest.mark.parametrize("name", ["resnet50", "alexnet", "inception_v3"])
def test_tiles_of_layers_that_see_everything_are_refused(name: str) -> None:
    layer = "fc8" if name == "alexnet" else "avgpool"
    network = replace(NETWORKS[name], content=(layer,))
    with pytest.raises(InvalidInput, match=rf"{layer} of {network.title} needs the whole picture"):
        cut(200, 200, 64, network.layers, network)
    (tile,) = cut(200, 200, None, network.layers, network)
    assert tile.core == tile.seen


def test_a_tile_is_a_multiple_of_the_largest_stride() -> None:
    network = replace(NETWORKS["resnet18"], content=("layer4",))
    with pytest.raises(InvalidInput, match="multiple of 32 px"):
        cut(300, 300, 80, network.layers, network)


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_a_picture_too_small_for_the_layers_is_refused(name: str) -> None:
    network = NETWORKS[name]
    cut(network.smallest, network.smallest, None, network.layers, network)
    if network.smallest > 1:
        with pytest.raises(InvalidInput, match=f"needs {network.smallest} px a side at least"):
            cut(network.smallest - 1, 500, None, network.layers, network)


@pytest.mark.parametrize("name", sorted(NETWORKS))
@pytest.mark.parametrize(("height", "width"), [(200, 131), (77, 500)])
def test_every_feature_belongs_to_exactly_one_tile(name: str, height: int, width: int) -> None:
    network = NETWORKS[name]
    geometry = network.geometry
    for layer in network.layers:
        owners = torch.zeros(geometry.cells(layer, height, 0), geometry.cells(layer, width, 1))
        for tile in cut(height, width, 64, network.layers, network):
            tile.of_whole(owners, layer).add_(1)
        assert owners.eq(1).all(), layer
