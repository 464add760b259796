"""KeyringSecretStore with keyrings that are slow, locked, broken, missing or that lose secrets."""

from __future__ import annotations

import keyring.errors
import pytest

from guarddog_gui.adapters.keyring.store import PREVIOUS_SECRETS_PREFIX, KeyringSecretStore
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
from tests.adapters.fake_keyring import ENTRY, BlockingEffect, FakeKeyring, raise_error, store_with_short_deadline
from tests.adapters.secret_store_contract import APPID, NEWER_SECRET, SECRET, SecretStoreContract


def store_over(*backends: FakeKeyring) -> KeyringSecretStore:
    return KeyringSecretStore(deadline_s=20, list_backends=lambda: backends)


class TestWithFakeKeyring(SecretStoreContract):
    @pytest.fixture
    def store(self, fake: FakeKeyring) -> SecretStore:
        return store_over(fake)


# --- one entry per account, read once


def test_the_entry_is_named_after_the_account(fake: FakeKeyring) -> None:
    store_over(fake).set(APPID, SECRET)
    assert fake.entries == {(f"guarddog:{APPID}", "appsecret"): SECRET.reveal()}


def test_entries_with_another_prefix_are_others(fake: FakeKeyring) -> None:
    store = store_over(fake)
    set_aside = store.with_prefix(PREVIOUS_SECRETS_PREFIX)
    store.set(APPID, SECRET)
    set_aside.set(APPID, NEWER_SECRET)

    assert fake.entries[f"guarddog-before-import:{APPID}", "appsecret"] == NEWER_SECRET.reveal()
    assert (store.get(APPID), set_aside.get(APPID)) == (SecretFound(SECRET), SecretFound(NEWER_SECRET))
    set_aside.remove(APPID)
    assert (store.get(APPID), set_aside.get(APPID)) == (SecretFound(SECRET), SecretMissing())


def test_calls_with_another_prefix_wait_in_the_same_queue(fake: FakeKeyring, hang: BlockingEffect) -> None:
    """The backends are not thread-safe: two threads on one D-Bus connection can take each other's replies."""
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake)
    store.get(APPID)

    set_aside = store.with_prefix(PREVIOUS_SECRETS_PREFIX).get(APPID)

    assert isinstance(set_aside, KeyringIsDown | KeyringIsLocked)
    assert fake.call_count == fake.max_active_calls == 1


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


def test_an_outdated_late_result_is_not_cached(fake: FakeKeyring, hang: BlockingEffect) -> None:
    fake.entries[ENTRY] = SECRET.reveal()
    fake.side_effects = [hang]
    store = store_with_short_deadline(fake)
    store.get(APPID)
    store.invalidate(APPID)
    fake.entries[ENTRY] = NEWER_SECRET.reveal()
    hang.release()
    assert store.get(APPID) == SecretFound(NEWER_SECRET)
