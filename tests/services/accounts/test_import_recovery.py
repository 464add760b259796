"""Imports whose process ends at any write: all is imported or nothing, at the next start at the latest."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.transfer import MovedAccount, PendingImport, TransferContent
from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountSaved
from guarddog_gui.services.accounts.import_recovery import IMPORT_LOCK, ImportRecovery
from guarddog_gui.services.accounts.transfer import AccountTransfer, NotExported, NotImported
from tests.fakes import FakeExportFileWriter
from tests.services.accounts.account_setup import make_setup
from tests.services.accounts.transfer_setup import CAFE, GAME, IMPORTED_SETTINGS, OLD, SECRETS, SHOP, Computer


class Stopped(BaseException):
    """End of the process: nothing that it would do afterwards is done."""


class StoppingStore:
    """Store that ends the process at the n-th write of all stores, before or after that is done."""

    def __init__(self, store: object, computer: StoppingComputer) -> None:
        self._store, self._computer = store, computer

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name not in {"set", "remove", "update", "store_import", "start_removal", "finish_removal"}:
            return method

        def call(*arguments: object) -> object:
            self._computer.count_write()
            result = method(*arguments)
            self._computer.check_stopped()
            return result

        return call


class StoppingComputer(Computer):
    """Computer that ends the process at the n-th write; `is_written` lets that one take place."""

    def __init__(self, stop_at: int, *, is_written: bool, is_killed: bool = True) -> None:
        super().__init__(SHOP, CAFE)
        self.stop_at, self.is_written, self.is_killed = stop_at, is_written, is_killed
        self.write_count = 0
        self.is_ending = False
        self.secrets.stored[SHOP.appid] = OLD
        recovery = ImportRecovery(
            StoppingStore(self.secrets, self), StoppingStore(self.previous_secrets, self),
            StoppingStore(self.accounts, self), StoppingStore(self.settings, self), self.lock,
        )  # fmt: skip
        self.stopping_transfer = AccountTransfer(
            secrets=recovery.secrets,
            proxy_passwords=self.proxy_passwords,
            accounts=recovery.accounts,
            settings=recovery.settings,
            account_lock=self.lock,
            dog_files=self.dog_files,
            export_files=FakeExportFileWriter(),
            files=self.files,
            path_exists=lambda _: True,
            recovery=recovery,
        )

    def count_write(self) -> None:
        self.write_count += 1
        if self.write_count > self.stop_at and self.is_killed:
            raise Stopped
        if self.write_count == self.stop_at and not self.is_written:
            raise Stopped

    def check_stopped(self) -> None:
        if self.write_count == self.stop_at:
            raise Stopped


def run_until_stopped(stop_at: int, *, is_written: bool, is_killed: bool = True) -> tuple[StoppingComputer, bool]:
    """Import until the n-th write; also return whether the import came to its end."""
    computer = StoppingComputer(stop_at, is_written=is_written, is_killed=is_killed)
    plan = computer.plan(replace(SHOP, name="Shop 2"), CAFE, GAME)
    try:
        assert computer.stopping_transfer.apply(plan, IMPORTED_SETTINGS) is None
    except Stopped:
        return computer, False
    return computer, True


@pytest.mark.parametrize("is_written", [False, True])
def test_a_process_that_is_killed_at_any_write_has_imported_all_or_nothing(*, is_written: bool) -> None:
    before = StoppingComputer(0, is_written=False).state()
    after = run_until_stopped(1000, is_written=True)[0].state()
    ends = []
    for stop_at in range(1, 100):
        computer, is_complete = run_until_stopped(stop_at, is_written=is_written)
        if is_complete:
            break
        assert computer.recover() is None
        state = computer.state()
        assert state in (before, after), stop_at
        ends.append(state == after)
    assert len(ends) > 8, "three secrets, one set aside, the settings, and the list three times"
    assert ends == sorted(ends), "first nothing is imported, then all"
    assert True in ends


@pytest.mark.parametrize("is_written", [False, True])
def test_a_recovery_that_is_killed_at_any_write_is_repeated(*, is_written: bool) -> None:
    before = StoppingComputer(0, is_written=False).state()
    for stop_at in range(1, 100):
        computer, _ = run_until_stopped(6, is_written=is_written)
        computer.stop_at, computer.write_count = stop_at, 0
        try:
            computer.stopping_transfer.recovery.finish()
        except Stopped:
            assert computer.recover() is None
            assert computer.state() == before, stop_at
        else:
            break
    assert stop_at > 5


@pytest.mark.parametrize("stop_at", range(1, 7))
def test_ctrl_c_at_any_write_leaves_nothing_behind(stop_at: int) -> None:
    before = StoppingComputer(0, is_written=False).state()

    computer, _ = run_until_stopped(stop_at, is_written=True, is_killed=False)

    assert computer.state() == before
    assert computer.lock.held_appids == set()


@pytest.mark.parametrize("stop_at", range(7, 10))
def test_ctrl_c_after_the_list_is_written_undoes_nothing(stop_at: int) -> None:
    after = run_until_stopped(1000, is_written=True)[0].state()

    computer, _ = run_until_stopped(stop_at, is_written=True, is_killed=False)

    assert computer.state() == after


def test_the_next_import_undoes_one_that_was_killed() -> None:
    computer, _ = run_until_stopped(6, is_written=True)

    assert computer.transfer.apply(computer.plan(GAME)) is None

    assert computer.accounts.stored == (SHOP, CAFE, GAME)
    assert computer.secrets.stored == {SHOP.appid: OLD, GAME.appid: SECRETS[GAME.appid]}
    assert computer.accounts.stored_import is None


def test_an_export_has_the_secrets_from_before_an_import_that_was_killed() -> None:
    computer, _ = run_until_stopped(6, is_written=True)

    exported = computer.transfer.collect()

    assert exported == TransferContent((MovedAccount(SHOP, OLD), MovedAccount(CAFE, None)), Settings())


def test_an_import_waits_for_a_keyring_that_cannot_undo_the_last_one() -> None:
    computer, _ = run_until_stopped(6, is_written=True)
    plan = computer.plan(GAME)
    computer.secrets.store_result = KeyringIsLocked()

    assert computer.transfer.apply(plan) == NotImported(None, KeyringIsLocked())
    assert computer.transfer.collect() == NotExported(SHOP, KeyringIsLocked())


def test_a_new_secret_is_not_replaced_by_the_one_from_before_a_killed_import() -> None:
    d = make_setup()
    d.knows(SHOP)
    d.accounts.stored_import = PendingImport((), (SHOP.appid,))
    d.previous_secrets.stored[SHOP.appid] = OLD

    assert isinstance(d.account_service.save(SHOP, Secret("2" * 32)), AccountSaved)
    d.account_removals.finish_pending()

    assert d.secrets.stored == {SHOP.appid: Secret("2" * 32)}
    assert d.accounts.pending_import() is None
    assert d.previous_secrets.stored == {}


def test_a_removed_account_does_not_get_its_secret_back() -> None:
    d = make_setup()
    d.knows(SHOP)
    d.accounts.stored_import = PendingImport((), (SHOP.appid,))
    d.previous_secrets.stored[SHOP.appid] = OLD
    d.secrets.store_result = KeyringIsLocked()

    assert not d.account_removals.remove(SHOP.appid, purge=False).is_complete
    d.account_removals.finish_pending()
    d.secrets.store_result = None
    assert d.account_removals.finish_pending() == ()

    assert (d.secrets.stored, d.previous_secrets.stored) == ({}, {})
    assert d.accounts.pending_import() is None
    assert d.accounts.removals == ()


def test_an_account_is_not_saved_while_a_killed_import_cannot_be_undone() -> None:
    d = make_setup()
    d.knows(SHOP)
    d.accounts.stored_import = PendingImport((), (SHOP.appid,))
    d.previous_secrets.lookup_result = KeyringIsLocked()

    assert d.account_service.save(SHOP, Secret("2" * 32)) == AccountNotSaved(SHOP, KeyringIsLocked())


def test_an_import_that_is_running_is_not_undone() -> None:
    d = make_setup()
    d.accounts.stored_import = pending = PendingImport((SHOP.appid,), ())
    with d.lock.acquire(IMPORT_LOCK):
        d.account_removals.finish_pending()

    assert d.accounts.stored_import == pending
