"""Keyrings that do as a test tells them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class FakeKeyring(KeyringBackend):
    """In memory. `moods` happen in the next calls, one each; a mood may raise or wait."""

    priority = 0  # never chosen by anybody but us

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring is half typed
        self.entries: dict[tuple[str, str], str] = {}
        self.moods: list[Callable[[], None]] = []
        self.calls = 0
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()

    def get_password(self, service: str, username: str) -> str | None:
        text = self.entries.get((service, username))
        self._call()  # after reading: what comes late may be out of date
        return text

    def set_password(self, service: str, username: str, password: str) -> None:
        self._call()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._call()
        if (service, username) not in self.entries:
            raise PasswordDeleteError("not there")
        del self.entries[service, username]

    def _call(self) -> None:
        with self._lock:
            self.calls += 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            mood = self.moods.pop(0) if self.moods else None
        try:
            if mood is not None:
                mood()
        finally:
            with self._lock:
                self.at_once -= 1


def raising(error: BaseException) -> Callable[[], None]:
    def mood() -> None:
        raise error

    return mood


class Hang:
    """A mood that lasts until `end`."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self.began = threading.Event()

    def __call__(self) -> None:
        self.began.set()
        assert self._ended.wait(30), "a test forgot to end its hang"

    def end(self) -> None:
        self._ended.set()
