"""Messages about errors: files, keyrings, addresses and exceptions, with advice in both languages."""

import pytest

from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted, SecretMissing
from guarddog_gui.domain.errors import BadApiBase, BadInput, FileError, LockBusy, NoSuchAccount
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.services.messages.message import Messages
from tests.services.messages.languages import CHINESE, ENGLISH, attempt


def test_a_reason_of_the_system_stays_as_it_came() -> None:
    assert "Strange weather" in CHINESE.for_file_error(FileError("/x", "Strange weather")).summary


@pytest.mark.parametrize(
    "answer", [SecretMissing(), KeyringIsLocked(), KeyringIsDown(), KeyringIsDown("no bus"), NotPersisted()]
)
def test_every_answer_of_the_keyring_says_what_to_do(
    answer: SecretMissing | KeyringIsLocked | KeyringIsDown | NotPersisted,
) -> None:
    assert ENGLISH.for_keyring_result(answer).advice
    assert CHINESE.for_keyring_result(answer).advice


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_keyrings_that_are_missing_hanging_or_failing_have_texts_of_their_own(sentences: Messages) -> None:
    none, hangs, failed = (
        sentences.for_entry(attempt(AttemptResult.KEYRING_DOWN, detail=detail))
        for detail in ("no keyring answers", "no answer", "ModuleNotFoundError")
    )

    assert none == sentences.for_keyring_result(KeyringIsDown())
    assert len({none.summary, hangs.summary, failed.summary}) == len({none.advice, hangs.advice, failed.advice}) == 3
    assert "no answer" not in hangs.text
    assert (failed.code, "ModuleNotFoundError" in failed.summary) == ("ModuleNotFoundError", False)
    for said in (none, hangs, failed):
        assert said.summary.endswith((".", "。"))


def test_a_secret_that_no_keyring_can_hold_is_no_appsecret() -> None:
    assert ENGLISH.for_keyring_result(KeyringIsDown("too long")) == ENGLISH.for_bad_input(InputProblem.INVALID_SECRET)


def test_exceptions_that_are_expected_have_sentences() -> None:
    assert "nobody" in ENGLISH.for_error(NoSuchAccount("nobody")).summary
    assert ENGLISH.for_error(LockBusy("x")) == ENGLISH.for_entry(attempt(AttemptResult.LOCK_BUSY))
    assert ENGLISH.for_error(BadInput(InputProblem.INVALID_APPID)) == ENGLISH.for_bad_input(InputProblem.INVALID_APPID)
    assert ENGLISH.for_error(FileError("/x", "y")) == ENGLISH.for_file_error(FileError("/x", "y"))
    assert ENGLISH.for_crash() == ENGLISH.for_entry(attempt(AttemptResult.INTERNAL_ERROR))
    assert "/kept" in ENGLISH.for_damaged_file("/kept").summary


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_what_helps_against_a_trouble_with_a_file_depends_on_the_trouble(sentences: Messages) -> None:
    reasons = ("permission denied", "written by a newer Guard Dog", "a folder is in its place")
    todos = [sentences.for_file_error(FileError("/x", reason)).advice for reason in reasons]
    entry = attempt(AttemptResult.NOT_WRITTEN, detail=f"/x: {reasons[2]}")

    assert len(set(todos)) == 3
    assert "Guard Dog" in todos[1]
    assert sentences.for_entry(entry).advice == todos[2]


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_file_that_is_too_large_is_not_the_fault_of_the_disk(sentences: Messages) -> None:
    too_large, other = (sentences.file_error_advice(reason) for reason in ("larger than 20 bytes", "the disk is full"))
    assert too_large
    assert too_large != other


def test_a_bad_address_is_named_with_where_it_came_from() -> None:
    assert (
        "“ftp://x”, from GUARDDOG_API_BASE."
        in ENGLISH.for_bad_input(BadApiBase("ftp://x", "GUARDDOG_API_BASE")).summary
    )
    assert "“ftp://x”, from the Preferences." in ENGLISH.for_bad_input(BadApiBase("ftp://x")).summary
    assert "来自：偏好设置" in CHINESE.for_error(BadApiBase("ftp://x")).summary
    assert (
        ENGLISH.for_bad_input(BadApiBase("ftp://x")).advice
        == ENGLISH.for_bad_input(InputProblem.INVALID_API_BASE).advice
    )


def test_what_cannot_be_used_is_named_where_there_are_several() -> None:
    assert ENGLISH.for_bad_input(BadInput(InputProblem.EXPORT_OF_OTHER_ACCOUNT, "/srv/.env")).summary == (
        "About /srv/.env: Another account is already written to the same file."
    )


def test_a_missing_folder_is_to_be_made() -> None:
    said = ENGLISH.for_file_error(FileError("/srv/shop/.env", "no such file or folder"))
    assert said.advice.startswith("Make the folder")
