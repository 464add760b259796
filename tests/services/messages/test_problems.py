"""Texts for values and files that cannot be used: each has one, in both languages, with advice."""

import pytest

from guarddog_gui.domain.accounts.account import Account, account_problem, secret_problem
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.problems import FileErrorReason, InputProblem
from guarddog_gui.services.messages.message import Messages
from tests.services.messages.languages import CHINESE, ENGLISH


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_bad_address_of_wechat_is_said_so_that_it_fits_the_preferences_too(sentences: Messages) -> None:
    assert "GUARDDOG_API_BASE" not in sentences.for_bad_input(InputProblem.INVALID_API_BASE).summary


def problems() -> list[InputProblem]:
    accounts = [
        Account("", "Shop"),
        Account("wx1", ""),
        Account("wx1", "Shop", ahead=-1),
        Account("wx1", "Shop", ahead=300),
        Account("wx1", "Shop", dog_dir=" "),
        Account("wx1", "Shop", dog_dir="/"),
        *(Account("wx1", "Shop", js_domains=(domain,)) for domain in ("https://a.cn", "a.cn/p", "a.cn:80", "*.a.cn")),
    ]
    found = [account_problem(account) for account in accounts]
    found += [secret_problem(text) for text in ("", "a b")]
    return [problem for problem in found if problem]


@pytest.mark.parametrize(
    "problem",
    [
        *problems(),
        InputProblem.INVALID_API_BASE,
        InputProblem.UNKNOWN_LANGUAGE,
        InputProblem.CLIPBOARD_SECONDS_OUT_OF_RANGE,
    ],
)
def test_every_problem_with_what_was_typed_says_what_would_do(problem: InputProblem) -> None:
    assert ENGLISH.for_bad_input(problem).advice
    assert ENGLISH.for_bad_input(BadInput(problem)) == ENGLISH.for_bad_input(problem)
    assert CHINESE.for_bad_input(problem).summary != ENGLISH.for_bad_input(problem).summary


def test_the_list_of_problems_above_is_whole() -> None:
    assert len(set(problems())) == 12


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("problem", InputProblem)
def test_every_problem_has_a_text(problem: InputProblem, sentences: Messages) -> None:
    assert sentences.for_bad_input(problem).summary not in ("", problem)


@pytest.mark.parametrize("reason", FileErrorReason)
def test_every_reason_of_a_file_error_has_a_text(reason: FileErrorReason) -> None:
    assert ENGLISH.file_error_reason(reason) == reason
    assert CHINESE.file_error_reason(reason) != reason
    assert ENGLISH.for_file_error(FileError("/x", reason)).advice
