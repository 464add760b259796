"""Messages about accounts that move: one clear sentence for each case, in both languages."""

import pytest

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked
from guarddog_gui.domain.errors import BadInput, FileError, LockBusy
from guarddog_gui.domain.problems import FileErrorReason, InputProblem
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.transfer import (
    PASSPHRASE_LENGTH_MIN,
    ImportPlan,
    LeftOutPlace,
    MovedAccount,
    TransferContent,
    TransferProblem,
)
from guarddog_gui.services.accounts.transfer import NotExported, NotImported
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.messages.transfer import (
    TRANSFER_PROBLEMS,
    exported_message,
    imported_message,
    left_out_messages,
    not_exported_message,
    not_imported_message,
    passphrase_message,
    refused_import_message,
    transfer_problem_message,
)
from tests.services.messages.languages import CHINESE, ENGLISH

SHOP = Account("wx1234567890abcdef", "Shop")
CAFE = Account("wxabcdef1234567890", "Café")
WITH_SECRET, WITHOUT = MovedAccount(SHOP, Secret("s" * 32)), MovedAccount(CAFE, None)


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_each_problem_names_the_file_and_what_to_do(messages: Messages) -> None:
    assert set(TRANSFER_PROBLEMS) == set(TransferProblem)
    for problem in TransferProblem:
        message = transfer_problem_message(problem, "/tmp/accounts.age", messages)
        assert "/tmp/accounts.age" in message.summary
        assert message.advice


def test_a_passphrase_is_long_enough_and_the_same_twice() -> None:
    good = "x" * PASSPHRASE_LENGTH_MIN
    assert passphrase_message(good, None, ENGLISH) is None
    assert passphrase_message(good, good, ENGLISH) is None
    for passphrase, repeated, word in (
        ("short", "short", "too short"),
        ("", None, "too short"),
        (good, "other", "same"),
    ):
        refusal = passphrase_message(passphrase, repeated, ENGLISH)
        assert refusal is not None
        assert word in refusal.summary
        assert good not in refusal.text


def test_an_export_counts_and_names_what_has_no_secret() -> None:
    one = exported_message(TransferContent((WITH_SECRET,), Settings()), "/x", ENGLISH)
    two = exported_message(TransferContent((WITH_SECRET, WITHOUT), Settings()), "/x", ENGLISH)

    assert one.summary == "1 account is exported to /x."
    assert two.summary == "2 accounts are exported to /x. The keyring has no AppSecret of Café: enter it there."
    assert "AppSecrets" in one.advice


def test_an_import_says_what_became_of_the_accounts() -> None:
    plan = ImportPlan((WITH_SECRET, WITHOUT), (WITH_SECRET,), (WITHOUT, WITHOUT))
    message = imported_message(plan, ENGLISH)

    assert message.summary == "2 accounts are imported · 1 is replaced · 2 are kept as they are here"
    assert message.advice == "The file has no AppSecret of Café: enter it by editing the account."
    assert imported_message(ImportPlan((), (), ()), ENGLISH).summary == "The file has no accounts."
    assert "个" in imported_message(plan, CHINESE).summary


def test_places_that_are_left_out_are_named_with_their_account() -> None:
    plan = ImportPlan((WITH_SECRET,), (), (), (LeftOutPlace(SHOP.appid, "/srv/dogs"),))

    (message,) = left_out_messages(plan, ENGLISH)

    assert message.summary == "/srv/dogs of Shop does not exist here and is left out."


def test_a_failed_import_says_that_nothing_was_imported_and_why() -> None:
    locked = not_imported_message(NotImported(SHOP, KeyringIsLocked(), (SHOP, CAFE)), ENGLISH)
    assert locked.summary == (
        "Nothing is imported. The keyring is locked. The keyring still has the AppSecret of the file for: Shop, Café. "
        "Guard Dog puts the previous one back as soon as the keyring lets it."
    )
    full = not_imported_message(NotImported(None, FileError("/x", FileErrorReason.DISK_FULL)), ENGLISH)
    assert full.summary.startswith("Nothing is imported. /x could not be")
    assert not_exported_message(NotExported(SHOP, KeyringIsLocked()), ENGLISH).summary == "The keyring is locked."


def test_an_import_that_is_not_even_begun_says_so_too() -> None:
    message = refused_import_message(BadInput(InputProblem.NAME_TAKEN, "Shop"), ENGLISH)

    assert message.summary.startswith("Nothing is imported. About Shop: ")
    assert message.advice == ENGLISH.for_error(BadInput(InputProblem.NAME_TAKEN, "Shop")).advice
    assert refused_import_message(LockBusy("wx1"), ENGLISH).summary.startswith("Nothing is imported. ")
