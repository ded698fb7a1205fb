"""Secrets from files: a container's secret is a file, and a variable is seen by every process.

For each secret NAME, NAME_FILE may hold the path of a file with its value.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

FILE_SUFFIX = "_FILE"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for a value that could not be read, until it is refused with the other wrong ones."""

    reason: str


def is_secret(field: FieldInfo) -> bool:
    """Whether a value must not be shown: a SecretStr, or a field that is left out of the repr."""
    return not field.repr or "SecretStr" in str(field.annotation or SecretStr)


def has_file(settings: type[BaseModel], name: str) -> bool:
    """Whether NAME_FILE is read here: for a secret whose file is no field of its own."""
    declared = f"{name}{FILE_SUFFIX.lower()}" in settings.model_fields
    return is_secret(settings.model_fields[name]) and not declared


def refuse_unreadable(value: Any) -> Any:
    """The value; raises ValueError where a file's could not be read."""
    if isinstance(value, Unreadable):
        raise ValueError(value.reason)
    return value


class SecretFiles(PydanticBaseSettingsSource):
    """The secrets whose files the environment names."""

    def get_field_value(self, _field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """What the file of a secret holds, None without one."""
        variable = field_name.upper()
        readable = has_file(self.settings_cls, field_name)
        path = os.environ.get(variable + FILE_SUFFIX) if readable else None
        if not path:
            return None, field_name, False
        if os.environ.get(variable):
            both = Unreadable(f"and {variable}{FILE_SUFFIX} are both set; keep one")
            return both, field_name, False
        try:
            return Path(path).read_text().strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            return Unreadable(f"cannot be read from {path}: {reason}"), field_name, False

    def __call__(self) -> dict[str, Any]:
        """All of them by the names of their fields."""
        fields = self.settings_cls.model_fields.items()
        values = {name: self.get_field_value(field, name)[0] for name, field in fields}
        return {name: value for name, value in values.items() if value is not None}
