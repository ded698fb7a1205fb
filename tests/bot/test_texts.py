"""The words: complete in every language, same placeholders, and never markup by accident."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import bot
from bot.commands import COMMANDS
from bot.texts import DEFAULT_LANGUAGE, languages, texts_for
from bot.words import BY_NAME

ENGLISH = texts_for(DEFAULT_LANGUAGE).module.TEXTS
OTHERS = [language for language in languages() if language != DEFAULT_LANGUAGE]


def forms(text: str | dict[str, str]) -> list[str]:
    return list(text.values()) if isinstance(text, dict) else [text]


def placeholders(text: str | dict[str, str]) -> set[str]:
    found = [name for form in forms(text) for _, name, _, _ in string.Formatter().parse(form)]
    return {name for name in found if name}


def has_words(text: str | dict[str, str]) -> bool:
    return any(re.search(r"[a-z]", re.sub(r"<[^>]*>|{[^}]*}", "", form)) for form in forms(text))


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_text_with_its_placeholders(language: str) -> None:
    texts = texts_for(language).module.TEXTS
    assert texts.keys() == ENGLISH.keys()
    wrong = [key for key in ENGLISH if placeholders(texts[key]) != placeholders(ENGLISH[key])]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    texts = texts_for(language).module.TEXTS
    same = [key for key in ENGLISH if texts[key] == ENGLISH[key] and has_words(ENGLISH[key])]
    assert same == []


@pytest.mark.parametrize("language", languages())
def test_every_count_has_its_plural_form(language: str) -> None:
    module = texts_for(language).module
    counted = {number: module.plural(number) for number in range(200)}
    forms = {key: text.keys() for key, text in module.TEXTS.items() if isinstance(text, dict)}
    assert [key for key, found in forms.items() if not set(counted.values()) <= found] == []


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 картина"), (2, "2 картины"), (5, "5 картин"), (21, "21 картина")]
)
def test_russian_counts_rightly(number: int, words: str) -> None:
    assert f"перед вами {words}." in texts_for("ru")("queued", n=number, title="x")


@pytest.mark.parametrize("language", languages())
def test_every_setting_and_command_has_its_words(language: str) -> None:
    texts = texts_for(language)
    for name, setting in BY_NAME.items():
        assert texts.has(f"setting.{name}")
        assert texts.has(f"setting.{name}.help")
        assert not setting.unit or setting.unit in ("px", "%")
    assert all(texts.has(f"command.{command.name}") for command in COMMANDS)


def test_the_code_uses_no_text_that_is_missing() -> None:
    used = set()
    for path in Path(bot.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                function = ast.unparse(node.func)
                if function.endswith(("texts", "texts.plain", "self")) and node.args[0].value:
                    used.add(node.args[0].value)
    assert used - ENGLISH.keys() == set()
    assert len(used) > 50


def test_what_a_person_wrote_is_never_markup() -> None:
    assert "&lt;b&gt;" in texts_for("en")("settings.unknown", name="<b>")


@pytest.mark.parametrize(
    ("code", "name"), [("ru", "ru"), ("ru-RU", "ru"), ("xx", "en"), (None, "en")]
)
def test_the_language_follows_the_code(code: str | None, name: str) -> None:
    assert texts_for(code).module.__name__ == f"bot.texts.{name}"


def test_the_languages_to_choose_are_those_there_are() -> None:
    assert BY_NAME["language"].choices == ("auto", *languages())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (59, "59 s"),
        (65, "1 min 5 s"),
        (61, "1 min"),
        (600, "10 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations_read_as_a_person_says_them(seconds: float, words: str) -> None:
    assert texts_for("en").duration(seconds) == words
