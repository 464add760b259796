"""Removing accounts, undoing it, and finishing what was not removed at once."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringFailure,
    KeyringIsDown,
    KeyringIsLocked,
    NotPersisted,
    StoreResult,
)
from guarddog_gui.domain.accounts.removal import UNDO_S, PendingRemoval
from guarddog_gui.domain.errors import BadInput, FileError, NoSuchAccount
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.services.accounts.account_removals import AccountRemoved
from tests.builders import SHOP, TICKET, TOKEN
from tests.fakes import NOW, FakeAccountStore
from tests.services.accounts.account_setup import NEW, OLD, OTHER, AccountServiceSetup, make_setup


def with_files(d: AccountServiceSetup) -> None:
    d.knows(SHOP)
    d.knows(OTHER)
    for kind in (TOKEN, TICKET):
        d.dogs.put_text(SHOP, kind, "{}")
        d.dogs.put_text(OTHER, kind, "{}")
    d.history.append(HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW))


def test_removing_an_account_removes_its_secret_and_keeps_its_files() -> None:
    d = make_setup()
    with_files(d)

    assert d.account_removals.remove(SHOP.appid, purge=False) == AccountRemoved(SHOP)

    assert d.accounts.stored == (OTHER,)
    assert list(d.secrets.stored) == [OTHER.appid]
    assert len(d.dogs.files) == 4


def test_a_purge_removes_only_the_files_of_the_account() -> None:
    d = make_setup()
    with_files(d)

    assert d.account_removals.remove(SHOP.appid, purge=True) == AccountRemoved(SHOP)

    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}
    assert len(d.history.entries) == 1


@pytest.mark.parametrize("answer", [KeyringIsLocked("x"), KeyringIsDown("x"), NotPersisted()])
def test_an_unavailable_keyring_does_not_prevent_the_removal(answer: StoreResult) -> None:
    d = make_setup()
    with_files(d)
    d.secrets.store_result = answer

    assert d.account_removals.remove(SHOP.appid, purge=True) == AccountRemoved(SHOP, answer)  # type: ignore[arg-type]  # never Lost

    assert d.accounts.stored == (OTHER,)
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}


def test_a_secret_that_is_provided_from_outside_stays_and_the_removal_is_complete() -> None:
    d = make_setup()
    with_files(d)
    d.secrets.store_result = d.proxy_passwords.store_result = KeyringIsDown(KeyringFailure.READ_ONLY)

    removed = d.account_removals.remove(SHOP.appid, purge=True)

    assert (removed.is_complete, removed.leaves_provided_secret) == (True, True)
    assert d.accounts.removals == ()
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}


def test_files_that_cannot_be_removed_are_reported() -> None:
    d = make_setup()
    with_files(d)
    d.dogs.is_disk_full = True

    removed = d.account_removals.remove(SHOP.appid, purge=True)

    assert isinstance(removed.file_error, FileError)
    assert d.accounts.stored == (OTHER,)


@pytest.mark.parametrize("purge", [False, True])
def test_recently_signed_urls_are_removed_with_the_account(purge: bool) -> None:  # noqa: FBT001
    d = make_setup()
    with_files(d)
    for account in (SHOP, OTHER):
        d.recent_urls.add(account.appid, "https://a.cn/")

    d.account_removals.remove(SHOP.appid, purge=purge)

    assert d.recent_urls.stored == {OTHER.appid: ("https://a.cn/",)}


def test_urls_that_cannot_be_removed_are_reported() -> None:
    d = make_setup()
    with_files(d)
    d.recent_urls.is_disk_full = True

    removed = d.account_removals.remove(SHOP.appid, purge=True)

    assert isinstance(removed.file_error, FileError)
    assert removed.file_error.path == "/config/recent_urls.json"
    assert d.accounts.stored == (OTHER,)
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}


def test_a_failed_list_write_keeps_the_account_and_its_secret() -> None:
    d = make_setup()
    with_files(d)
    d.accounts.is_disk_full = True

    with pytest.raises(FileError):
        d.account_removals.remove(SHOP.appid, purge=True)

    assert d.accounts.stored == (SHOP, OTHER)
    assert SHOP.appid in d.secrets.stored
    assert len(d.dogs.files) == 4


def test_a_secret_that_is_left_is_removed_by_doing_it_again() -> None:
    d = make_setup()
    with_files(d)
    d.secrets.store_result = NotPersisted()
    d.account_removals.remove(SHOP.appid, purge=True)
    assert SHOP.appid in d.secrets.stored

    d.secrets.store_result = None
    assert d.account_removals.remove(SHOP.appid, purge=False).is_complete

    assert SHOP.appid not in d.secrets.stored
    assert d.accounts.removals == ()


def test_maintenance_finishes_a_removal_with_its_purge() -> None:
    d = make_setup()
    with_files(d)
    d.secrets.store_result = KeyringIsLocked()
    d.dogs.is_disk_full = True
    first = d.account_removals.remove(SHOP.appid, purge=True)
    assert isinstance(first.secret_error, KeyringIsLocked)
    assert isinstance(first.file_error, FileError)
    (still,) = d.account_removals.finish_pending()
    assert (still.account, still.secret_error) == (SHOP, KeyringIsLocked())

    d.secrets.store_result, d.dogs.is_disk_full = None, False
    assert d.account_removals.finish_pending() == ()

    assert SHOP.appid not in d.secrets.stored
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}
    assert d.accounts.removals == ()


def test_maintenance_leaves_an_account_alone_that_another_process_uses() -> None:
    d = make_setup()
    d.secrets.stored[SHOP.appid] = Secret(OLD)
    d.accounts.start_removal(PendingRemoval(SHOP.appid, SHOP.name))
    d.lock.is_busy = True

    assert d.account_removals.finish_pending() == ()
    assert SHOP.appid in d.secrets.stored


def test_an_account_that_is_added_again_keeps_its_new_secret() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.secrets.store_result = KeyringIsLocked()
    d.account_removals.remove(SHOP.appid, purge=True)
    d.secrets.store_result = None

    d.account_service.save(SHOP, Secret(NEW))
    d.account_removals.finish_pending()

    assert d.secrets.stored[SHOP.appid] == Secret(NEW)


def test_a_removal_in_the_window_keeps_the_secret_for_ten_minutes() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.knows(OTHER)
    removal = d.account_removals.remove_later(SHOP.appid)
    assert d.accounts.stored == (OTHER,)
    assert d.account_removals.recent() == (removal,)
    d.clock.advance(UNDO_S - 1)
    assert d.account_removals.finish_pending() == ()
    assert SHOP.appid in d.secrets.stored
    d.clock.advance(1)
    assert d.account_removals.finish_pending() == ()
    assert SHOP.appid not in d.secrets.stored
    assert (d.accounts.removals, d.account_removals.recent()) == ((), ())
    with pytest.raises(NoSuchAccount):
        d.account_removals.undo(SHOP.appid)


def test_an_undone_removal_leaves_everything_as_it_was() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.knows(OTHER)
    d.account_removals.remove_later(SHOP.appid)
    assert d.account_removals.undo(SHOP.appid) == SHOP
    assert d.accounts.stored == (SHOP, OTHER)
    d.clock.advance(UNDO_S * 2)
    d.account_removals.finish_pending()
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


def test_removing_at_once_ends_the_time_to_undo() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.account_removals.remove_later(SHOP.appid)
    assert d.account_removals.remove(SHOP.appid, purge=False) == AccountRemoved(SHOP)
    assert d.secrets.stored == {}
    with pytest.raises(NoSuchAccount):
        d.account_removals.undo(SHOP.appid)


def test_an_undo_is_refused_while_another_account_uses_the_folder() -> None:
    d = make_setup()
    d.knows(replace(SHOP, dog_dir="/srv/dogs"), OLD)
    d.account_removals.remove_later(SHOP.appid)
    d.knows(replace(OTHER, dog_dir="/srv/dogs"))
    with pytest.raises(BadInput) as refused:
        d.account_removals.undo(SHOP.appid)
    assert refused.value.problem is InputProblem.DOG_DIR_TAKEN
    assert SHOP.appid in d.secrets.stored


def test_an_account_added_again_while_its_removal_can_be_undone_has_its_new_secret() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.account_removals.remove_later(SHOP.appid)
    d.account_service.save(SHOP, Secret(NEW))
    d.clock.advance(UNDO_S)
    d.account_removals.finish_pending()
    assert d.secrets.stored[SHOP.appid] == Secret(NEW)
    assert d.accounts.removals == ()


def test_a_secret_without_an_account_is_removed_by_its_appid() -> None:
    d = make_setup()
    d.secrets.stored[SHOP.appid] = Secret(OLD)

    assert d.account_removals.remove(SHOP.appid, purge=False).is_complete
    assert d.secrets.stored == {}


def test_the_secret_of_a_killed_addition_is_removed_later() -> None:
    class Killed(BaseException):
        pass

    class Killing(FakeAccountStore):
        def update(self, _edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
            raise Killed

    d = make_setup()
    d.accounts = Killing()
    with pytest.raises(Killed):
        d.account_service.save(SHOP, Secret(NEW))
    assert d.secrets.stored == {SHOP.appid: Secret(NEW)}

    assert d.account_removals.finish_pending() == ()
    assert d.secrets.stored == {}


def test_an_unknown_account_cannot_be_removed() -> None:
    with pytest.raises(NoSuchAccount, match="wx0123456789abcdef"):
        make_setup().account_removals.remove(SHOP.appid, purge=False)
