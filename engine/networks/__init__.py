"""The networks whose features make content and style measurable.

What needs torch is loaded when it is first asked for: the names and measures of networks are known
without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.networks.loading import load_network
    from engine.networks.sight import Network
    from engine.networks.vgg import Vgg19

__all__ = ["Network", "Vgg19", "load_network"]


def __getattr__(name: str) -> Any:
    if name == "Vgg19":
        from engine.networks.vgg import Vgg19

        return Vgg19
    if name == "Network":
        from engine.networks.sight import Network

        return Network
    if name == "load_network":
        from engine.networks.loading import load_network

        return load_network
    raise AttributeError(name)
