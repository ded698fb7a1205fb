"""What is said about an operator's settings: their table, and the sentence for a wrong value."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeVar, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import AfterValidator, BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.secretfiles import FILE_SUFFIX, has_file, is_secret

HEAD = "| variable | what it is | default |\n|---|---|---|\n"

V = TypeVar("V", str | None, SecretStr | None)


def matching(pattern: re.Pattern[str], words: str) -> AfterValidator:
    """Refuse a text that is not wholly of that form, in these words, which follow its name."""

    def check(value: V) -> V:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if text is not None and not pattern.fullmatch(text):
            raise ValueError(words)
        return value

    return AfterValidator(check)


def table(settings: type[BaseModel]) -> str:
    """Every variable with what it is and its default, in Markdown."""
    rows = (
        _row(name, field) + (_file_row(name) if has_file(settings, name) else "")
        for name, field in settings.model_fields.items()
    )
    return HEAD + "".join(rows)


def sentence(settings: type[BaseModel], problem: Any) -> str:
    """What is wrong with a value, and what would be right; a secret is never repeated.

    `problem` is one of pydantic's error dictionaries.
    """
    name = str(problem["loc"][0]) if problem["loc"] else ""
    field = settings.model_fields.get(name)
    if problem["type"] == "value_error" or field is None:
        return f"{name.upper()} {problem['msg'].removeprefix('Value error, ')}.".lstrip()
    value = "" if is_secret(field) else f", not {problem['input']!r}"
    return f"{name.upper()} takes {allowed(field) or 'another kind of value'}{value}."


def allowed(field: FieldInfo) -> str:
    """The words or the range that a field takes; empty when it takes any text."""
    if get_origin(field.annotation) is Literal:
        *others, last = get_args(field.annotation)
        return f"{', '.join(others)} or {last}"
    if field.annotation is not int:
        return ""
    low = next((one.ge for one in field.metadata if isinstance(one, Ge)), None)
    high = next((one.le for one in field.metadata if isinstance(one, Le)), None)
    return f"a whole number, {low} or more" if high is None else f"a whole number, {low} to {high}"


def _row(name: str, field: FieldInfo) -> str:
    limits = allowed(field).removeprefix("a whole number, ")
    default = _default(field) + (f"; {limits}" if limits else "")
    return f"| `{name.upper()}` | {field.description} | {default} |\n"


def _file_row(name: str) -> str:
    return f"| `{name.upper()}{FILE_SUFFIX}` | A file that holds it, instead. | |\n"


def _default(field: FieldInfo) -> str:
    """The default as a person would write it; `json_schema_extra` has the words for an absence."""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and "unset" in extra:
        return str(extra["unset"])
    return "none" if field.default is None else f"`{field.default}`"
