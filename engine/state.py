"""What a run can be resumed from: its picture, its optimiser's memory, and what they belong to."""

from __future__ import annotations

import dataclasses
import errno
import json
import logging
import math
import os
import re
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.errors import InvalidInput
from engine.files import written_whole
from engine.networks.registry import DEFAULT
from engine.optimizers import Memory
from engine.options import Options
from engine.runner import Losses
from engine.settings import Settings

logger = logging.getLogger(__name__)

UNKNOWN = Losses(math.inf, math.inf, math.inf)  # of a picture that was never measured
FORMAT = "easel-state-3"
MEMORY = "memory."
# Not part of what is painted: a run may be resumed for more steps, or in other tiles.
FREE_SETTINGS = ("iterations",)
FREE_OPTIONS = ("tile", "precision", "memory")


@dataclass(frozen=True, slots=True)
class State:
    """A run after `step` steps; nothing in it is ever changed in place.

    `image` is the picture now, `losses` are those before the last step; `best` is the picture
    with the lowest loss of its stage so far, for losses of different sizes cannot be compared.
    `stage` counts from 0, `memory` is the optimizer's, `rollbacks` counts the steps that had to
    be taken back. `settings` hold the seed that was really used. `network` is its name,
    `fingerprint` that of the pictures and weights, `plan` what bit-exactness needs besides:
    device, dtype, tiles, threads, torch version.
    """

    step: int
    image: Tensor
    losses: Losses
    best: Tensor
    best_losses: Losses
    memory: Memory
    settings: Settings
    options: Options
    fingerprint: str
    plan: Mapping[str, str]
    stage: int = 0
    rollbacks: int = 0
    network: str = DEFAULT

    def save(self, path: Path) -> None:
        """Write to a temporary name, fsync, rename: a reader finds this state or the one before."""
        parts = {"image": self.image, "best": self.best}
        parts |= {MEMORY + name: tensor for name, tensor in self.memory.items()}
        tensors, facts = _apart(parts), json.dumps(self._facts())
        metadata = {"format": FORMAT, "state": facts, "checksum": _checksum(facts, tensors)}
        with written_whole(path) as temporary:
            try:
                safetensors.torch.save_file(tensors, temporary, metadata)
            except SafetensorError as error:  # what it makes of a full disk
                found = re.search(r"os error (\d+)", str(error))
                number = int(found[1]) if found else errno.EIO
                raise OSError(number, os.strerror(number)) from error

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a state onto the CPU. Raises InvalidInput when it is missing, foreign or damaged."""
        try:
            with safe_open(path, framework="pt") as file:
                metadata = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            if metadata.get("format") != FORMAT:
                raise InvalidInput(
                    f"{path.name} is not a state of this version of Easel: begin without it."
                )
            if metadata["checksum"] != _checksum(metadata["state"], tensors):
                raise ValueError("its checksum is another")
            return cls._from(json.loads(metadata["state"]), tensors)
        except FileNotFoundError:
            raise InvalidInput(f"There is no state {path}.") from None
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise InvalidInput(f"{path.name} is a damaged state, or none: {error}.") from error

    def of_run(self, begin: Self) -> Self:
        """The stored state as one of the run that begins so. Raises InvalidInput if it is not."""
        asked = begin.settings.iterations
        if self.step > asked:
            raise InvalidInput(
                f"The state is after iteration {self.step}, and {asked} iterations end before that."
            )
        if self.network != begin.network:
            raise InvalidInput(
                f"The state is of a run through {self.network}, and this is {begin.network}."
            )
        different = self.differences(begin.settings, begin.options, begin.fingerprint)
        if different:
            raise InvalidInput(f"The state is of a run with other {', '.join(different)}.")
        changed = [
            f"{name} {self.plan.get(name)} became {now}"
            for name, now in begin.plan.items()
            if self.plan.get(name) != now
        ]
        if changed:
            logger.warning("Resumed, but not bit for bit: %s.", ", ".join(changed))
        return dataclasses.replace(
            self,
            image=_placed(self.image, begin.image),
            best=_placed(self.best, begin.image),
            memory={name: _placed(tensor, begin.image) for name, tensor in self.memory.items()},
            settings=begin.settings,
            options=begin.options,
            plan=begin.plan,
        )

    def differences(self, settings: Settings, options: Options, fingerprint: str) -> list[str]:
        """The names of what another run has otherwise, so that it cannot go on from here."""
        mine, other = self.settings.as_dict(), settings.as_dict()
        names = [n for n in mine if mine[n] != other[n] and n not in FREE_SETTINGS]
        mine, other = self.options.as_dict(), options.as_dict()
        names += [n for n in mine if mine[n] != other[n] and n not in FREE_OPTIONS]
        if self.fingerprint != fingerprint:
            names.append("pictures or weights")
        return names

    def _facts(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "losses": asdict(self.losses),
            "best_losses": asdict(self.best_losses),
            "settings": self.settings.as_dict(),
            "options": self.options.as_dict(),
            "fingerprint": self.fingerprint,
            "plan": dict(self.plan),
            "stage": self.stage,
            "network": self.network,
            "rollbacks": self.rollbacks,
        }

    @classmethod
    def _from(cls, facts: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Self:
        memory = {
            name.removeprefix(MEMORY): tensor
            for name, tensor in tensors.items()
            if name.startswith(MEMORY)
        }
        return cls(
            step=facts["step"],
            image=tensors["image"],
            losses=Losses(**facts["losses"]),
            best=tensors["best"],
            best_losses=Losses(**facts["best_losses"]),
            memory=memory,
            settings=Settings.from_dict(facts["settings"]),
            options=Options.from_dict(facts["options"]),
            fingerprint=facts["fingerprint"],
            plan=facts["plan"],
            stage=facts["stage"],
            network=facts.get("network", DEFAULT),
            rollbacks=facts["rollbacks"],
        )


def _placed(tensor: Tensor, like: Tensor) -> Tensor:
    """On the device and laid out as the run has it; a single number stays where it is."""
    if tensor.dim() == 0:
        return tensor
    return tensor.to(like).contiguous(memory_format=torch.channels_last)


def _apart(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """On the CPU and row by row; copied only where the file's format cannot take them as they are.

    At 2048 px the memory of L-BFGS is half a gigabyte, and once is enough.
    """
    apart: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        plain = tensor.cpu().contiguous()
        shared = any(plain.data_ptr() == other.data_ptr() for other in apart.values())
        apart[name] = plain.clone() if shared else plain
    return apart


def _checksum(facts: str, tensors: Mapping[str, Tensor]) -> str:
    """CRC-32 of all that a file holds: the format itself notices a cut only."""
    total = zlib.crc32(facts.encode())
    for name, tensor in sorted(tensors.items()):
        total = zlib.crc32(repr((name, tensor.dtype, tuple(tensor.shape))).encode(), total)
        total = zlib.crc32(tensor.numpy().data, total)
    return f"{total:08x}"
