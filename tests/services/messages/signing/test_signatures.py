"""Every warning and every refusal about a page is a sentence, in both languages."""

import pytest

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.url_warnings import UrlWarning, UrlWarningKind
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.problems import INPUT_PROBLEMS
from guarddog_gui.services.messages.signing.signatures import DETAIL_LENGTH_MAX, not_signed_message, url_warning_message
from guarddog_gui.services.signing import InvalidField, NoLiveTicket, SignField, TicketUnsupported
from tests.services.messages.languages import CHINESE, ENGLISH

MINI = Account("wxabcdef1234567890", "小店", Platform.MINI_PROGRAM)
PROBLEMS = [
    InputProblem.EMPTY_URL,
    InputProblem.URL_TOO_LONG,
    InputProblem.URL_UNPRINTABLE,
    InputProblem.URL_ENCODED,
    InputProblem.URL_RELATIVE,
    InputProblem.URL_OTHER_SCHEME,
    InputProblem.URL_WITHOUT_HOST,
    InputProblem.EMPTY_NONCE,
    InputProblem.NONCE_TOO_LONG,
    InputProblem.INVALID_NONCE,
    InputProblem.INVALID_TIMESTAMP,
    InputProblem.TIMESTAMP_FAR_FROM_NOW,
]


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("kind", UrlWarningKind)
def test_every_flaw_is_said_and_its_correction_shown(kind: UrlWarningKind, sentences: Messages) -> None:
    said = url_warning_message(UrlWarning(kind, "{x}%s", "https://a.cn/?{y}"), sentences)

    assert said.summary
    assert "https://a.cn/?{y}" in said.advice
    assert url_warning_message(UrlWarning(kind, "x"), sentences).advice == ""


def test_a_flaw_names_the_part_that_has_it() -> None:
    said = url_warning_message(UrlWarning(UrlWarningKind.UNLISTED_DOMAIN, "shop.a.cn"), ENGLISH)

    assert said.text == (
        "shop.a.cn is not covered by the JS-safe domains of this account. Expect “invalid url domain”."
    )


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_problem_says_what_to_do(problem: InputProblem, sentences: Messages) -> None:
    said = not_signed_message(InvalidField(SignField.URL, problem), MINI, sentences)
    summary, advice = INPUT_PROBLEMS[problem]
    assert advice
    assert said == Message(sentences.text(summary), sentences.text(advice))


def test_a_problem_with_a_correction_shows_it() -> None:
    said = not_signed_message(
        InvalidField(SignField.TIMESTAMP, InputProblem.TIMESTAMP_IN_MS, "1790000000"), MINI, ENGLISH
    )
    assert said.text == "The timestamp is in milliseconds; WeChat wants seconds. Corrected: 1790000000"


def test_a_mini_program_is_told_apart_from_a_ticket_that_is_not_there_yet() -> None:
    assert "mini program" in not_signed_message(TicketUnsupported(), MINI, ENGLISH).summary
    assert "小程序" in not_signed_message(TicketUnsupported(), MINI, CHINESE).summary
    assert "Refresh" in not_signed_message(NoLiveTicket(), MINI, ENGLISH).advice


def test_a_long_fragment_is_shortened_so_that_no_window_cuts_it_off() -> None:
    warning = UrlWarning(UrlWarningKind.FRAGMENT, "#/" + "a" * 300 + "/end", None)
    summary = url_warning_message(warning, ENGLISH).summary
    assert "aaa…aaa" in summary
    assert max(map(len, summary.split())) <= DETAIL_LENGTH_MAX
