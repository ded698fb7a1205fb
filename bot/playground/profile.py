"""What the bot says about itself: commands by scope and language, name and descriptions."""

from __future__ import annotations

from typing import Any

Scope = tuple[str, int, int]
DEFAULT: Scope = ("default", 0, 0)


class Profile:
    """Set by the bot, shown to people."""

    def __init__(self, name: str) -> None:
        self._commands: dict[tuple[Scope, str], list[dict[str, str]]] = {}
        self._texts: dict[tuple[str, str], str] = {("name", ""): name}

    def set_commands(self, scope: Scope, language: str, commands: list[dict[str, str]]) -> None:
        """Replace the list of one scope and language."""
        self._commands[scope, language] = commands

    def delete_commands(self, scope: Scope, language: str) -> None:
        """Forget the list of one scope and language, so that the next wider one shows."""
        self._commands.pop((scope, language), None)

    def commands(self, scope: Scope, language: str) -> list[dict[str, str]]:
        """Exactly that list, empty when there is none."""
        return self._commands.get((scope, language), [])

    def commands_shown(self, chat: int, language: str) -> list[dict[str, str]]:
        """What a person finds in their private chat, narrowest scope and own language first."""
        for scope in (("chat", chat, 0), ("all_private_chats", 0, 0), DEFAULT):
            for spoken in dict.fromkeys((language, "")):
                if commands := self.commands(scope, spoken):
                    return commands
        return []

    def set_text(self, what: str, language: str, text: str) -> None:
        """Set the name, description or short_description of one language."""
        self._texts[what, language] = text

    def text(self, what: str, language: str = "") -> str:
        """That text in a language, else the one of all languages."""
        return self._texts.get((what, language)) or self._texts.get((what, ""), "")

    def record(self) -> dict[str, Any]:
        """All of it, for a later run."""
        commands = [[*scope, spoken, found] for (scope, spoken), found in self._commands.items()]
        return {"commands": commands, "texts": [[*key, text] for key, text in self._texts.items()]}

    def restore(self, record: dict[str, Any]) -> None:
        """Take over what `record` gave."""
        for kind, chat, user, spoken, commands in record["commands"]:
            self._commands[(kind, chat, user), spoken] = commands
        self._texts |= {(what, spoken): text for what, spoken, text in record["texts"]}

    def view(self) -> dict[str, Any]:
        """What the page shows whatever the language."""
        return {"name": self.text("name"), "commands": self.commands_shown(0, "")}
