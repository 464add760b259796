"""Fake keyring whose calls can be made to fail or to hang."""

from __future__ import annotations

import threading
from collections.abc import Callable

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from tests.adapters.secret_store_contract import APPID

ENTRY = (f"guarddog:{APPID}", "appsecret")
DEADLINE_S = 1.0  # in tests with a keyring that hangs


class FakeKeyring(KeyringBackend):
    """Keyring in memory. Each call runs the next of `side_effects`, which may raise or block."""

    priority = 0  # never chosen automatically

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring is half typed
        self.entries: dict[tuple[str, str], str] = {}
        self.side_effects: list[Callable[[], None]] = []
        self.call_count = 0
        self.active_calls = 0
        self.max_active_calls = 0
        self._lock = threading.Lock()

    def get_password(self, service: str, username: str) -> str | None:
        text = self.entries.get((service, username))
        self._record_call()  # after reading, so that a late result may be outdated
        return text

    def set_password(self, service: str, username: str, password: str) -> None:
        self._record_call()
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._record_call()
        if (service, username) not in self.entries:
            raise PasswordDeleteError("not there")
        del self.entries[service, username]

    def _record_call(self) -> None:
        with self._lock:
            self.call_count += 1
            self.active_calls += 1
            self.max_active_calls = max(self.max_active_calls, self.active_calls)
            side_effect = self.side_effects.pop(0) if self.side_effects else None
        try:
            if side_effect is not None:
                side_effect()
        finally:
            with self._lock:
                self.active_calls -= 1


def raise_error(error: BaseException) -> Callable[[], None]:
    def side_effect() -> None:
        raise error

    return side_effect


class BlockingEffect:
    """Side effect that blocks until `release`."""

    def __init__(self) -> None:
        self._released = threading.Event()
        self.started = threading.Event()

    def __call__(self) -> None:
        self.started.set()
        assert self._released.wait(30), "a test forgot to call release"

    def release(self) -> None:
        self._released.set()


def store_with_short_deadline(backend: FakeKeyring, *, abandon_s: float = 60.0) -> KeyringSecretStore:
    return KeyringSecretStore(deadline_s=DEADLINE_S, abandon_s=abandon_s, list_backends=lambda: [backend])
