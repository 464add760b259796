"""Import of accounts: all or none, whatever fails in the middle."""

from __future__ import annotations

from typing import NoReturn

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    SecretFound,
    StoreResult,
)
from guarddog_gui.domain.errors import BadInput, FileError, LockBusy
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.settings import Settings, Theme
from guarddog_gui.domain.transfer import MovedAccount, PendingImport, TransferContent, TransferProblem
from guarddog_gui.services.accounts.transfer import NotExported, NotImported
from tests.fakes import FakeAccountLock, FakeSecretStore
from tests.services.accounts.transfer_setup import CAFE, GAME, IMPORTED_SETTINGS, OLD, SECRETS, SHOP, Computer


class KeyringThatFails(FakeSecretStore):
    """Keyring that fails from the n-th write on, as one that is locked meanwhile; undoing works if `can_undo`."""

    def __init__(self, failure: StoreResult, at: int, *, can_undo: bool = True, stores_anyway: bool = False) -> None:
        super().__init__()
        self._failure, self._at, self._can_undo, self._stores_anyway = failure, at, can_undo, stores_anyway
        self.write_count = 0

    def unlocked(self) -> FakeSecretStore:
        """Return a keyring with the same entries that works."""
        keyring = FakeSecretStore()
        keyring.stored = self.stored
        return keyring

    def set(self, appid: str, secret: Secret) -> StoreResult:
        self.write_count += 1
        if self.write_count == self._at or (self.write_count > self._at and not self._can_undo):
            if self._stores_anyway:
                super().set(appid, secret)
            return self._failure
        return super().set(appid, secret)

    def remove(self, appid: str) -> StoreResult:
        return super().remove(appid) if self._can_undo else self._failure


def test_accounts_secrets_and_settings_are_imported() -> None:
    computer = Computer(SHOP)
    computer.secrets.stored[SHOP.appid] = OLD

    assert computer.transfer.apply(computer.plan(SHOP, CAFE), IMPORTED_SETTINGS) is None

    assert computer.accounts.stored == (SHOP, CAFE)
    assert computer.secrets.stored == {appid: SECRETS[appid] for appid in (SHOP.appid, CAFE.appid)}
    assert computer.settings.stored == IMPORTED_SETTINGS
    assert computer.accounts.stored_import is None
    assert computer.previous_secrets.stored == {}
    assert computer.lock.held_appids == set()


def test_a_kept_account_keeps_its_secret() -> None:
    computer = Computer(SHOP)
    computer.secrets.stored[SHOP.appid] = OLD

    assert computer.transfer.apply(computer.plan(SHOP, CAFE, replaces_existing=False)) is None

    assert computer.secrets.stored[SHOP.appid] == OLD
    assert computer.accounts.stored == (SHOP, CAFE)
    assert computer.settings.stored == Settings()


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("failure", [KeyringIsLocked(), KeyringIsDown("no answer"), NotPersisted()])
@pytest.mark.parametrize("stores_anyway", [False, True])
def test_a_keyring_that_fails_in_the_middle_leaves_nothing_behind(
    at: int, failure: StoreResult, *, stores_anyway: bool
) -> None:
    computer = Computer(SHOP, secrets=KeyringThatFails(failure, at, stores_anyway=stores_anyway))
    computer.secrets.stored[SHOP.appid] = OLD
    before = computer.state()

    outcome = computer.transfer.apply(computer.plan(SHOP, CAFE, GAME), IMPORTED_SETTINGS)

    assert isinstance(outcome, NotImported)
    assert (outcome.error, outcome.unrestored) == (failure, ())
    assert outcome.account == (CAFE, GAME, SHOP)[at - 1]
    assert computer.state() == before
    assert computer.lock.held_appids == set()


def test_what_the_keyring_does_not_take_back_is_named_and_removed_later() -> None:
    keyring = KeyringThatFails(KeyringIsLocked(), 2, can_undo=False)
    computer = Computer(secrets=keyring)

    outcome = computer.transfer.apply(computer.plan(SHOP, CAFE))

    assert isinstance(outcome, NotImported)
    assert set(outcome.unrestored) == {SHOP, CAFE}
    assert computer.accounts.stored == ()
    assert computer.accounts.stored_import == PendingImport((SHOP.appid, CAFE.appid), ())

    computer.secrets = keyring.unlocked()
    assert computer.recover() is None
    assert computer.state() == Computer().state()


def test_a_list_that_cannot_be_written_undoes_settings_and_secrets() -> None:
    computer = Computer(SHOP)
    computer.secrets.stored[SHOP.appid] = OLD
    plan, before = computer.plan(replace(SHOP, name="Shop 2")), computer.state()
    computer.accounts.is_disk_full = True

    outcome = computer.transfer.apply(plan, IMPORTED_SETTINGS)

    assert isinstance(outcome, NotImported)
    assert isinstance(outcome.error, FileError)
    assert computer.state() == before


def test_a_disk_that_is_full_at_the_end_is_undone_once_it_has_space() -> None:
    computer = Computer(SHOP)
    computer.secrets.stored[SHOP.appid] = OLD
    plan, before = computer.plan(SHOP, CAFE), computer.state()
    computer.settings.on_update = lambda: setattr(computer.accounts, "is_disk_full", True)

    outcome = computer.transfer.apply(plan, IMPORTED_SETTINGS)

    assert isinstance(outcome, NotImported)
    assert computer.secrets.stored == {SHOP.appid: OLD}
    assert (computer.accounts.stored, computer.settings.stored) == ((SHOP,), Settings())
    computer.accounts.is_disk_full = False
    computer.recover()
    assert computer.state() == before


def test_settings_that_cannot_be_written_undo_the_secrets() -> None:
    computer = Computer()
    plan, before = computer.plan(SHOP), computer.state()
    computer.settings.error = FileError("/config/settings.json", "written by a newer Guard Dog")

    outcome = computer.transfer.apply(plan, IMPORTED_SETTINGS)

    assert outcome == NotImported(None, computer.settings.error)
    assert computer.state() == before
    assert computer.transfer.apply(plan) is None, "without settings the file does not matter"


def test_an_account_that_is_used_elsewhere_changes_nothing() -> None:
    computer = Computer()
    plan, before = computer.plan(SHOP), computer.state()
    computer.lock.is_busy = True

    with pytest.raises(LockBusy):
        computer.transfer.apply(plan)

    assert computer.state() == before


def test_a_lock_that_cannot_be_written_is_a_failed_import(monkeypatch: pytest.MonkeyPatch) -> None:
    computer = Computer()
    plan, before = computer.plan(SHOP), computer.state()
    error = FileError("/home/me/locks", "read-only file system")

    def acquire(_: FakeAccountLock, __: str) -> NoReturn:
        raise error

    monkeypatch.setattr(FakeAccountLock, "acquire", acquire)

    assert computer.transfer.apply(plan) == NotImported(None, error)
    assert computer.state() == before


@pytest.mark.parametrize(
    ("account", "problem"),
    [
        (replace(CAFE, name="Shop"), InputProblem.NAME_TAKEN),
        (replace(CAFE, dog_dir="/dogs/shop"), InputProblem.DOG_DIR_TAKEN),
        (replace(CAFE, dog_dir="/"), InputProblem.DOG_DIR_IS_ROOT),
        (replace(CAFE, exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"),)), InputProblem.EXPORT_OF_OTHER_ACCOUNT),
        (replace(CAFE, name="a\nb"), InputProblem.INVALID_NAME),
    ],
)
def test_an_account_that_cannot_be_here_is_named_before_anything_is_written(
    account: Account, problem: InputProblem
) -> None:
    here = replace(SHOP, dog_dir="/dogs/shop", exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"),))
    computer = Computer(here)

    with pytest.raises(BadInput) as refusal:
        computer.plan(GAME, account)

    assert (refusal.value.problem, refusal.value.subject) == (problem, account.name)
    assert computer.accounts.stored == (here,)


def test_an_account_without_a_secret_in_the_file_is_imported_without_one() -> None:
    computer = Computer()
    moved = TransferContent((MovedAccount(SHOP, None),), Settings())

    assert computer.transfer.apply(computer.transfer.plan(moved, replaces_existing=False)) is None

    assert (computer.accounts.stored, computer.secrets.stored) == ((SHOP,), {})


def test_a_secret_that_is_here_already_is_not_written_again() -> None:
    computer = Computer(secrets=KeyringThatFails(KeyringIsLocked(), 1))
    computer.secrets.stored[SHOP.appid] = SECRETS[SHOP.appid]

    assert computer.transfer.apply(computer.plan(SHOP)) is None
    assert computer.secrets.get(SHOP.appid) == SecretFound(SECRETS[SHOP.appid])


def test_an_export_has_all_accounts_with_their_secrets() -> None:
    computer = Computer(SHOP, CAFE)
    computer.secrets.stored[SHOP.appid] = OLD
    computer.settings.stored = Settings(theme=Theme.DARK, paused_until=5.0)

    exported = computer.transfer.collect()

    assert exported == TransferContent((MovedAccount(SHOP, OLD), MovedAccount(CAFE, None)), Settings(theme=Theme.DARK))
    assert OLD.reveal() not in repr(exported)


def test_what_is_exported_can_be_read_with_its_passphrase() -> None:
    computer = Computer(SHOP)
    computer.secrets.stored[SHOP.appid] = OLD

    exported = computer.transfer.export("/x.age", "passphrase", overwrites=False)

    assert computer.transfer.read("/x.age", "passphrase") == exported
    assert computer.transfer.read("/x.age", "another") is TransferProblem.WRONG_PASSPHRASE
    assert computer.transfer.read("/other", "passphrase") is TransferProblem.NOT_EXPORTED
    computer.secrets.lookup_result = KeyringIsLocked()
    assert isinstance(computer.transfer.export("/y.age", "passphrase", overwrites=False), NotExported)
    assert "/y.age" not in computer.files.stored


def test_a_locked_keyring_exports_nothing() -> None:
    computer = Computer(SHOP)
    computer.secrets.lookup_result = KeyringIsLocked()

    assert computer.transfer.collect() == NotExported(SHOP, KeyringIsLocked())


def test_the_password_of_a_proxy_moves_with_its_account() -> None:
    proxied = replace(SHOP, proxy="socks5://me@proxy.example.cn:1080")
    old, new = Computer(proxied, CAFE), Computer()
    old.secrets.stored.update(SECRETS)
    old.proxy_passwords.stored[SHOP.appid] = Secret("pr0xy")
    collected = old.transfer.collect()
    assert isinstance(collected, TransferContent)
    assert [moved.proxy_password for moved in collected.accounts] == [Secret("pr0xy"), None]
    assert old.proxy_passwords.lookup_count == 1  # not for the account without a user of its proxy

    assert new.transfer.apply(new.transfer.plan(collected, replaces_existing=False)) is None
    assert new.proxy_passwords.stored == {SHOP.appid: Secret("pr0xy")}

    old.proxy_passwords.lookup_result = KeyringIsLocked()
    assert old.transfer.collect() == NotExported(proxied, KeyringIsLocked())


def test_a_password_that_the_keyring_does_not_take_undoes_the_import() -> None:
    computer = Computer()
    computer.proxy_passwords.store_result = KeyringIsLocked()
    moved = MovedAccount(replace(SHOP, proxy="http://me@h:1"), SECRETS[SHOP.appid], Secret("pr0xy"))
    plan = computer.transfer.plan(TransferContent((moved,), Settings()), replaces_existing=False)

    outcome = computer.transfer.apply(plan)

    assert isinstance(outcome, NotImported)
    assert outcome.error == KeyringIsLocked()
    assert computer.secrets.stored == {}
    assert computer.accounts.stored == ()
