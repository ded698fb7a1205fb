"""The real network, loaded once for all tests of the engine."""

import pytest
import torch

from engine.networks import Vgg19, load_network


@pytest.fixture(scope="session")
def network() -> Vgg19:
    """VGG-19 as jobs use it."""
    return load_network()


@pytest.fixture(scope="session")
def exact_network() -> Vgg19:
    """The same in float64, where rounding hides nothing."""
    return load_network(dtype=torch.float64)
