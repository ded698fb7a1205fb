"""What the operator decides, read from the environment once, checked all at once."""

from __future__ import annotations

import hmac
import re
import socket
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.addresses import SECRET, check_webhook_url, host_and_port
from bot.errors import ConfigError

TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{30,}")
ANYONE = "*"


class Config(BaseSettings):
    """The operator's settings; every field is an environment variable of the same name."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    telegram_bot_token: SecretStr | None = Field(None, description="The token BotFather gave you.")
    telegram_bot_token_file: Path | None = Field(
        None, description="A file that holds the token, instead of the token itself."
    )
    telegram_api_url: str | None = Field(
        None, description="Address of a local Bot API server, e.g. http://127.0.0.1:8081."
    )
    admin_user_ids: Annotated[frozenset[int], NoDecode] = Field(
        frozenset(),
        description="Numeric ids of the people who may use /admin and cancel anyone's job.",
    )
    allowed_telegram_user_ids: Annotated[frozenset[int] | None, NoDecode] = Field(
        None, description="Numeric ids of those the bot serves, or * for anyone."
    )
    data_dir: Path = Field(Path("data"), description="Folder of the database and the pictures.")
    database_url: str | None = Field(
        None, description="Database; by default an SQLite file in the data folder."
    )
    webhook_url: str | None = Field(
        None, description="Address at which Telegram brings updates; without it the bot polls."
    )
    webhook_listen: str = Field(
        "127.0.0.1:8080", description="Host and port that the proxy passes updates to."
    )
    webhook_secret: SecretStr | None = Field(
        None, description="What Telegram shows to prove itself; by default made from the token."
    )
    webhook_secret_file: Path | None = Field(
        None, description="A file that holds the secret, instead of the secret itself."
    )
    devices: str | None = Field(
        None, description="Devices to paint on, e.g. cpu or cuda:0,cuda:1; by default all GPUs."
    )
    network_file: Path | None = Field(
        None, description="Weights of VGG-19 (.mat, .pth, .safetensors) instead of those built in."
    )
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
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Log level.")

    @field_validator("admin_user_ids", "allowed_telegram_user_ids", mode="before")
    @classmethod
    def _read_ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.strip() == ANYONE:
            return None
        words = [word for word in re.split(r"[,\s]+", value) if word]
        if not all(re.fullmatch(r"-?[0-9]+", word) for word in words):
            raise ValueError("takes numeric ids, separated by commas")
        return frozenset(int(word) for word in words)

    @model_validator(mode="after")
    def _check_token(self) -> Self:
        if self.telegram_bot_token and self.telegram_bot_token_file:
            raise ValueError(
                "TELEGRAM_BOT_TOKEN and TELEGRAM_BOT_TOKEN_FILE are both set; keep one"
            )
        token = self.token
        if token is not None and not TOKEN.fullmatch(token):
            raise ValueError(
                "the token should look like 123456789:AA… as BotFather wrote it; check for "
                "missing or extra characters"
            )
        return self

    @property
    def token(self) -> str | None:
        """The bot's token, or None for the playground."""
        if self.telegram_bot_token_file is not None:
            try:
                return self.telegram_bot_token_file.read_text().strip()
            except OSError as error:
                raise ValueError(f"TELEGRAM_BOT_TOKEN_FILE: {error.strerror}") from error
        secret = self.telegram_bot_token
        return secret.get_secret_value().strip() if secret else None

    @field_validator("webhook_listen")
    @classmethod
    def _check_listen(cls, value: str) -> str:
        host_and_port(value)
        return value

    @model_validator(mode="after")
    def _check_webhook(self) -> Self:
        if self.webhook_url is None:
            return self
        if self.telegram_bot_token is None and self.telegram_bot_token_file is None:
            raise ValueError("WEBHOOK_URL needs TELEGRAM_BOT_TOKEN: the playground is polled")
        try:
            check_webhook_url(self.webhook_url, local_server=self.telegram_api_url is not None)
        except ValueError as error:
            raise ValueError(f"WEBHOOK_URL {error}") from error
        if self.webhook_secret and self.webhook_secret_file:
            raise ValueError("WEBHOOK_SECRET and WEBHOOK_SECRET_FILE are both set; keep one")
        if not SECRET.fullmatch(self.webhook_token):
            raise ValueError("WEBHOOK_SECRET takes 1 to 256 of the characters A-Z a-z 0-9 _ -")
        return self

    @property
    def webhook_token(self) -> str:
        """The secret that Telegram shows; all processes with one token make the same."""
        given = self.webhook_secret.get_secret_value() if self.webhook_secret else None
        if self.webhook_secret_file is not None:
            try:
                given = self.webhook_secret_file.read_text().strip()
            except OSError as error:
                raise ValueError(f"WEBHOOK_SECRET_FILE: {error.strerror}") from error
        if given is not None:
            return given
        return hmac.digest((self.token or "").encode(), b"webhook", "sha256").hex()

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
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'easel.db'}"

    @property
    def device_names(self) -> tuple[str, ...] | None:
        """The devices asked for, or None to look for them."""
        return tuple(re.split(r"[,\s]+", self.devices.strip())) if self.devices else None


def read_config(**overrides: Any) -> Config:
    """Read the environment; raises ConfigError that names every wrong variable."""
    try:
        return Config(**overrides)
    except ValidationError as error:
        raise ConfigError("; ".join(_sentence(problem) for problem in error.errors())) from error


def _sentence(problem: Any) -> str:
    name = "_".join(str(part) for part in problem["loc"]).upper()
    message = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
