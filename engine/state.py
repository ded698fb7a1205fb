"""What a run can be resumed from: its picture, its optimiser's memory, and what they belong to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import safetensors.torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.errors import InvalidInput
from engine.files import write_whole
from engine.optimizers import Moments
from engine.options import Options
from engine.runner import Losses
from engine.settings import Settings

FORMAT = "easel-state-1"
# Not part of what is painted: a run may be resumed for more steps, or in other tiles.
FREE_SETTINGS = ("iterations",)
FREE_OPTIONS = ("tile",)


@dataclass(frozen=True, slots=True)
class State:
    """A run after `step` steps; nothing in it is ever changed in place.

    `image` is the picture now, `losses` are those before the last step; `best` is the picture with
    the lowest loss so far. `settings` hold the seed that was really used. `fingerprint` names the
    pictures and weights, `plan` what bit-exactness needs besides: device, dtype, tiles, threads,
    torch version.
    """

    step: int
    image: Tensor
    losses: Losses
    best: Tensor
    best_losses: Losses
    moments: Moments
    settings: Settings
    options: Options
    fingerprint: str
    plan: Mapping[str, str]

    def save(self, path: Path) -> None:
        """Write to a temporary name, fsync, rename: a reader finds this state or the one before."""
        tensors = {
            "image": self.image,
            "best": self.best,
            "mean": self.moments.mean,
            "square": self.moments.square,
        }
        data = safetensors.torch.save(
            {name: tensor.cpu().contiguous().clone() for name, tensor in tensors.items()},
            metadata={"format": FORMAT, "state": json.dumps(self._facts())},
        )
        write_whole(path, data)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a state onto the CPU. Raises InvalidInput when the file is missing or damaged."""
        try:
            with safe_open(path, framework="pt") as file:
                metadata = file.metadata() or {}
                if metadata.get("format") != FORMAT:
                    raise InvalidInput(f"{path.name} is not a state of this version of Easel.")
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            return cls._from(json.loads(metadata["state"]), tensors)
        except FileNotFoundError:
            raise InvalidInput(f"There is no state {path}.") from None
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise InvalidInput(f"The state {path.name} is damaged: {error}.") from error

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
        }

    @classmethod
    def _from(cls, facts: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Self:
        return cls(
            step=facts["step"],
            image=tensors["image"],
            losses=Losses(**facts["losses"]),
            best=tensors["best"],
            best_losses=Losses(**facts["best_losses"]),
            moments=Moments(tensors["mean"], tensors["square"]),
            settings=Settings.from_dict(facts["settings"]),
            options=Options.from_dict(facts["options"]),
            fingerprint=facts["fingerprint"],
            plan=facts["plan"],
        )
