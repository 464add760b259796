"""Verifying, adding, editing and removing accounts."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Platform, Secret
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted, StoreResult
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountSaved, SaveMode, with_account
from tests.builders import SHOP
from tests.fakes import FakeAccountStore, error_reply
from tests.services.accounts.account_setup import NEW, OLD, OTHER, make_setup

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


class ListWithRival(FakeAccountStore):
    """List to which another process adds an account after this one has looked at it."""

    rival = OTHER

    def update(self, edit: Callable[[tuple[Account, ...]], tuple[Account, ...]]) -> None:
        self.stored = (*self.stored, self.rival)
        super().update(edit)


@pytest.mark.parametrize(
    ("rival", "problem"),
    [
        (replace(OTHER, name=SHOP.name), "name-taken"),
        (replace(OTHER, dog_dir="/srv/dogs"), "dog-dir-taken"),
        (replace(OTHER, exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"),)), "outlet-taken"),
    ],
)
def test_an_account_that_another_process_adds_meanwhile_has_its_name_folder_and_exports(
    rival: Account, problem: str
) -> None:
    d = make_setup()
    d.accounts = ListWithRival()
    d.accounts.rival = rival
    account = replace(SHOP, dog_dir="/srv/dogs", exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"),))

    with pytest.raises(BadInput, match=problem):
        d.account_service.save(account, Secret(NEW))
    assert (d.accounts.stored, d.secrets.stored) == ((rival,), {})


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


def test_a_new_account_that_was_not_saved_leaves_no_removal() -> None:
    d = make_setup()
    d.secrets.store_result = NotPersisted()

    assert isinstance(d.account_service.save(SHOP, Secret(NEW)), AccountNotSaved)
    assert d.accounts.removals == ()


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
