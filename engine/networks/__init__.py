"""The networks whose features make content and style measurable."""

from engine.networks.loading import load_network
from engine.networks.vgg import Vgg19

__all__ = ["Vgg19", "load_network"]
