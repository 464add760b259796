"""Secret store in the keyring of the operating system, with a deadline and a typed result for each call."""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, TypeVar

from guarddog_gui.adapters.keyring.backends import ChosenKeyringNotLoaded, KeyringBackends, is_prompt_open
from guarddog_gui.adapters.keyring.deadline_calls import KEYRING_DEADLINE_S, KeyringCalls
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
REDIS_USER_NAME = "redis"  # of the password of the Redis that an account is shared through
PROXY_USER_NAME = "proxy"  # of the password of an account's proxy
SERVICE_PREFIX = "guarddog:"
PREVIOUS_SECRETS_PREFIX = "guarddog-before-import:"  # of the AppSecrets that an import replaces, until it is done
BACKEND_RETRY_DELAY_S = 0.1
ENTRIES_MAX = 8  # of one account in one keyring
SECRET_LENGTH_MAX = 1280  # characters: Windows takes 2560 bytes of UTF-16
_LOCKED_ERROR_NAMES = {"KeyringLocked", "LockedException", "PromptDismissedException"}
_DBUS_LOCKED_ERROR = "org.freedesktop.Secret.Error.IsLocked"
_NO_KEYRING_ERROR_NAMES = {"NoKeyringError", "InitError", "SecretServiceNotAvailableException", "RuntimeError"}


class KeyringSecretStore:
    """SecretStore for any number of threads; each call returns within `deadline_s` seconds.

    A secret that was found is cached until `invalidate`, so that the user has to unlock the keyring only once
    per session.
    """

    def __init__(
        self,
        *,
        deadline_s: float = KEYRING_DEADLINE_S,
        abandon_s: float = 120.0,
        prefix: str = SERVICE_PREFIX,
        user_name: str = USER_NAME,
        list_backends: "Callable[[], Sequence[KeyringBackend]] | None" = None,
    ) -> None:
        self._prefix = prefix
        self._user_name = user_name
        self._list_backends = list_backends or KeyringBackends().in_priority_order
        self._prompt_check_s = min(0.5, deadline_s / 2)
        self._calls = KeyringCalls(timeout_s=deadline_s - self._prompt_check_s, abandon_s=abandon_s)
        self._lock = threading.Lock()
        self._cache: dict[str, Secret] = {}
        self._generation: dict[str, int] = {}  # see _start_new_generation

    def with_prefix(self, prefix: str) -> "KeyringSecretStore":
        """Return a store for other entries in the same keyring, whose calls wait in the same queue."""
        store = KeyringSecretStore(prefix=prefix, user_name=self._user_name, list_backends=self._list_backends)
        store._prompt_check_s, store._calls = self._prompt_check_s, self._calls
        return store

    def get(self, appid: str) -> LookupResult:
        """Return the secret; SecretMissing only if every backend answered and none has it."""
        with self._lock:
            cached = self._cache.get(appid)
            generation = self._generation.get(appid, 0)
        if cached is not None:
            return SecretFound(cached)
        return self._run_with_deadline(
            appid, ("get", generation), lambda: self._get_from_backends(appid, generation), is_write=False
        )

    def set(self, appid: str, secret: Secret) -> StoreResult:
        """Store the secret; NotPersisted if the keyring reported success but does not return it."""
        if len(secret.reveal()) > SECRET_LENGTH_MAX:
            return KeyringIsDown(KeyringFailure.TOO_LONG)
        generation = self._start_new_generation(appid)
        return self._run_with_deadline(
            appid, ("set", secret), lambda: self._set_and_verify(appid, secret, generation), is_write=True
        )

    def remove(self, appid: str) -> StoreResult:
        """Remove the secret from all backends.

        SecretSaved means that none has it, even if none had it before; NotPersisted that one still has it.
        """
        self._start_new_generation(appid)
        return self._run_with_deadline(appid, "remove", lambda: self._remove_from_backends(appid), is_write=True)

    def invalidate(self, appid: str) -> None:
        self._start_new_generation(appid)

    def release_hanging_calls(self) -> None:
        """Let the next call not wait for one that hangs: the keyring can be used again."""
        self._calls.release()

    def _run_with_deadline(
        self, appid: str, request: Hashable, work: Callable[[], T], *, is_write: bool
    ) -> T | KeyringIsLocked | KeyringIsDown:
        def safe_work() -> T | KeyringIsLocked | KeyringIsDown:
            try:
                return work()
            except BaseException as error:  # noqa: BLE001  # any library's exception; its text may hold the secret
                return _failure_from_exception(error)

        result = self._calls.run(self._prefix + appid, request, safe_work, is_write=is_write)
        if result is None and is_prompt_open(self._prompt_check_s):
            return KeyringIsLocked("prompt unanswered")
        return KeyringIsDown(KeyringFailure.NO_ANSWER) if result is None else result

    def _get_from_backends(self, appid: str, generation: int) -> LookupResult:
        # A backend that fails may be the one that has the secret: then the result is that failure and not
        # SecretMissing, because the user would be told to enter the secret again. Locked outranks other
        # failures, because the user can unlock a keyring.
        result: LookupResult = SecretMissing()
        for backend in self._require_backends():
            try:
                text = backend.get_password(self._prefix + appid, self._user_name)
            except Exception as error:  # noqa: BLE001  # backends raise whatever their libraries raise
                if not isinstance(result, KeyringIsLocked):
                    result = _failure_from_exception(error)
            else:
                if text:
                    self._cache_if_current(appid, Secret(text), generation)
                    return SecretFound(Secret(text))
        return result

    def _set_and_verify(self, appid: str, secret: Secret, generation: int) -> StoreResult:
        # read back, because some backends accept a secret and drop it (keyring's null backend, for example)
        backend = self._require_backends()[0]
        backend.set_password(self._prefix + appid, self._user_name, secret.reveal())
        if backend.get_password(self._prefix + appid, self._user_name) != secret.reveal():
            return NotPersisted()
        self._cache_if_current(appid, secret, generation)
        return SecretSaved()

    def _remove_from_backends(self, appid: str) -> StoreResult:
        service = self._prefix + appid
        result: StoreResult = SecretSaved()
        for backend in self._require_backends():
            try:
                # a Secret Service may have several entries with these attributes, and deletes one at a time
                for _ in range(ENTRIES_MAX):
                    if backend.get_password(service, self._user_name) is None:
                        break
                    backend.delete_password(service, self._user_name)
                else:
                    if backend.get_password(service, self._user_name) is not None:
                        result = NotPersisted()
            except Exception as error:  # noqa: BLE001  # as above; the other backends still have to be cleared
                result = _failure_from_exception(error)
        return result

    def _require_backends(self) -> "Sequence[KeyringBackend]":
        # Try twice: to list the backends, keyring opens and closes several connections to the session bus.
        # The bus may count closed ones for a moment longer and refuse another one because of its limit, and
        # then no backend seems to exist.
        if not (backends := self._list_backends()):
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
        """Drop the cached secret, and keep calls that are pending now from caching an outdated one."""
        with self._lock:
            self._cache.pop(appid, None)
            self._generation[appid] = self._generation.get(appid, 0) + 1
            return self._generation[appid]


def _failure_from_exception(error: BaseException) -> KeyringIsLocked | KeyringIsDown:
    """Return the result for a backend's exception, without its text, which may quote the secret.

    Classes are compared by name, because no machine has all the libraries that define them installed.
    """
    names = {cls.__name__ for cls in type(error).__mro__}
    dbus_error = getattr(error, "name", None) if "DBusErrorResponse" in names else None
    if names & _LOCKED_ERROR_NAMES or dbus_error == _DBUS_LOCKED_ERROR:
        return KeyringIsLocked("not unlocked")
    if names & _NO_KEYRING_ERROR_NAMES:
        return KeyringIsDown(KeyringFailure.NO_KEYRING)
    if isinstance(error, ChosenKeyringNotLoaded):
        return KeyringIsDown(KeyringFailure.NOT_LOADED)
    if "ReadOnlyKeyring" in names:
        return KeyringIsDown(KeyringFailure.READ_ONLY)
    if isinstance(dbus_error, str):
        return KeyringIsDown(dbus_error.rpartition(".")[2])
    number = next((str(part) for part in error.args if type(part) is int), "")
    return KeyringIsDown(f"{type(error).__name__} {number}".strip())
