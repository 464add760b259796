"""dunst, a real notification daemon: what it shows, and what a person chooses in its menu."""

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
    """One that runs on a private screen and bus; its menu chooses the line with the text in `choice`."""

    def __init__(self, environment: dict[str, str], choice_file: Path) -> None:
        self._environment = environment
        self._choice_file = choice_file

    def dunstctl(self, *arguments: str) -> str:
        command = [require_command("dunstctl"), *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False, timeout=10)
        return done.stdout.strip()

    @property
    def displayed_count(self) -> int:
        return int(self.dunstctl("count", "displayed") or 0)

    def choose_action(self, label: str) -> None:
        """What a person does who opens the menu of the notification and takes this line."""
        self._choice_file.write_text(label)
        self.dunstctl("context")

    def history(self) -> list[dict[str, Any]]:
        """What it has shown and put away, newest first."""
        found = json.loads(self.dunstctl("history"))["data"][0]
        return [{name: field["data"] for name, field in one.items()} for one in found]


@contextmanager
def private_dunst(folder: Path, environment: dict[str, str]) -> Iterator[Dunst]:
    """Its files are in `folder`."""
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
