"""`python -m engine train`: LeNet-5 learns the handwritten digits that scikit-learn comes with.

1797 digits of 8 x 8 px (E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI
Machine Learning Repository, 1998, CC BY 4.0), enlarged to the network's 32 x 32. A fifth of them is
never learnt from and tells how well it went.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor
from torch.nn import functional

from engine.errors import EngineError, InvalidInput
from engine.files import written_whole
from engine.networks.graph import IMAGE
from engine.networks.operations import compute
from engine.networks.registry import Architecture, architecture

EDGE = 32  # px
DIGIT = 24  # px of them for the digit, as LeCun et al. leave a border for what the kernels see
INK = 16.0  # the darkest value of the data
HELD_BACK = 0.2
BATCH = 64
RATE = 2e-3
MOST_EPOCHS = 1000
EXIT_WRONG_INPUT = 2


def main(argv: Sequence[str]) -> int:
    """Train, save, and say how well; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        path = _destination(arguments)
        digits, labels = _digits()
        tensors, share = trained(digits, labels, epochs=arguments.epochs, seed=arguments.seed)
        with written_whole(path) as temporary:
            safetensors.torch.save_file(tensors, temporary, {"network": "lenet5"})
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_WRONG_INPUT
    except OSError as error:
        sys.stderr.write(f"{error.filename} cannot be written: {error.strerror}.\n")
        return 1
    sys.stdout.write(f"{path}: LeNet-5 reads {share:.1%} of the digits that it never saw.\n")
    return 0


def trained(
    digits: Tensor, labels: Tensor, *, epochs: int, seed: int
) -> tuple[dict[str, Tensor], float]:
    """The tensors of LeNet-5 after so many epochs, and the share of unseen digits that it reads.

    Digits are (N, 1, 32, 32), 0..1, labels (N,).
    """
    network, generator = architecture("lenet5"), torch.Generator().manual_seed(seed)
    order = torch.randperm(len(digits), generator=generator)
    held = round(HELD_BACK * len(digits))
    tensors = _beginning(network, generator)
    optimizer = torch.optim.Adam(tensors.values(), RATE)
    for _ in range(epochs):
        shuffled = order[held:][torch.randperm(len(order) - held, generator=generator)]
        for batch in shuffled.split(BATCH):  # type: ignore[no-untyped-call]
            optimizer.zero_grad()
            scores = _scores(network, tensors, digits[batch])
            functional.cross_entropy(scores, labels[batch]).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    with torch.no_grad():
        read = _scores(network, tensors, digits[order[:held]]).argmax(1)
    share = float((read == labels[order[:held]]).double().mean())
    return {key: tensor.detach() for key, tensor in tensors.items()}, share


def _beginning(network: Architecture, generator: torch.Generator) -> dict[str, Tensor]:
    tensors = {key: torch.zeros(shape) for key, shape in network.graph.keys().items()}
    for tensor in tensors.values():
        if tensor.ndim > 1:
            torch.nn.init.xavier_uniform_(tensor, generator=generator)  # for tanh
        tensor.requires_grad_()
    return tensors


def _scores(network: Architecture, tensors: dict[str, Tensor], digits: Tensor) -> Tensor:
    """(N, 1, 32, 32) → (N, 10)."""
    values = {IMAGE: digits}
    for name, node in network.graph.nodes.items():
        if name != IMAGE:
            parts = (tensors.get(f"{node.key}.{role}") for role in ("weight", "bias"))
            values[name] = compute(node, [values[x] for x in node.inputs], *parts)
    return values[name].flatten(1)


def _digits() -> tuple[Tensor, Tensor]:
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise InvalidInput(
            "The digits come with scikit-learn; it is installed with: pip install 'easel[train]'"
        ) from None
    found = load_digits()
    pictures = torch.from_numpy(found.images).float()[:, None] / INK
    pictures = functional.interpolate(pictures, (DIGIT, DIGIT), mode="bilinear")
    border = (EDGE - DIGIT) // 2
    return functional.pad(pictures, [border] * 4), torch.from_numpy(found.target).long()


def _destination(arguments: argparse.Namespace) -> Path:
    path: Path = arguments.output
    if path.suffix != ".safetensors":
        raise InvalidInput(f"{path.name} has to end in .safetensors.")
    if path.exists() and not arguments.overwrite:
        raise InvalidInput(f"{path} exists already; --overwrite replaces it.")
    if not 1 <= arguments.epochs <= MOST_EPOCHS:
        raise InvalidInput(f"The epochs are from 1 to {MOST_EPOCHS}, not {arguments.epochs}.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(f"There is no folder {path.parent}: {error.strerror}.") from error
    return path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine train", description=__doc__)
    add = parser.add_argument
    add("--output", type=Path, default=Path("models/lenet5.safetensors"), metavar="FILE",
        help="models/lenet5.safetensors, where --network lenet5 finds it")  # fmt: skip
    add("--overwrite", action="store_true", help="replace an existing file")
    add("--epochs", type=int, default=20, help="times that every digit is seen (20)")
    add("--seed", type=int, default=0, help="of the first weights and of the order (0)")
    return parser
