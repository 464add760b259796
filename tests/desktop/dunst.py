"""dunst, a real notification daemon: its notifications, and the user's choice in its menu."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.desktop.processes import require_command, start_process, stop_process, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Dunst:
    """A running dunst. Its menu program chooses the line that contains the text in `choice_file`."""

    def __init__(self, environment: dict[str, str], choice_file: Path) -> None:
        self._environment = environment
        self._choice_file = choice_file

    def dunstctl(self, *arguments: str) -> str:
        command = [require_command("dunstctl"), *arguments]
        result = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False, timeout=10)
        return result.stdout.strip()

    @property
    def displayed_count(self) -> int:
        return int(self.dunstctl("count", "displayed") or 0)

    def choose_action(self, label: str) -> None:
        """Open the menu of the notification and choose the line with this label, like the user."""
        self._choice_file.write_text(label)
        self.dunstctl("context")

    def history(self) -> list[dict[str, Any]]:
        """Return the notifications that were shown and closed, newest first."""
        notifications = json.loads(self.dunstctl("history"))["data"][0]
        return [{name: field["data"] for name, field in fields.items()} for fields in notifications]


@contextmanager
def private_dunst(folder: Path, environment: dict[str, str]) -> Iterator[Dunst]:
    """Run dunst with its files in `folder`."""
    choice, menu, settings = folder / "choice", folder / "menu.sh", folder / "dunstrc"
    menu.write_text(f'#!/bin/sh\ngrep -F "$(cat {choice})" | head -n 1\n')
    menu.chmod(0o700)
    settings.write_text(f"[global]\nmarkup = full\nhistory_length = 20\ndmenu = {menu}\n")
    daemon = start_process([require_command("dunst"), "-config", str(settings)], environment)
    dunst = Dunst(environment, choice)
    try:
        wait_until(lambda: dunst.dunstctl("is-paused") == "false", "dunst")
        yield dunst
    finally:
        stop_process(daemon)
