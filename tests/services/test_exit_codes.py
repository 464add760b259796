"""Exit codes of results and errors."""

import pytest

from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted, SecretMissing
from guarddog_gui.domain.errors import (
    FileError,
    GuardDogError,
    NoSuchAccount,
    RefreshDelayed,
    RefreshRefused,
    UsageError,
)
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.services.exit_codes import (
    ExitCode,
    exit_code_for_entry,
    exit_code_for_error,
    exit_code_for_storage_error,
)
from tests.builders import make_entry, make_refused_entry
from tests.errcode_catalogue import CATALOGUE


@pytest.mark.parametrize("result", AttemptResult)
def test_every_result_has_an_exit_code(result: AttemptResult) -> None:
    code = exit_code_for_entry(make_entry(result), CATALOGUE)

    assert (code is ExitCode.SUCCESS) == make_entry(result).is_success


@pytest.mark.parametrize(
    ("errcode", "code"),
    [
        (40164, ExitCode.USER_ACTION_REQUIRED),
        (48001, ExitCode.USER_ACTION_REQUIRED),
        (-1, ExitCode.TRY_LATER),
        (45009, ExitCode.TRY_LATER),
        (123456, ExitCode.TRY_LATER),
    ],
)
def test_a_refusal_exits_by_the_kind_of_its_errcode(errcode: int, code: ExitCode) -> None:
    assert exit_code_for_entry(make_refused_entry(errcode), CATALOGUE) is code


def test_failures_of_keyring_and_disk_have_their_codes() -> None:
    assert exit_code_for_storage_error(SecretMissing()) is ExitCode.USER_ACTION_REQUIRED
    assert exit_code_for_storage_error(FileError("/a", "full")) is ExitCode.FILE_ERROR
    for error in (KeyringIsLocked(), KeyringIsDown(), NotPersisted()):
        assert exit_code_for_storage_error(error) is ExitCode.KEYRING_ERROR


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no"), ExitCode.USAGE_ERROR),
        (NoSuchAccount("wx1"), ExitCode.NOT_FOUND),
        (FileError("/a", "full"), ExitCode.FILE_ERROR),
        (RefreshRefused("no"), ExitCode.USER_ACTION_REQUIRED),
        (RefreshDelayed("later"), ExitCode.TRY_LATER),
        (GuardDogError("bug"), ExitCode.INTERNAL_ERROR),
    ],
)
def test_errors_have_their_codes(error: GuardDogError, code: ExitCode) -> None:
    assert exit_code_for_error(error) is code
