"""dunst, a real notification daemon: what it shows, and what a person chooses in its menu."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.desktop.processes import need, start, stop, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Dunst:
    """One that runs on a private screen and bus; its menu chooses the line with the text in `choice`."""

    def __init__(self, environment: dict[str, str], choice: Path) -> None:
        self._environment = environment
        self._choice = choice

    def ctl(self, *arguments: str) -> str:
        command = [need("dunstctl"), *arguments]
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False, timeout=10
        )
        return done.stdout.strip()

    @property
    def displayed(self) -> int:
        return int(self.ctl("count", "displayed") or 0)

    def choose(self, button: str) -> None:
        """What a person does who opens the menu of the notification and takes this line."""
        self._choice.write_text(button)
        self.ctl("context")

    def history(self) -> list[dict[str, Any]]:
        """What it has shown and put away, newest first."""
        found = json.loads(self.ctl("history"))["data"][0]
        return [{name: field["data"] for name, field in one.items()} for one in found]


@contextmanager
def running_dunst(folder: Path, environment: dict[str, str]) -> Iterator[Dunst]:
    """Its files are in `folder`."""
    choice, menu, settings = folder / "choice", folder / "menu.sh", folder / "dunstrc"
    menu.write_text(f'#!/bin/sh\ngrep -F "$(cat {choice})" | head -n 1\n')
    menu.chmod(0o700)
    settings.write_text(f"[global]\nmarkup = full\nhistory_length = 20\ndmenu = {menu}\n")
    daemon = start([need("dunst"), "-config", str(settings)], environment)
    dunst = Dunst(environment, choice)
    try:
        wait_until(lambda: dunst.ctl("is-paused") == "false", "dunst")
        yield dunst
    finally:
        stop(daemon)
