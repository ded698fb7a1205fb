"""The operator's settings: every wrong one is named at once, in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import read_config
from bot.errors import ConfigError

TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN_FILE", "ADMIN_USER_IDS"):
        monkeypatch.delenv(name, raising=False)


def test_nothing_set_means_the_playground_for_anyone() -> None:
    config = read_config()
    assert config.token is None
    assert config.allowed_telegram_user_ids is None


def test_the_token_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(path))
    assert read_config().token == TOKEN


def test_the_engines_token_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "token"
    path.write_text("a secret\n")
    monkeypatch.setenv("ENGINE_TOKEN_FILE", str(path))
    assert read_config().engine_secret == "a secret"
    monkeypatch.setenv("ENGINE_TOKEN", "another")
    with pytest.raises(ConfigError, match="ENGINE_TOKEN and ENGINE_TOKEN_FILE are both set"):
        read_config()


def test_ids_are_numbers_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_USER_IDS", "1, 2 3")
    assert read_config().admin_user_ids == {1, 2, 3}


def test_a_star_allows_anyone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_TELEGRAM_USER_IDS", "*")
    assert read_config().allowed_telegram_user_ids is None


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("TELEGRAM_BOT_TOKEN", "hello", "BotFather"),
        ("TELEGRAM_BOT_TOKEN_FILE", "/nowhere/token", "No such file"),
        ("ADMIN_USER_IDS", "@ada", "ADMIN_USER_IDS: takes numeric ids"),
        ("PLAYGROUND_PORT", "99999", "PLAYGROUND_PORT"),
        ("MAX_JOBS_PER_USER", "0", "MAX_JOBS_PER_USER"),
        ("MAX_JOBS", "many", "MAX_JOBS"),
        ("DAILY_MINUTES", "-1", "DAILY_MINUTES: .*greater than or equal to 0"),
        ("DAILY_MINUTES", "1441", "DAILY_MINUTES: .*less than or equal to 1440"),
        ("RETENTION_DAYS", "a week", "RETENTION_DAYS: .*valid integer"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL"),
        ("ENGINE_URL", "engine:8780", "ENGINE_URL"),
        ("ENGINE_URL", "http://engine/?a=b", "ENGINE_URL"),
        ("ENGINE_TOKEN_FILE", "/nowhere/token", "ENGINE_TOKEN_FILE: No such file"),
    ],
)
def test_a_wrong_value_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, part: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=part):
        read_config()


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_USER_IDS", "@ada")
    monkeypatch.setenv("PLAYGROUND_PORT", "x")
    with pytest.raises(ConfigError, match=r"ADMIN_USER_IDS.*PLAYGROUND_PORT"):
        read_config()


def test_a_wrong_token_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "secret-but-wrong")
    with pytest.raises(ConfigError) as caught:
        read_config()
    assert "secret-but-wrong" not in str(caught.value)
