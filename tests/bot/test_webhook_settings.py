"""What the settings of the webhook may hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from process import TOKEN

from bot.config import read_config
from bot.errors import ConfigError

GOOD = {"telegram_bot_token": TOKEN, "webhook_url": "https://bot.example:8443/easel"}


def test_the_secret_is_made_from_the_token_and_does_not_show_it() -> None:
    one, same = read_config(**GOOD), read_config(**GOOD)
    assert one.webhook_token == same.webhook_token
    assert len(one.webhook_token) == 64
    assert TOKEN.split(":")[1] not in one.webhook_token


def test_the_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret"
    path.write_text("from-a-file\n")
    monkeypatch.setenv("WEBHOOK_SECRET_FILE", str(path))
    assert read_config(**GOOD).webhook_token == "from-a-file"


@pytest.mark.parametrize("listen", ["0.0.0.0:8080", "[::1]:8080", "localhost:1"])
def test_hosts_and_ports_are_read(listen: str) -> None:
    host, port = read_config(webhook_listen=listen).webhook_address
    assert listen.replace("[", "").replace("]", "") == f"{host}:{port}"


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"webhook_url": "bot.example"}, "WEBHOOK_URL should look like https"),
        ({"webhook_url": "ftp://bot.example"}, "WEBHOOK_URL should look like https"),
        ({"webhook_url": "https://me:pw@bot.example"}, "WEBHOOK_URL should look like https"),
        ({"webhook_url": "https://bot.example:99999/"}, "WEBHOOK_URL is no address"),
        ({"webhook_url": "https://bot.example/?a=1"}, "without . and #"),
        ({"webhook_url": "http://bot.example"}, "needs https"),
        ({"webhook_url": "https://bot.example:8080"}, "needs https, on port 443, 80, 88 or 8443"),
        ({"telegram_bot_token": None}, "WEBHOOK_URL needs TELEGRAM_BOT_TOKEN"),
        ({"webhook_listen": "8080"}, "WEBHOOK_LISTEN takes host:port"),
        ({"webhook_listen": "127.0.0.1:0"}, "WEBHOOK_LISTEN takes host:port"),
        ({"webhook_listen": "127.0.0.1:65536"}, "WEBHOOK_LISTEN takes host:port"),
        ({"webhook_listen": "::1:8080"}, "WEBHOOK_LISTEN takes host:port"),
        ({"webhook_secret": "a b"}, "WEBHOOK_SECRET takes 1 to 256"),
        ({"webhook_secret": "a" * 257}, "WEBHOOK_SECRET takes 1 to 256"),
    ],
)
def test_a_wrong_setting_is_one_sentence(wrong: dict[str, Any], part: str) -> None:
    with pytest.raises(ConfigError, match=part) as caught:
        read_config(**{**GOOD, **wrong})
    assert "\n" not in str(caught.value)
