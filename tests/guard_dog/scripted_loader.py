"""A loader, and a view of its `.dog` file, that tests of guard_dog control."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guarddog_gui.guard_dog import Handler, Loader
from guarddog_gui.guard_dog.loader import LoadedValue, LoadFailure, call_loader

KEY = "ACCESS_TOKEN"
LONG_S = 10.0  # timeout of the tests for what should happen at once
LOADER_TIMEOUT_S = 5.0


class ScriptedLoader:
    """A loader that passes `token1`, `token2`, … and can fail or wait."""

    def __init__(self, life: float = 7200, ahead: float = 300) -> None:
        self.life = life
        self.ahead = ahead
        self.calls = 0
        self.fails = False
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, handler: Handler) -> None:
        self.calls += 1
        number = self.calls
        assert self.may_go_on.wait(LONG_S)
        if not self.fails:
            handler(f"token{number}", self.life, self.ahead)


class ExternalDogFile:
    """The `.dog` file as other programs read and write it."""

    def __init__(self, path: Path) -> None:
        self.file = path / f"{KEY}.dog"

    @property
    def fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = json.loads(self.file.read_text())
        return fields

    def put(self, data: Any, born: float, life: float = 7200, ahead: float = 300) -> None:
        """Write the file in place, as npm guard_dog does."""
        text = json.dumps({"data": data, "expires_in": life, "gen_time": int(born * 1000), "dir": "", "ahead": ahead})
        self.file.write_text(text)


def becomes_true(condition: Callable[[], object]) -> bool:
    """Return True as soon as the condition holds, False if it does not within `LONG_S` seconds."""
    ends_at = time.monotonic() + LONG_S
    while not condition():
        if time.monotonic() > ends_at:
            return False
        time.sleep(0.005)
    return True


def load_value(loader: Loader, timeout_s: float = LOADER_TIMEOUT_S) -> LoadedValue | LoadFailure:
    """Call a loader as `GuardDog` does and return its first result."""
    return call_loader(loader, timeout_s, lambda: None, lambda _value: None)
