"""What stops the bot from starting, as a tree; each message is one sentence that says what to do.

StartError             the process ends with exit code 2
├── ConfigError        a setting of the environment is missing or wrong
├── TokenRefused       Telegram does not know the token
└── TokenInUse         another process polls with the token
"""

from __future__ import annotations


class StartError(Exception):
    """Root of the tree."""


class ConfigError(StartError):
    """A variable of the environment is missing or wrong; several are named at once."""


class TokenRefused(StartError):
    """Telegram does not know the token."""


class TokenInUse(StartError):
    """Another process polls with the token, and Telegram lets only one."""
