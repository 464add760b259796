"""AppSecrets in the keyring of the operating system, with a deadline and a typed answer for every call."""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, TypeVar

from guarddog_gui.adapters.keyring.backends import KeyringBackends
from guarddog_gui.adapters.keyring.deadline_calls import KeyringCalls
from guarddog_gui.adapters.keyring.errors import keyring_failure_from_exception
from guarddog_gui.adapters.keyring.prompt import is_prompt_open
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringFailure,
    KeyringIsDown,
    KeyringIsLocked,
    LookupResult,
    NotPersisted,
    SecretFound,
    SecretMissing,
    SecretSaved,
    StoreResult,
)

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

USER_NAME = "appsecret"
BACKEND_RETRY_DELAY_S = 0.1
SECRET_LENGTH_MAX = 1280  # characters: Windows takes 2560 bytes of UTF-16


class KeyringSecretStore:
    """A SecretStore for any number of threads; each call returns within `deadline_s` seconds.

    A secret that was found is remembered until `forget`, so that a person is asked once a session.
    """

    def __init__(
        self,
        *,
        deadline_s: float = 5.0,
        abandon_s: float = 120.0,
        prefix: str = "guarddog:",
        list_backends: "Callable[[], Sequence[KeyringBackend]] | None" = None,
    ) -> None:
        self._prefix = prefix
        self._list_backends = list_backends or KeyringBackends().in_priority_order
        self._prompt_check_s = min(0.5, deadline_s / 2)
        self._calls = KeyringCalls(timeout_s=deadline_s - self._prompt_check_s, abandon_s=abandon_s)
        self._lock = threading.Lock()
        self._cache: dict[str, Secret] = {}
        self._generation: dict[str, int] = {}  # goes up whenever what is on its way in may be out of date

    def get(self, appid: str) -> LookupResult:
        """Missing only if every keyring that could have it was asked and does not."""
        with self._lock:
            known = self._cache.get(appid)
            age = self._generation.get(appid, 0)
        if known is not None:
            return SecretFound(known)

        def work() -> LookupResult:
            looked = self._get_from_backends(appid)
            if isinstance(looked, SecretFound):
                self._cache_if_current(appid, looked.secret, age)
            return looked

        return self._run_with_deadline(appid, ("look up", age), work, is_write=False)

    def set(self, appid: str, secret: Secret) -> StoreResult:
        """Lost if the keyring took it without a word and does not have it."""
        if len(secret.reveal()) > SECRET_LENGTH_MAX:
            return KeyringIsDown(KeyringFailure.TOO_LONG)
        age = self._start_new_generation(appid)

        def work() -> StoreResult:
            kept = self._set_and_verify(appid, secret)
            if isinstance(kept, SecretSaved):
                self._cache_if_current(appid, secret, age)
            return kept

        return self._run_with_deadline(appid, ("keep", secret), work, is_write=True)

    def remove(self, appid: str) -> StoreResult:
        """Stored means done: no keyring has it any more, or ever had. Lost means one still has it."""
        self._start_new_generation(appid)
        return self._run_with_deadline(
            appid, "remove", lambda: self._remove_from_backends(appid), is_write=True
        )

    def invalidate(self, appid: str) -> None:
        self._start_new_generation(appid)

    def _run_with_deadline(
        self, appid: str, request: Hashable, work: Callable[[], T], *, is_write: bool
    ) -> T | KeyringIsLocked | KeyringIsDown:
        def safe_work() -> T | KeyringIsLocked | KeyringIsDown:
            try:
                return work()
            except BaseException as error:  # noqa: BLE001  # the border, and the end of its thread
                return keyring_failure_from_exception(error)

        answer = self._calls.run(appid, request, safe_work, is_write=is_write)
        if answer is not None:
            return answer
        return (
            KeyringIsLocked("prompt unanswered")
            if is_prompt_open(self._prompt_check_s)
            else KeyringIsDown(KeyringFailure.NO_ANSWER)
        )

    def _get_from_backends(self, appid: str) -> LookupResult:
        answer: LookupResult = SecretMissing()
        for backend in self._require_backends():
            try:
                text = backend.get_password(self._prefix + appid, USER_NAME)
            except Exception as error:  # noqa: BLE001  # keyrings raise whatever their libraries raise
                if not isinstance(answer, KeyringIsLocked):
                    answer = keyring_failure_from_exception(error)
            else:
                if text:
                    return SecretFound(Secret(text))
        return answer

    def _set_and_verify(self, appid: str, secret: Secret) -> StoreResult:
        backend = self._require_backends()[0]
        backend.set_password(self._prefix + appid, USER_NAME, secret.reveal())
        there = backend.get_password(self._prefix + appid, USER_NAME)
        return SecretSaved() if there == secret.reveal() else NotPersisted()

    def _remove_from_backends(self, appid: str) -> StoreResult:
        service = self._prefix + appid
        answer: StoreResult = SecretSaved()
        for backend in self._require_backends():
            try:
                if backend.get_password(service, USER_NAME) is None:
                    continue
                backend.delete_password(service, USER_NAME)
                if backend.get_password(service, USER_NAME) is not None:
                    answer = NotPersisted()
            except Exception as error:  # noqa: BLE001  # as above; the others are to be cleared all the same
                answer = keyring_failure_from_exception(error)
        return answer

    def _require_backends(self) -> "Sequence[KeyringBackend]":
        # each look opens and closes connections to the bus, which may lag behind and refuse the next one
        backends = self._list_backends()
        if not backends:
            time.sleep(BACKEND_RETRY_DELAY_S)
            backends = self._list_backends()
        if not backends:
            from keyring.errors import NoKeyringError

            raise NoKeyringError
        return backends

    def _cache_if_current(self, appid: str, secret: Secret, generation: int) -> None:
        with self._lock:
            if self._generation.get(appid, 0) == generation:
                self._cache[appid] = secret

    def _start_new_generation(self, appid: str) -> int:
        with self._lock:
            self._cache.pop(appid, None)
            self._generation[appid] = self._generation.get(appid, 0) + 1
            return self._generation[appid]
