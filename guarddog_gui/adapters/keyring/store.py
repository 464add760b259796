"""AppSecrets in the keyring of the operating system, with a deadline and a typed answer for every call."""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, TypeVar

from guarddog_gui.adapters.keyring.backends import KeyringBackends
from guarddog_gui.adapters.keyring.deadline_calls import KeyringCalls
from guarddog_gui.adapters.keyring.errors import keyring_trouble
from guarddog_gui.adapters.keyring.prompt import awaits_a_person
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import (
    Found,
    Kept,
    Locked,
    Looked,
    Lost,
    Missing,
    Stored,
    Unavailable,
)

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

USER_NAME = "appsecret"
AGAIN_S = 0.1
LENGTH_MAX = 1280  # characters: Windows takes 2560 bytes of UTF-16


class KeyringSecrets:
    """A SecretStore for any number of threads; each call returns within `deadline_s` seconds.

    A secret that was found is remembered until `forget`, so that a person is asked once a session.
    """

    def __init__(
        self,
        *,
        deadline_s: float = 5.0,
        abandon_s: float = 120.0,
        prefix: str = "guarddog:",
        backends: "Callable[[], Sequence[KeyringBackend]] | None" = None,
    ) -> None:
        self._prefix = prefix
        self._backends = backends or KeyringBackends().in_order
        self._probe_s = min(0.5, deadline_s / 2)
        self._calls = KeyringCalls(wait_s=deadline_s - self._probe_s, abandon_s=abandon_s)
        self._lock = threading.Lock()
        self._known: dict[str, Secret] = {}
        self._age: dict[str, int] = {}  # goes up whenever what is on its way in may be out of date

    def look_up(self, appid: str) -> Looked:
        """Missing only if every keyring that could have it was asked and does not."""
        with self._lock:
            known = self._known.get(appid)
            age = self._age.get(appid, 0)
        if known is not None:
            return Found(known)

        def work() -> Looked:
            looked = self._look_up(appid)
            if isinstance(looked, Found):
                self._remember(appid, looked.secret, age)
            return looked

        return self._run(appid, ("look up", age), work, writes=False)

    def keep(self, appid: str, secret: Secret) -> Kept:
        """Lost if the keyring took it without a word and does not have it."""
        if len(secret.reveal()) > LENGTH_MAX:
            return Unavailable("too long")
        age = self._outdate(appid)

        def work() -> Kept:
            kept = self._keep(appid, secret)
            if isinstance(kept, Stored):
                self._remember(appid, secret, age)
            return kept

        return self._run(appid, ("keep", secret), work, writes=True)

    def remove(self, appid: str) -> Kept:
        """Stored means done: no keyring has it any more, or ever had. Lost means one still has it."""
        self._outdate(appid)
        return self._run(appid, "remove", lambda: self._remove(appid), writes=True)

    def forget(self, appid: str) -> None:
        self._outdate(appid)

    def _run(
        self, appid: str, wish: Hashable, work: Callable[[], T], *, writes: bool
    ) -> T | Locked | Unavailable:
        def safe_work() -> T | Locked | Unavailable:
            try:
                return work()
            except BaseException as error:  # noqa: BLE001  # the border, and the end of its thread
                return keyring_trouble(error)

        answer = self._calls.run(appid, wish, safe_work, writes=writes)
        if answer is not None:
            return answer
        return Locked("prompt unanswered") if awaits_a_person(self._probe_s) else Unavailable("no answer")

    def _look_up(self, appid: str) -> Looked:
        answer: Looked = Missing()
        for backend in self._some_backends():
            try:
                text = backend.get_password(self._prefix + appid, USER_NAME)
            except Exception as error:  # noqa: BLE001  # keyrings raise whatever their libraries raise
                if not isinstance(answer, Locked):
                    answer = keyring_trouble(error)
            else:
                if text:
                    return Found(Secret(text))
        return answer

    def _keep(self, appid: str, secret: Secret) -> Kept:
        backend = self._some_backends()[0]
        backend.set_password(self._prefix + appid, USER_NAME, secret.reveal())
        there = backend.get_password(self._prefix + appid, USER_NAME)
        return Stored() if there == secret.reveal() else Lost()

    def _remove(self, appid: str) -> Kept:
        service = self._prefix + appid
        answer: Kept = Stored()
        for backend in self._some_backends():
            try:
                if backend.get_password(service, USER_NAME) is None:
                    continue
                backend.delete_password(service, USER_NAME)
                if backend.get_password(service, USER_NAME) is not None:
                    answer = Lost()
            except Exception as error:  # noqa: BLE001  # as above; the others are to be cleared all the same
                answer = keyring_trouble(error)
        return answer

    def _some_backends(self) -> "Sequence[KeyringBackend]":
        # each look opens and closes connections to the bus, which may lag behind and refuse the next one
        backends = self._backends()
        if not backends:
            time.sleep(AGAIN_S)
            backends = self._backends()
        if not backends:
            from keyring.errors import NoKeyringError

            raise NoKeyringError
        return backends

    def _remember(self, appid: str, secret: Secret, age: int) -> None:
        with self._lock:
            if self._age.get(appid, 0) == age:
                self._known[appid] = secret

    def _outdate(self, appid: str) -> int:
        with self._lock:
            self._known.pop(appid, None)
            self._age[appid] = self._age.get(appid, 0) + 1
            return self._age[appid]
