"""KeyringSecretStore with keyrings that are slow, locked, broken, missing or that lose secrets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring.errors
import pytest
from keyring.backend import KeyringBackend

from guarddog_gui.adapters.keyring.backends import KeyringBackends
from guarddog_gui.adapters.keyring.deadline_calls import ABANDONED_MAX
from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    SecretFound,
    SecretMissing,
    SecretSaved,
)
from guarddog_gui.services.ports import SecretStore
from tests.adapters.fake_keyring import BlockingEffect, FakeKeyring, raise_error
from tests.adapters.secret_store_contract import APPID, NEWER_SECRET, OTHER_APPID, SECRET, SecretStoreContract

DEADLINE_S = 1.0  # in tests with a keyring that hangs
SLACK_S = 1.0
ENTRY = (f"guarddog:{APPID}", "appsecret")


@pytest.fixture
def fake() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
def hang() -> Iterator[BlockingEffect]:
    hang = BlockingEffect()
    yield hang
    hang.release()


def store_over(*backends: FakeKeyring) -> KeyringSecretStore:
    return KeyringSecretStore(deadline_s=20, list_backends=lambda: backends)


def store_with_short_deadline(backend: FakeKeyring, *, abandon_s: float = 60.0) -> KeyringSecretStore:
    return KeyringSecretStore(deadline_s=DEADLINE_S, abandon_s=abandon_s, list_backends=lambda: [backend])


def in_time(call: Callable[[], Any]) -> Any:
    started = time.monotonic()
    answer = call()
    assert time.monotonic() - started < DEADLINE_S + SLACK_S
    return answer


class TestWithFakeKeyring(SecretStoreContract):
    @pytest.fixture
    def store(self, fake: FakeKeyring) -> SecretStore:
        return store_over(fake)


# --- one entry per account, read once


def test_the_entry_is_named_after_the_account(fake: FakeKeyring) -> None:
    store_over(fake).set(APPID, SECRET)
    assert fake.entries == {(f"guarddog:{APPID}", "appsecret"): SECRET.reveal()}


def test_the_keyring_is_read_once_per_session(fake: FakeKeyring) -> None:
    fake.entries[ENTRY] = SECRET.reveal()
    store = store_over(fake)
    assert [store.get(APPID) for _ in range(3)] == [SecretFound(SECRET)] * 3
    assert fake.call_count == 1


def test_a_change_by_another_program_is_seen_after_invalidation(fake: FakeKeyring) -> None:
    store = store_over(fake)
    store.set(APPID, SECRET)
    fake.entries[ENTRY] = NEWER_SECRET.reveal()
    assert store.get(APPID) == SecretFound(SECRET)
    store.invalidate(APPID)
    assert store.get(APPID) == SecretFound(NEWER_SECRET)


def test_a_failed_write_does_not_leave_the_old_secret_in_the_cache(fake: FakeKeyring) -> None:
    store = store_over(fake)
    store.set(APPID, SECRET)
    fake.entries.clear()
    fake.side_effects = [raise_error(keyring.errors.PasswordSetError("full"))]
    assert isinstance(store.set(APPID, NEWER_SECRET), KeyringIsDown)
    assert store.get(APPID) == SecretMissing()


def test_a_missing_secret_is_not_cached(fake: FakeKeyring) -> None:
    store = store_over(fake)
    assert store.get(APPID) == SecretMissing()
    fake.entries[ENTRY] = SECRET.reveal()
    assert store.get(APPID) == SecretFound(SECRET)


def test_a_secret_too_long_for_windows_is_refused_on_every_platform(fake: FakeKeyring) -> None:
    assert store_over(fake).set(APPID, Secret("x" * 1281)) == KeyringIsDown("too long")
    assert fake.call_count == 0


# --- keyrings that report success without it


class KeyringThatDropsSecrets(FakeKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        """Store nothing and report no error, like `keyring --disable`."""


class KeyringThatTruncates(FakeKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:8])


class KeyringThatNeverDeletes(FakeKeyring):
    def delete_password(self, service: str, username: str) -> None:
        """Delete nothing and report no error."""


@pytest.mark.parametrize("kind", [KeyringThatDropsSecrets, KeyringThatTruncates])
def test_a_secret_that_cannot_be_read_back_is_reported_as_not_persisted(kind: type[FakeKeyring]) -> None:
    assert store_over(kind()).set(APPID, SECRET) == NotPersisted()


def test_a_secret_that_cannot_be_removed_is_reported() -> None:
    store = store_over(KeyringThatNeverDeletes())
    store.set(APPID, SECRET)
    assert store.remove(APPID) == NotPersisted()


# --- keyrings that fail


class LockedException(Exception):
    """Exception with the same name as in secretstorage."""


class DBusErrorResponse(Exception):
    """Exception with the same name as in jeepney."""

    def __init__(self, name: str) -> None:
        super().__init__(f"[{name}] ...")
        self.name = name


class error(Exception):  # noqa: N801  # named as in pywintypes
    pass


EXCEPTIONS: list[tuple[BaseException, KeyringIsLocked | KeyringIsDown]] = [
    (keyring.errors.KeyringLocked(), KeyringIsLocked("not unlocked")),
    (LockedException(), KeyringIsLocked("not unlocked")),
    (DBusErrorResponse("org.freedesktop.Secret.Error.IsLocked"), KeyringIsLocked("not unlocked")),
    (DBusErrorResponse("org.freedesktop.DBus.Error.NoReply"), KeyringIsDown("NoReply")),
    (keyring.errors.NoKeyringError(), KeyringIsDown("no keyring answers")),
    (keyring.errors.InitError(), KeyringIsDown("no keyring answers")),
    (keyring.errors.PasswordSetError(SECRET.reveal()), KeyringIsDown("PasswordSetError")),
    (error(1783, "CredWrite", "The stub received bad data."), KeyringIsDown("error 1783")),
    (TimeoutError(), KeyringIsDown("TimeoutError")),
    (UnicodeDecodeError("utf-8", SECRET.reveal().encode(), 0, 1, "bad"), KeyringIsDown("UnicodeDecodeError 0")),
    (KeyError(SECRET.reveal()), KeyringIsDown("KeyError")),
    (SystemExit(3), KeyringIsDown("SystemExit 3")),
]


@pytest.mark.parametrize(("error_raised", "answer"), EXCEPTIONS, ids=[repr(t[0])[:30] for t in EXCEPTIONS])
def test_every_exception_becomes_a_result(
    error_raised: BaseException, answer: KeyringIsLocked | KeyringIsDown, fake: FakeKeyring
) -> None:
    store = store_over(fake)
    for call in (lambda: store.get(APPID), lambda: store.set(APPID, SECRET), lambda: store.remove(APPID)):
        fake.side_effects = [raise_error(error_raised)]
        assert call() == answer
    assert SECRET.reveal() not in repr(answer)
    assert store.get(APPID) == SecretMissing()


def test_without_any_backend() -> None:
    store = store_over()
    assert store.get(APPID) == KeyringIsDown("no keyring answers")
    assert store.set(APPID, SECRET) == KeyringIsDown("no keyring answers")
    assert store.remove(APPID) == KeyringIsDown("no keyring answers")


def test_a_keyring_that_starts_later_is_found() -> None:
    backends: list[FakeKeyring] = []
    store = KeyringSecretStore(deadline_s=20, list_backends=lambda: backends)
    assert isinstance(store.get(APPID), KeyringIsDown)
    backends.append(FakeKeyring())
    assert store.set(APPID, SECRET) == SecretSaved()


# --- several keyrings


def test_an_older_secret_is_found_in_another_keyring(fake: FakeKeyring) -> None:
    old = FakeKeyring()
    old.entries[ENTRY] = SECRET.reveal()
    assert store_over(fake, old).get(APPID) == SecretFound(SECRET)


def test_the_first_keyring_has_priority(fake: FakeKeyring) -> None:
    old = FakeKeyring()
    old.entries[ENTRY] = SECRET.reveal()
    store = store_over(fake, old)
    store.set(APPID, NEWER_SECRET)
    store.invalidate(APPID)
    assert store.get(APPID) == SecretFound(NEWER_SECRET)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 1, 0)])
def test_a_secret_is_not_missing_while_one_keyring_is_locked(order: tuple[int, ...]) -> None:
    locked, broken, empty = FakeKeyring(), FakeKeyring(), FakeKeyring()
    locked.side_effects = [raise_error(keyring.errors.KeyringLocked())]
    broken.side_effects = [raise_error(keyring.errors.InitError())]
    backends = [(locked, broken, empty)[number] for number in order]
    assert isinstance(store_over(*backends).get(APPID), KeyringIsLocked)


def test_a_secret_is_removed_from_all_keyrings_even_if_one_fails() -> None:
    first, broken, last = FakeKeyring(), FakeKeyring(), FakeKeyring()
    first.entries[ENTRY] = last.entries[ENTRY] = SECRET.reveal()
    broken.side_effects = [raise_error(keyring.errors.KeyringLocked())]
    assert isinstance(store_over(first, broken, last).remove(APPID), KeyringIsLocked)
    assert not first.entries
    assert not last.entries


# --- keyrings that hang


def test_a_keyring_that_hangs_is_left_at_the_deadline(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.side_effects = [hang]
    assert in_time(lambda: store_with_short_deadline(fake).get(APPID)) == KeyringIsDown("no answer")


def test_other_requests_fail_soon_while_a_call_hangs(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.side_effects = [hang]
    store = KeyringSecretStore(deadline_s=2, list_backends=lambda: [fake])
    store.get(APPID)
    started = time.monotonic()
    assert store.get(OTHER_APPID) == KeyringIsDown("no answer")
    assert store.set(OTHER_APPID, SECRET) == KeyringIsDown("no answer")
    assert store.remove(APPID) == KeyringIsDown("no answer")
    assert time.monotonic() - started < 2
    assert fake.call_count == 1


def test_a_late_result_is_used(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.entries[ENTRY] = SECRET.reveal()
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake)
    assert store.get(APPID) == KeyringIsDown("no answer")
    threading.Timer(0.1, hang.release).start()
    assert store.get(APPID) == SecretFound(SECRET)  # joins the pending call
    assert store.get(APPID) == SecretFound(SECRET)
    assert fake.call_count == 1


def test_an_outdated_late_result_is_not_cached(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.entries[ENTRY] = SECRET.reveal()
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake)
    store.get(APPID)
    store.invalidate(APPID)
    fake.entries[ENTRY] = NEWER_SECRET.reveal()
    hang.release()
    assert store.get(APPID) == SecretFound(NEWER_SECRET)


def test_the_store_works_again_after_the_hang(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake)
    store.get(APPID)
    hang.release()
    assert store.set(OTHER_APPID, SECRET) == SecretSaved()


@pytest.mark.parametrize("appid", [APPID, OTHER_APPID])
def test_a_call_that_hangs_for_too_long_is_abandoned(appid: str, fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake, abandon_s=DEADLINE_S * 1.2)
    store.get(APPID)
    assert store.get(appid) == KeyringIsDown("no answer")
    time.sleep(DEADLINE_S)
    assert store.get(appid) == SecretMissing()


def test_the_number_of_abandoned_calls_is_limited(fake: FakeKeyring) -> None:
    hangs = [BlockingEffect() for _ in range(ABANDONED_MAX + 3)]
    fake.side_effects = list(hangs)
    store = store_with_short_deadline(fake, abandon_s=0.0)
    try:
        for number in range(ABANDONED_MAX + 3):
            store.get(f"wx{number}")
        assert fake.call_count == ABANDONED_MAX + 1
    finally:
        for hang in hangs:
            hang.release()


def test_an_abandoned_write_cannot_overwrite_a_later_one(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake, abandon_s=0.0)
    assert store.set(APPID, SECRET) == KeyringIsDown("no answer")
    assert store.set(APPID, NEWER_SECRET) == KeyringIsDown("no answer")
    assert store.set(OTHER_APPID, NEWER_SECRET) == SecretSaved()
    hang.release()
    assert store.set(APPID, NEWER_SECRET) == SecretSaved()
    assert fake.entries[ENTRY] == NEWER_SECRET.reveal()


def test_calls_never_overlap_and_threads_do_not_accumulate(fake: FakeKeyring) -> None:
    store = KeyringSecretStore(deadline_s=20, list_backends=lambda: [fake])
    threads_before = threading.active_count()
    answers: list[object] = []

    def use(number: int) -> None:
        appid = f"wx{number}"
        for _ in range(25):
            answers.append(store.set(appid, SECRET))
            store.invalidate(appid)
            answers.append(store.get(appid))

    users = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert set(map(type, answers)) == {SecretSaved, SecretFound}
    assert fake.max_active_calls == 1
    time.sleep(0.1)
    assert threading.active_count() <= threads_before


# --- finding the backends


def names_of(backends: tuple[KeyringBackend, ...]) -> list[str]:
    return [f"{type(backend).__module__}.{type(backend).__name__}" for backend in backends]


def test_a_backend_in_the_environment_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    backends = KeyringBackends()
    assert names_of(backends.in_priority_order()) == ["keyring.backends.null.Keyring"]
    assert backends.in_priority_order()[0] is backends.in_priority_order()[0]
    store = KeyringSecretStore(deadline_s=20)
    assert store.set(APPID, SECRET) == NotPersisted()
    assert store.get(APPID) == SecretMissing()


def test_a_backend_in_keyringrc_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring")
    assert names_of(KeyringBackends().in_priority_order()) == ["keyring.backends.null.Keyring"]


@pytest.mark.parametrize("choice", ["no.such.Backend", "keyring.backends.SecretService.Keyring", "", "x"])
def test_a_configured_backend_that_does_not_work_is_a_failure(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", choice)
    assert isinstance(KeyringSecretStore(deadline_s=20).get(APPID), KeyringIsDown)


def test_without_a_bus_and_a_configured_backend_there_is_no_keyring(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert KeyringSecretStore(deadline_s=20).get(APPID) == KeyringIsDown("no keyring answers")
