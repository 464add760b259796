"""Verifying, adding, editing and removing accounts."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Platform, Secret
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted, StoreResult
from guarddog_gui.domain.accounts.removal import UNDO_S, PendingRemoval
from guarddog_gui.domain.errors import BadInput, FileError, NoSuchAccount
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.services.accounts.account_service import (
    AccountNotSaved,
    AccountRemoved,
    AccountSaved,
    SaveMode,
    with_account,
)
from tests.builders import SHOP, TICKET, TOKEN
from tests.fakes import NOW, FakeAccountStore, error_reply
from tests.services.accounts.account_setup import NEW, OLD, OTHER, AccountServiceSetup, make_setup

# -- saving -------------------------------------------------------------------------------------------


def test_a_new_account_is_in_both_stores() -> None:
    d = make_setup()
    d.knows(OTHER)

    assert d.account_service.save(SHOP, Secret(NEW)) == AccountSaved(SHOP)

    assert d.accounts.stored == (OTHER, SHOP)
    assert d.secrets.stored[SHOP.appid] == Secret(NEW)
    assert d.history.entries == []


def test_an_edit_keeps_the_position_and_the_secret() -> None:
    d = make_setup()
    d.knows(SHOP)
    d.knows(OTHER)
    renamed = replace(SHOP, name="Renamed", platform=Platform.MINI_PROGRAM)

    assert d.account_service.save(renamed, None) == AccountSaved(renamed)

    assert d.accounts.stored == (renamed, OTHER)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


@pytest.mark.parametrize("answer", [KeyringIsLocked("x"), KeyringIsDown("x")])
def test_an_unavailable_keyring_changes_nothing(answer: KeyringIsLocked | KeyringIsDown) -> None:
    d = make_setup()
    d.secrets.lookup_result = answer

    assert d.account_service.save(SHOP, Secret(NEW)) == AccountNotSaved(SHOP, answer)
    assert (d.accounts.stored, d.secrets.stored) == ((), {})


@pytest.mark.parametrize("answer", [NotPersisted(), KeyringIsLocked("x"), KeyringIsDown("x")])
def test_a_keyring_that_does_not_store_changes_nothing(answer: StoreResult) -> None:
    d = make_setup()
    d.secrets.store_result = answer

    assert d.account_service.save(SHOP, Secret(NEW)) == AccountNotSaved(SHOP, answer)  # type: ignore[arg-type]  # never Stored
    assert d.accounts.stored == ()


def test_a_failed_list_write_restores_the_previous_secret() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.accounts.is_disk_full = True

    outcome = d.account_service.save(replace(SHOP, name="Renamed"), Secret(NEW))

    assert isinstance(outcome, AccountNotSaved)
    assert isinstance(outcome.error, FileError)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)
    assert d.accounts.stored == (SHOP,)


def test_a_failed_list_write_removes_the_secret_of_a_new_account() -> None:
    d = make_setup()
    d.accounts.is_disk_full = True

    assert isinstance(d.account_service.save(SHOP, Secret(NEW)), AccountNotSaved)
    assert d.secrets.stored == {}


def test_a_failed_list_write_leaves_an_unchanged_secret_alone() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.accounts.is_disk_full = True

    assert isinstance(d.account_service.save(SHOP, None), AccountNotSaved)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


def test_two_accounts_cannot_share_a_folder() -> None:
    d = make_setup()
    d.knows(SHOP)
    shared = replace(OTHER, dog_dir=d.dogs.directory(SHOP))

    with pytest.raises(BadInput, match="dog-dir-taken"):
        d.account_service.verify_credentials(shared, Secret(NEW))
    with pytest.raises(BadInput, match="dog-dir-taken"):
        d.account_service.save(shared, Secret(NEW))
    assert d.accounts.stored == (SHOP,)
    assert isinstance(d.account_service.save(replace(SHOP, name="Again"), None), AccountSaved)


def test_two_accounts_cannot_export_to_the_same_file() -> None:
    d = make_setup()
    env = ExportTarget(ExportFormat.ENV, "/srv/.env")
    d.knows(replace(SHOP, exports=(env,)))

    with pytest.raises(BadInput, match="outlet-taken"):
        d.account_service.save(replace(OTHER, exports=(env,)), Secret(NEW))
    assert OTHER.appid not in d.secrets.stored
    assert isinstance(d.account_service.save(replace(SHOP, name="Again", exports=(env,)), None), AccountSaved)


def test_two_accounts_cannot_export_to_the_same_file_by_a_link() -> None:
    d = make_setup()
    d.export_files.links["/home/me/shop/.env"] = "/srv/.env"
    d.knows(replace(SHOP, exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"),)))
    linked = ExportTarget(ExportFormat.ENV, "/home/me/shop/.env")

    with pytest.raises(BadInput, match="outlet-taken"):
        d.account_service.save(replace(OTHER, exports=(linked,)), Secret(NEW))
    with pytest.raises(BadInput, match="outlet-twice"):
        d.account_service.save(replace(SHOP, exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"), linked)), None)


def test_an_account_can_be_saved_after_a_failed_check() -> None:
    d = make_setup(error_reply(40164))
    verdict = d.account_service.verify_credentials(SHOP, Secret(NEW))

    assert d.account_service.save(SHOP, Secret(NEW), verdict) == AccountSaved(SHOP)
    assert [entry.errcode for entry in d.history.entries] == [40164]
    assert d.dogs.files == {}


@pytest.mark.parametrize(
    ("account", "secret", "problem"),
    [
        (replace(SHOP, appid="../x"), NEW, "bad-appid"),
        (replace(SHOP, ahead=600), NEW, "bad-ahead-stable"),
        (SHOP, "", "empty-secret"),
        (SHOP, "two words", "bad-secret"),
    ],
)
def test_invalid_input_is_refused_before_a_request(account: Account, secret: str, problem: str) -> None:
    d = make_setup()

    for attempt in (d.account_service.verify_credentials, d.account_service.save):
        with pytest.raises(BadInput, match=problem):
            attempt(account, Secret(secret))

    assert d.transport.requests == []
    assert d.accounts.stored == ()


# -- removing -------------------------------------------------------------------------------------------


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

    assert d.account_service.remove(SHOP.appid, purge=False) == AccountRemoved(SHOP)

    assert d.accounts.stored == (OTHER,)
    assert list(d.secrets.stored) == [OTHER.appid]
    assert len(d.dogs.files) == 4


def test_a_purge_removes_only_the_files_of_the_account() -> None:
    d = make_setup()
    with_files(d)

    assert d.account_service.remove(SHOP.appid, purge=True) == AccountRemoved(SHOP)

    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}
    assert len(d.history.entries) == 1


@pytest.mark.parametrize("answer", [KeyringIsLocked("x"), KeyringIsDown("x"), NotPersisted()])
def test_an_unavailable_keyring_does_not_prevent_the_removal(answer: StoreResult) -> None:
    d = make_setup()
    with_files(d)
    d.secrets.store_result = answer

    assert d.account_service.remove(SHOP.appid, purge=True) == AccountRemoved(SHOP, answer)  # type: ignore[arg-type]  # never Lost

    assert d.accounts.stored == (OTHER,)
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}


def test_files_that_cannot_be_removed_are_reported() -> None:
    d = make_setup()
    with_files(d)
    d.dogs.is_disk_full = True

    removed = d.account_service.remove(SHOP.appid, purge=True)

    assert isinstance(removed.file_error, FileError)
    assert d.accounts.stored == (OTHER,)


@pytest.mark.parametrize("purge", [False, True])
def test_recently_signed_urls_are_removed_with_the_account(purge: bool) -> None:  # noqa: FBT001
    d = make_setup()
    with_files(d)
    for account in (SHOP, OTHER):
        d.recent_urls.add(account.appid, "https://a.cn/")

    d.account_service.remove(SHOP.appid, purge=purge)

    assert d.recent_urls.stored == {OTHER.appid: ("https://a.cn/",)}


def test_urls_that_cannot_be_removed_are_reported() -> None:
    d = make_setup()
    with_files(d)
    d.recent_urls.is_disk_full = True

    removed = d.account_service.remove(SHOP.appid, purge=True)

    assert isinstance(removed.file_error, FileError)
    assert removed.file_error.path == "/config/recent_urls.json"
    assert d.accounts.stored == (OTHER,)
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}


def test_a_failed_list_write_keeps_the_account_and_its_secret() -> None:
    d = make_setup()
    with_files(d)
    d.accounts.is_disk_full = True

    with pytest.raises(FileError):
        d.account_service.remove(SHOP.appid, purge=True)

    assert d.accounts.stored == (SHOP, OTHER)
    assert SHOP.appid in d.secrets.stored
    assert len(d.dogs.files) == 4


def test_a_secret_that_is_left_is_removed_by_doing_it_again() -> None:
    d = make_setup()
    with_files(d)
    d.secrets.store_result = NotPersisted()
    d.account_service.remove(SHOP.appid, purge=True)
    assert SHOP.appid in d.secrets.stored

    d.secrets.store_result = None
    assert d.account_service.remove(SHOP.appid, purge=False).is_complete

    assert SHOP.appid not in d.secrets.stored
    assert d.accounts.removals == ()


def test_maintenance_finishes_a_removal_with_its_purge() -> None:
    d = make_setup()
    with_files(d)
    d.secrets.store_result = KeyringIsLocked()
    d.dogs.is_disk_full = True
    first = d.account_service.remove(SHOP.appid, purge=True)
    assert isinstance(first.secret_error, KeyringIsLocked)
    assert isinstance(first.file_error, FileError)
    (still,) = d.account_service.finish_pending_removals()
    assert (still.account, still.secret_error) == (SHOP, KeyringIsLocked())

    d.secrets.store_result, d.dogs.is_disk_full = None, False
    assert d.account_service.finish_pending_removals() == ()

    assert SHOP.appid not in d.secrets.stored
    assert {appid for appid, _ in d.dogs.files} == {OTHER.appid}
    assert d.accounts.removals == ()


def test_maintenance_leaves_an_account_alone_that_another_process_uses() -> None:
    d = make_setup()
    d.secrets.stored[SHOP.appid] = Secret(OLD)
    d.accounts.start_removal(PendingRemoval(SHOP.appid, SHOP.name))
    d.lock.is_busy = True

    assert d.account_service.finish_pending_removals() == ()
    assert SHOP.appid in d.secrets.stored


def test_an_account_that_is_added_again_keeps_its_new_secret() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.secrets.store_result = KeyringIsLocked()
    d.account_service.remove(SHOP.appid, purge=True)
    d.secrets.store_result = None

    d.account_service.save(SHOP, Secret(NEW))
    d.account_service.finish_pending_removals()

    assert d.secrets.stored[SHOP.appid] == Secret(NEW)


def test_a_removal_in_the_window_keeps_the_secret_for_ten_minutes() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.knows(OTHER)
    removal = d.account_service.remove_later(SHOP.appid)
    assert d.accounts.stored == (OTHER,)
    assert d.account_service.recent_removals() == (removal,)
    d.clock.advance(UNDO_S - 1)
    assert d.account_service.finish_pending_removals() == ()
    assert SHOP.appid in d.secrets.stored
    d.clock.advance(1)
    assert d.account_service.finish_pending_removals() == ()
    assert SHOP.appid not in d.secrets.stored
    assert (d.accounts.removals, d.account_service.recent_removals()) == ((), ())
    with pytest.raises(NoSuchAccount):
        d.account_service.undo_removal(SHOP.appid)


def test_an_undone_removal_leaves_everything_as_it_was() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.knows(OTHER)
    d.account_service.remove_later(SHOP.appid)
    assert d.account_service.undo_removal(SHOP.appid) == SHOP
    assert d.accounts.stored == (SHOP, OTHER)
    d.clock.advance(UNDO_S * 2)
    d.account_service.finish_pending_removals()
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


def test_removing_at_once_ends_the_time_to_undo() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.account_service.remove_later(SHOP.appid)
    assert d.account_service.remove(SHOP.appid, purge=False) == AccountRemoved(SHOP)
    assert d.secrets.stored == {}
    with pytest.raises(NoSuchAccount):
        d.account_service.undo_removal(SHOP.appid)


def test_an_undo_is_refused_while_another_account_uses_the_folder() -> None:
    d = make_setup()
    d.knows(replace(SHOP, dog_dir="/srv/dogs"), OLD)
    d.account_service.remove_later(SHOP.appid)
    d.knows(replace(OTHER, dog_dir="/srv/dogs"))
    with pytest.raises(BadInput) as refused:
        d.account_service.undo_removal(SHOP.appid)
    assert refused.value.problem is InputProblem.DOG_DIR_TAKEN
    assert SHOP.appid in d.secrets.stored


def test_an_account_added_again_while_its_removal_can_be_undone_has_its_new_secret() -> None:
    d = make_setup()
    d.knows(SHOP, OLD)
    d.account_service.remove_later(SHOP.appid)
    d.account_service.save(SHOP, Secret(NEW))
    d.clock.advance(UNDO_S)
    d.account_service.finish_pending_removals()
    assert d.secrets.stored[SHOP.appid] == Secret(NEW)
    assert d.accounts.removals == ()


def test_a_secret_without_an_account_is_removed_by_its_appid() -> None:
    d = make_setup()
    d.secrets.stored[SHOP.appid] = Secret(OLD)

    assert d.account_service.remove(SHOP.appid, purge=False).is_complete
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

    assert d.account_service.finish_pending_removals() == ()
    assert d.secrets.stored == {}


def test_a_new_account_that_was_not_saved_leaves_no_removal() -> None:
    d = make_setup()
    d.secrets.store_result = NotPersisted()

    assert isinstance(d.account_service.save(SHOP, Secret(NEW)), AccountNotSaved)
    assert d.accounts.removals == ()


def test_an_unknown_account_cannot_be_removed() -> None:
    with pytest.raises(NoSuchAccount, match="wx0123456789abcdef"):
        make_setup().account_service.remove(SHOP.appid, purge=False)


def test_with_account_adds_or_replaces_an_account() -> None:
    renamed = replace(SHOP, name="Renamed")
    assert with_account((), SHOP) == (SHOP,)
    assert with_account((SHOP, OTHER), renamed) == (renamed, OTHER)


# -- saving what a form shows ---------------------------------------------------------------------------


def test_adding_a_known_account_is_refused() -> None:
    d = make_setup()
    d.knows(SHOP)

    with pytest.raises(BadInput, match="account-known"):
        d.account_service.save(Account(SHOP.appid, "Again"), Secret(NEW), mode=SaveMode.ADD)

    assert d.accounts.stored == (SHOP,)
    assert d.secrets.stored[SHOP.appid] == Secret(OLD)


def test_changing_a_removed_account_is_refused() -> None:
    d = make_setup()

    with pytest.raises(BadInput, match="account-gone"):
        d.account_service.save(SHOP, None, mode=SaveMode.CHANGE, edited_from=SHOP)

    assert d.accounts.stored == ()


def test_an_account_removed_during_a_save_restores_the_secret() -> None:
    class Leaving(FakeAccountStore):
        def update(self, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
            self.stored = ()
            super().update(edit)

    d = make_setup()
    d.accounts = Leaving(SHOP)

    with pytest.raises(BadInput, match="account-gone"):
        d.account_service.save(SHOP, Secret(NEW), mode=SaveMode.CHANGE, edited_from=SHOP)

    assert (d.accounts.stored, d.secrets.stored) == ((), {})


def test_concurrent_changes_of_other_fields_are_kept() -> None:
    d = make_setup()
    d.knows(replace(SHOP, name="Of now"))
    wanted = replace(SHOP, ahead=60)

    saved = d.account_service.save(wanted, None, mode=SaveMode.CHANGE, edited_from=SHOP)

    assert saved == AccountSaved(replace(SHOP, name="Of now", ahead=60))
    assert d.accounts.stored == (replace(SHOP, name="Of now", ahead=60),)


def test_an_unusable_folder_is_refused_before_the_keyring_is_used() -> None:
    d = make_setup()
    d.dogs.unusable_folders["/proc/x"] = "permission denied"
    account = replace(SHOP, dog_dir="/proc/x")

    outcome = d.account_service.save(account, Secret(NEW))

    assert isinstance(outcome, AccountNotSaved)
    assert str(outcome.error) == "/proc/x: permission denied"
    assert (d.accounts.stored, d.secrets.stored) == ((), {})
    d.knows(account)
    assert isinstance(
        d.account_service.save(replace(account, name="Again"), None), AccountSaved
    )  # about something else


def test_the_folder_of_another_account_is_not_inspected() -> None:
    d = make_setup()
    d.knows(SHOP)
    d.dogs.existing_folders["/theirs"] = FolderContents(other_dog_files=("X.dog",))

    with pytest.raises(BadInput, match="dog-dir-taken"):
        d.account_service.inspect_folder(replace(OTHER, dog_dir=d.dogs.directory(SHOP)))
    assert d.account_service.inspect_folder(replace(OTHER, dog_dir="/theirs")).other_dog_files == ("X.dog",)


def test_an_export_target_of_another_account_is_named() -> None:
    d = make_setup()
    env, free = (ExportTarget(ExportFormat.ENV, path) for path in ("/srv/.env", "/srv/free/.env"))
    d.knows(replace(SHOP, exports=(env,)))

    with pytest.raises(BadInput) as refused:
        d.account_service.save(replace(OTHER, exports=(free, env)), Secret(NEW))
    assert refused.value.subject == "/srv/.env"
