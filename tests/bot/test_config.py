"""The operator's settings: every wrong one is named at once, in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config, read_config
from bot.errors import ConfigError

TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Config.model_fields:
        for variable in (name.upper(), f"{name.upper()}_FILE"):
            monkeypatch.delenv(variable, raising=False)


def test_nothing_set_means_the_playground_for_anyone() -> None:
    config = read_config()
    assert config.token is None
    assert config.allowed_telegram_user_ids is None


def test_the_token_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(path))
    assert read_config().token == TOKEN


def test_the_address_of_a_database_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "database"
    path.write_text("postgresql://easel:hunter2@host/easel\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(path))
    config = read_config()
    assert config.database == "postgresql://easel:hunter2@host/easel"
    assert "hunter2" not in repr(config)


def test_a_secret_and_its_file_are_not_both_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "token"))
    sentence = "TELEGRAM_BOT_TOKEN and TELEGRAM_BOT_TOKEN_FILE are both set; keep one."
    with pytest.raises(ConfigError, match=sentence):
        read_config()


def test_what_is_no_secret_has_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEVICES_FILE", str(tmp_path / "nowhere"))
    assert read_config().devices is None


def test_ids_are_numbers_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_USER_IDS", "1, 2 3")
    assert read_config().admin_user_ids == {1, 2, 3}


def test_a_star_allows_anyone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_TELEGRAM_USER_IDS", "*")
    assert read_config().allowed_telegram_user_ids is None


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("TELEGRAM_BOT_TOKEN", "hello", "TELEGRAM_BOT_TOKEN should look like .* BotFather"),
        (
            "TELEGRAM_BOT_TOKEN_FILE",
            "/nowhere/token",
            "TELEGRAM_BOT_TOKEN cannot be read from /nowhere/token: No such file",
        ),
        ("TELEGRAM_API_URL", "localhost:8081", "TELEGRAM_API_URL .*http://"),
        ("ADMIN_USER_IDS", "@ada", "ADMIN_USER_IDS takes numeric ids"),
        ("DATABASE_URL", "mysql://host/easel", "DATABASE_URL takes sqlite:///"),
        ("DEVICES", "gpu0", "DEVICES takes names such as cpu"),
        (
            "PLAYGROUND_PORT",
            "99999",
            "PLAYGROUND_PORT takes a whole number, 0 to 65535, not '99999'",
        ),
        ("MAX_JOBS_PER_USER", "0", "MAX_JOBS_PER_USER takes a whole number, 1 or more, not '0'"),
        ("MAX_JOBS", "many", "MAX_JOBS takes a whole number, 1 or more, not 'many'"),
        ("DAILY_MINUTES", "-1", "DAILY_MINUTES takes a whole number, 0 to 1440, not '-1'"),
        ("DAILY_MINUTES", "1441", "DAILY_MINUTES takes a whole number, 0 to 1440, not '1441'"),
        ("RETENTION_DAYS", "a week", "RETENTION_DAYS takes a whole number, 0 to 3650"),
        ("METRICS_LISTEN", "everywhere", "METRICS_LISTEN takes host:port"),
        ("METRICS_LISTEN", "127.0.0.1:70000", "METRICS_LISTEN takes host:port"),
        ("ENGINE_URL", "engine:8780", "ENGINE_URL takes an address"),
        ("ENGINE_URL", "http://engine/?a=b", "ENGINE_URL takes an address"),
        ("ENGINE_TOKEN_FILE", "/nowhere/token", "ENGINE_TOKEN cannot be read.*No such file"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL takes DEBUG, INFO, WARNING or ERROR, not 'LOUD'"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT takes text or json, not 'xml'"),
    ],
)
def test_a_wrong_value_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, part: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=part):
        read_config()


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "hello")
    monkeypatch.setenv("DATABASE_URL_FILE", "/nowhere/database")
    monkeypatch.setenv("ADMIN_USER_IDS", "@ada")
    monkeypatch.setenv("PLAYGROUND_PORT", "x")
    with pytest.raises(ConfigError) as caught:
        read_config()
    first_words = [line.split()[0] for line in str(caught.value).splitlines()]
    assert sorted(first_words) == [
        "ADMIN_USER_IDS",
        "DATABASE_URL",
        "PLAYGROUND_PORT",
        "TELEGRAM_BOT_TOKEN",
    ]


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("9100", ("127.0.0.1", 9100)),
        ("0.0.0.0:9100", ("0.0.0.0", 9100)),
        ("[::1]:9100", ("::1", 9100)),
        ("", None),
    ],
)
def test_a_port_alone_is_one_of_the_loopback(
    monkeypatch: pytest.MonkeyPatch, value: str, address: tuple[str, int] | None
) -> None:
    monkeypatch.setenv("METRICS_LISTEN", value)
    assert read_config().metrics_address == address


def test_a_wrong_token_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "secret-but-wrong")
    with pytest.raises(ConfigError) as caught:
        read_config()
    assert "secret-but-wrong" not in str(caught.value)
