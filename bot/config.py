"""What the operator decides, read from the environment once, checked all at once."""

from __future__ import annotations

import hmac
import re
import socket
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.addresses import SECRET, check_webhook_url, host_and_port
from bot.errors import ConfigError
from bot.secretfiles import SecretFiles, refuse_unreadable
from bot.variables import matching, sentence
from storage.folder import database_url

TOKEN = re.compile(r"\s*[0-9]{3,20}:[A-Za-z0-9_-]{30,}\s*")
ADDRESS = re.compile(r"https?://[^/\s][^\s]*")
ENGINE = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")
DATABASE = re.compile(r"(sqlite|postgresql)(\+[a-z0-9]+)?://.+")
DEVICE = r"(?:cpu|mps|cuda|xpu)(?::[0-9]+)?"
DEVICES = re.compile(rf"{DEVICE}(?:[,\s]+{DEVICE})*")
PORT = r"[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
LISTEN = re.compile(rf"(?:(?P<host>\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):)?(?P<port>{PORT})")
LOOPBACK = "127.0.0.1"
ANYONE = "*"


class Config(BaseSettings):
    """The operator's settings; every field is an environment variable of the same name.

    A secret may stand in a file instead (`bot.secretfiles`).
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    telegram_bot_token: Annotated[
        SecretStr | None,
        matching(
            TOKEN,
            "should look like 123456789:AA… as BotFather wrote it; check for missing or extra "
            "characters",
        ),
    ] = Field(
        None,
        description="The token BotFather gave you.",
        json_schema_extra={"unset": "none: the playground"},
    )
    telegram_api_url: Annotated[
        str | None, matching(ADDRESS, "takes an address that begins with http:// or https://")
    ] = Field(
        None,
        description="Address of a local Bot API server, e.g. http://127.0.0.1:8081.",
        json_schema_extra={"unset": "Telegram's own"},
    )
    admin_user_ids: Annotated[frozenset[int], NoDecode] = Field(
        frozenset(),
        description="Numeric ids of the people who may use /admin and cancel anyone's job.",
        json_schema_extra={"unset": "nobody"},
    )
    allowed_telegram_user_ids: Annotated[frozenset[int] | None, NoDecode] = Field(
        None,
        description="Numeric ids of those the bot serves, or * for anyone.",
        json_schema_extra={"unset": "`*`"},
    )
    data_dir: Path = Field(Path("data"), description="Folder of the database and the pictures.")
    database_url: Annotated[
        str | None,
        matching(DATABASE, "takes sqlite:///a-file or postgresql://user:password@host/name"),
    ] = Field(
        None,
        repr=False,
        description="Database; by default an SQLite file in the data folder.",
        json_schema_extra={"unset": "`sqlite:///DATA_DIR/easel.db`"},
    )
    webhook_url: str | None = Field(
        None,
        description="Address at which Telegram brings updates; without it the bot polls.",
        json_schema_extra={"unset": "none: polling"},
    )
    webhook_listen: str = Field(
        "127.0.0.1:8080", description="Host and port that the proxy passes updates to."
    )
    webhook_secret: Annotated[
        SecretStr | None, matching(SECRET, "takes 1 to 256 of the characters A-Z a-z 0-9 _ -")
    ] = Field(
        None,
        description="What Telegram shows to prove itself; by default made from the token.",
        json_schema_extra={"unset": "made from the token"},
    )
    devices: Annotated[
        str | None, matching(DEVICES, "takes names such as cpu or cuda:0, separated by commas")
    ] = Field(
        None,
        description="Devices to paint on, e.g. cpu or cuda:0,cuda:1; by default all GPUs.",
        json_schema_extra={"unset": "all GPUs, else `cpu`"},
    )
    network_file: Path | None = Field(
        None,
        description="Weights of any network (.mat, .pth, .safetensors) instead of VGG-19's.",
    )
    engine_url: Annotated[
        str | None, matching(ENGINE, "takes an address such as http://127.0.0.1:8780")
    ] = Field(
        None,
        description="Address of an engine service that paints instead of this machine.",
        json_schema_extra={"unset": "none: worker processes here"},
    )
    engine_token: SecretStr | None = Field(None, description="The token of the engine service.")
    max_jobs_per_user: int = Field(5, ge=1, description="Waiting and running jobs of one person.")
    max_jobs: int = Field(200, ge=1, description="Waiting and running jobs of everybody.")
    daily_minutes: int = Field(
        60, ge=0, le=1440, description="Minutes of painting of one person a day; 0 for no limit."
    )
    retention_days: int = Field(
        90, ge=0, le=3650, description="Days that finished pictures are kept; 0 for ever."
    )
    playground_host: str = Field("127.0.0.1", description="Where the playground listens.")
    playground_port: int = Field(8765, ge=0, le=65535, description="Its port; 0 takes any.")
    metrics_listen: Annotated[
        str | None, matching(LISTEN, "takes host:port, such as 127.0.0.1:9100")
    ] = Field(
        None,
        description="Where Prometheus may fetch metrics, host:port or a port of the loopback.",
        json_schema_extra={"unset": "nowhere"},
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least serious message that is logged."
    )
    log_format: Literal["text", "json"] = Field("text", description="Form of a line of the log.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What a caller gives goes before files of secrets, and those before the environment."""
        return init_settings, SecretFiles(settings_cls), env_settings

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_unreadable(cls, value: Any) -> Any:
        return refuse_unreadable(value)

    @field_validator("admin_user_ids", "allowed_telegram_user_ids", mode="before")
    @classmethod
    def _read_ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.strip() == ANYONE:
            return None
        words = _words(value)
        if not all(re.fullmatch(r"-?[0-9]+", word) for word in words):
            raise ValueError("takes numeric ids, separated by commas")
        return frozenset(int(word) for word in words)

    @field_validator("webhook_listen")
    @classmethod
    def _check_listen(cls, value: str) -> str:
        host_and_port(value)
        return value

    @field_validator("webhook_url")
    @classmethod
    def _check_webhook(cls, value: str | None, others: ValidationInfo) -> str | None:
        if value is None:
            return None
        if others.data.get("telegram_bot_token", "wrong") is None:
            raise ValueError("needs TELEGRAM_BOT_TOKEN: the playground is polled")
        check_webhook_url(value, local_server=others.data.get("telegram_api_url") is not None)
        return value

    @property
    def token(self) -> str | None:
        """The bot's token, or None for the playground."""
        return _told(self.telegram_bot_token)

    @property
    def engine_secret(self) -> str | None:
        """The token of the engine service, if it has one."""
        return _told(self.engine_token)

    @property
    def webhook_token(self) -> str:
        """The secret that Telegram shows; all processes with one token make the same."""
        made = hmac.digest((self.token or "").encode(), b"webhook", "sha256").hex()
        return _told(self.webhook_secret) or made

    @property
    def webhook_address(self) -> tuple[str, int]:
        """Where the webhook listens."""
        return host_and_port(self.webhook_listen)

    @property
    def heartbeat_file(self) -> Path:
        """Where this process leaves its signs of life; each of several has its own file."""
        if self.webhook_url is None:
            return self.data_dir / "heartbeat.json"
        name = f"heartbeat-{socket.gethostname()}-{self.webhook_address[1]}.json"
        return self.data_dir / name

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or database_url(self.data_dir)

    @property
    def device_names(self) -> tuple[str, ...] | None:
        """The devices asked for, or None to look for them."""
        return tuple(_words(self.devices)) if self.devices else None

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """Host and port to serve metrics on, or None."""
        found = LISTEN.fullmatch(self.metrics_listen or "")
        return found and ((found["host"] or LOOPBACK).strip("[]"), int(found["port"]))


def read_config(**overrides: Any) -> Config:
    """Read the environment; raises ConfigError with a sentence for every wrong variable."""
    try:
        return Config(**overrides)
    except ValidationError as error:
        wrong = (sentence(Config, problem) for problem in error.errors())
        raise ConfigError("\n".join(wrong)) from error


def _told(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value().strip() if secret else None


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[,\s]+", text) if word]
