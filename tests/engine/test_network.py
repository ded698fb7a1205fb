"""The network: its geometry, and its backward pass against automatic differentiation."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from engine.errors import Cancelled
from engine.layers import LAYERS
from engine.networks import Vgg19
from engine.networks.vgg import Sight, mask_at
from engine.tiles import VGG19
from engine.weights import bundled

ODD = (37, 53)


def plain_forward(image: Tensor, pooling: str) -> dict[str, Tensor]:
    """VGG-19 as one would write it for autograd, from the weights alone."""
    weights = bundled()
    x = image - torch.tensor(weights.mean, dtype=image.dtype).view(1, 3, 1, 1)
    features = {}
    for layer in LAYERS:
        name = layer.replace("relu", "conv")
        if layer.endswith("_1") and layer != "relu1_1":
            x = (
                F.max_pool2d(x, 2, ceil_mode=True)
                if pooling == "max"
                else F.avg_pool2d(x, 2, ceil_mode=True, count_include_pad=False)
            )
        kernel, bias = weights.kernels[name].to(image), weights.biases[name].to(image)
        x = features[layer] = F.relu(F.conv2d(x, kernel, bias, padding=1))
    return features


def random_image(size: tuple[int, int]) -> Tensor:
    generator = torch.Generator().manual_seed(3)
    return 255 * torch.rand((1, 3, *size), generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("pooling", ["max", "avg"])
def test_features_and_gradient_are_those_of_autograd(exact_network: Vgg19, pooling: str) -> None:
    image = random_image(ODD).requires_grad_()
    expected = plain_forward(image, pooling)
    slopes = {layer: torch.randn_like(value) for layer, value in expected.items()}
    total = sum((expected[layer] * slopes[layer]).sum() for layer in LAYERS)
    (gradient,) = torch.autograd.grad(torch.as_tensor(total), image)

    tape = exact_network.forward(image.detach(), LAYERS[-1], sight=Sight(pooling))
    for layer in LAYERS:
        torch.testing.assert_close(tape.features[layer], expected[layer].detach())
    found = exact_network.backward(tape, lambda layer, _, slope: slope.add_(slopes[layer]))
    torch.testing.assert_close(found, gradient, rtol=1e-9, atol=1e-9 * float(gradient.abs().max()))


def test_the_way_back_forgets_what_it_has_passed(network: Vgg19) -> None:
    tape = network.forward(random_image((16, 16)).float(), "relu3_1")
    network.backward(tape, lambda _, features, slope: slope.add_(features))
    assert not tape.features
    assert not tape.maxima


def test_the_network_ends_at_the_deepest_layer_asked_for(network: Vgg19) -> None:
    tape = network.forward(random_image((16, 16)).float(), "relu4_2")
    assert VGG19.geometry.deepest(tape.features) == "relu4_2"


@pytest.mark.parametrize(("layer", "pixels"), [("relu4_2", 38), ("relu5_1", 70), ("relu5_2", 86)])
def test_a_feature_reaches_as_far_as_a_change_of_the_image_is_felt(
    exact_network: Vgg19, layer: str, pixels: int
) -> None:
    assert VGG19.geometry.reach(layer) == pixels
    cell = VGG19.geometry.stride(layer)
    image = random_image((16, 320))
    changed = image.clone()
    changed[..., 160] += 50
    tapes = [exact_network.forward(x, layer, sight=Sight("avg")) for x in (image, changed)]
    felt = (tapes[0].features[layer] != tapes[1].features[layer]).any(dim=1)[0].any(dim=0)
    columns = felt.nonzero().flatten()
    assert int(columns.min()) * cell >= 160 - pixels - cell
    assert int(columns.max()) * cell <= 160 + pixels
    assert int(columns.max() - columns.min() + 1) * cell >= 2 * pixels - 2 * cell


@pytest.mark.parametrize("way", ["forward", "backward"])
def test_a_stop_is_noticed_between_layers(network: Vgg19, way: str) -> None:
    asked = 0

    def third_time() -> bool:
        nonlocal asked
        asked += 1
        return asked == 3

    image = random_image((16, 16)).float()
    work: dict[str, Callable[[], object]] = {
        "forward": lambda: network.forward(image, "relu5_1", should_stop=third_time),
        "backward": lambda: network.backward(
            network.forward(image, "relu5_1"), lambda *_: None, should_stop=third_time
        ),
    }
    with pytest.raises(Cancelled):
        work[way]()
    assert asked == 3


def test_a_mask_becomes_the_average_under_each_cell() -> None:
    mask = torch.zeros((1, 1, 5, 4))
    mask[..., :2, :2] = 1
    mask[..., 4, :] = 1
    assert mask_at(mask, "relu2_2")[0, 0].tolist() == [[1, 0], [0, 0], [1, 1]]


def test_a_fingerprint_tells_networks_apart(network: Vgg19) -> None:
    weights = bundled()
    weights.biases["conv5_4"][7] += 1
    assert Vgg19(bundled()).fingerprint == network.fingerprint
    assert Vgg19(weights).fingerprint != network.fingerprint
