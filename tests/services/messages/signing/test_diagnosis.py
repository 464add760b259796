"""The sentences of a diagnosis: for every kind, in both languages, with what was signed in them."""

import re

import pytest

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, MistakeLocation
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch, PossibleCause, SignatureMatch
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.messages.signing.diagnosis import (
    UrlDifference,
    diagnosis_text,
    fix_text,
    mistake_message,
    visible_text,
)
from tests.errcode_catalogue import CATALOGUE

TICKET = CandidateTicket("secret-ticket", TicketOrigin.CURRENT, "wx1", "Shop")
PAGE = "https://a.cn/p/?from=timeline"
PROBLEMS = [
    InputProblem.SIGNATURE_MISSING,
    InputProblem.SIGNATURE_INVALID,
    InputProblem.NONCE_MISSING,
    InputProblem.NONCE_ENDLESS,
    InputProblem.TIMESTAMP_MISSING,
    InputProblem.TIMESTAMP_NOT_A_NUMBER,
    InputProblem.INVALID_ENTRY_URL,
    InputProblem.NO_KNOWN_TICKET,
    InputProblem.CONFIG_NOT_FOUND,
    InputProblem.CONFIG_HAS_VARIABLES,
    InputProblem.CONFIG_IS_TEMPLATE,
    InputProblem.SIGNATURE_IS_TEMPLATE,
    InputProblem.NONCE_IS_TEMPLATE,
    InputProblem.TIMESTAMP_IS_TEMPLATE,
    InputProblem.PAYMENT_SIGNATURE,
    InputProblem.MESSAGE_SIGNATURE,
]


@pytest.fixture(params=["en", "zh_CN"])
def sentences(request: pytest.FixtureRequest) -> Messages:
    return Messages(load_message_catalog(request.param), CATALOGUE, str)


@pytest.fixture
def english() -> Messages:
    return Messages(load_message_catalog("en"), CATALOGUE, str)


@pytest.mark.parametrize("kind", MistakeKind)
def test_every_kind_of_mistake_has_words_and_something_to_do(kind: MistakeKind, sentences: Messages) -> None:
    said = mistake_message(Mistake(kind, "what was signed", "what was meant"), sentences)

    assert said.summary
    assert said.advice
    assert "{" not in said.text
    assert said.summary[-1] in ".。:：" or said.summary.endswith("what was signed")


def test_no_two_kinds_say_the_same(sentences: Messages) -> None:
    said = [mistake_message(Mistake(kind, "s", "m"), sentences).summary for kind in MistakeKind]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("suspect", PossibleCause)
def test_every_suspect_has_words_and_something_to_do(suspect: PossibleCause, sentences: Messages) -> None:
    said = diagnosis_text(NoMatch(((MistakeLocation.URL, 3),), (suspect,)), sentences)

    assert said.details[0].summary
    assert said.details[0].advice


@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_problem_is_one_sentence_with_something_to_do(problem: InputProblem, sentences: Messages) -> None:
    said = sentences.for_bad_input(problem)

    assert len(re.findall(r"[.。](?:\s|$)", said.summary)) <= 1
    assert said.advice
    assert problem not in said.text


def test_a_right_signature_is_said_to_be_right(english: Messages) -> None:
    said = diagnosis_text(SignatureMatch((), PAGE, PAGE, TICKET), english)

    assert said.summary.summary == f"The signature is right for `{PAGE}`."
    assert "location.href" in said.summary.advice
    assert (said.details, said.difference) == ((), None)


def test_a_bare_domain_that_is_right_as_given_is_said_to_get_a_slash(english: Messages) -> None:
    url = "http://mp.weixin.qq.com?params=value"
    said = diagnosis_text(SignatureMatch((), url, url, TICKET), english)

    assert said.summary.summary == f"The signature is right for `{url}`."
    assert said.summary.advice.startswith("The browser puts a / after the domain")


def test_a_wrong_url_is_said_beside_the_right_one_and_marked(english: Messages) -> None:
    mistakes = (
        Mistake(MistakeKind.SLASH_MISSING, "", "/"),
        Mistake(MistakeKind.SHARE_PARAMETER_MISSING, "", "from=timeline"),
    )

    said = diagnosis_text(SignatureMatch(mistakes, "https://a.cn/p", PAGE, TICKET), english)

    assert said.summary.text == f"You signed `https://a.cn/p` but the page is `{PAGE}`."
    assert [detail.summary for detail in said.details] == [
        "The / at the end of the domain or path is missing in what was signed.",
        "from=timeline is missing in what was signed. WeChat, an authorisation or a campaign put it into the address.",
    ]
    assert said.difference == UrlDifference("https://a.cn/p", PAGE, (), ((14, len(PAGE)),))


def test_the_same_in_chinese() -> None:
    chinese = Messages(load_message_catalog("zh_CN"), CATALOGUE, str)
    match = SignatureMatch((Mistake(MistakeKind.HTTP, "http", "https"),), "http://a.cn/", "https://a.cn/", TICKET)

    assert diagnosis_text(match, chinese).summary.summary == "签名用的是 `http://a.cn/`，而页面是 `https://a.cn/`。"


def test_where_the_url_is_right_the_mistake_itself_is_the_verdict(english: Messages) -> None:
    mistakes = (Mistake(MistakeKind.ACCESS_TOKEN), Mistake(MistakeKind.NONCE_CASE, "abc", "ABC"))

    said = diagnosis_text(SignatureMatch(mistakes, PAGE, PAGE, TICKET), english)

    assert said.summary.summary == "An access_token was signed with in place of the jsapi_ticket."
    assert "getticket" in said.summary.advice
    assert said.details[0].summary.startswith("The nonce abc was signed, and wx.config has ABC")
    assert said.difference is None


def test_no_match_counts_what_was_ruled_out(sentences: Messages) -> None:
    counts = tuple((group, 1000 + place) for place, group in enumerate(MistakeLocation))

    said = diagnosis_text(NoMatch(counts, tuple(PossibleCause)), sentences)

    assert "6,015" in said.summary.summary
    assert len(said.details) == len(PossibleCause)
    assert len(said.ruled_out) == len(MistakeLocation)
    assert "1,005" in said.ruled_out[-1]


def test_what_was_not_tried_is_not_said_to_be_ruled_out(sentences: Messages) -> None:
    said = diagnosis_text(NoMatch(((MistakeLocation.URL, 0), (MistakeLocation.PAIR, 1)), ()), sentences)
    assert len(said.ruled_out) == 1


def test_a_cancelled_search_says_so(sentences: Messages) -> None:
    assert diagnosis_text(DiagnosisCancelled(), sentences).summary.summary


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("https://a.cn/\n", "https://a.cn/\\n"),
        (" https://a.cn/  ", "␣https://a.cn/␣␣"),
        ("\r\n", "\\r\\n"),
        (" ", "␣"),
        ("", ""),
        ("图 a", "图 a"),
        ("\ud800", "\\ud800"),
        ("x" * 400, "x" * 150 + "…" + "x" * 150),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, seen: str) -> None:
    assert visible_text(text) == seen


def test_no_ticket_is_in_what_is_said(sentences: Messages) -> None:
    for kind in (MistakeKind.OLD_TICKET, MistakeKind.ACCESS_TOKEN, MistakeKind.FOREIGN_TICKET):
        said = diagnosis_text(SignatureMatch((Mistake(kind),), PAGE, PAGE, TICKET), sentences)
        assert TICKET.value not in said.summary.text + repr(said)


def test_the_fix_has_every_mistake_and_both_urls(english: Messages) -> None:
    mistakes = (Mistake(MistakeKind.SLASH_MISSING, "", "/"), Mistake(MistakeKind.SHARE_PARAMETER_MISSING, "", "from=x"))
    text = fix_text(diagnosis_text(SignatureMatch(mistakes, "https://a.cn/p", PAGE, TICKET), english), english)
    lines = text.splitlines()
    assert lines[0].startswith("The / at the end")
    assert lines[1].startswith("from=x is missing")
    assert lines[2:] == ["signed: https://a.cn/p", f"page: {PAGE}"]
    assert "`" not in text


def test_the_fix_of_a_right_url_is_the_mistake_alone(english: Messages) -> None:
    match = SignatureMatch((Mistake(MistakeKind.MD5),), PAGE, PAGE, TICKET)
    text = fix_text(diagnosis_text(match, english), english)
    assert "MD5" in text
    assert "signed:" not in text


FAULTS = (
    Mistake(MistakeKind.CONFIG_NAME, "noncestr", "nonceStr"),
    Mistake(MistakeKind.CONFIG_MISSING, "", "appId"),
    Mistake(MistakeKind.CONFIG_EMPTY, "", "appId"),
    Mistake(MistakeKind.CONFIG_TEMPLATE, "{{ t }}", "timestamp"),
)
FAULT_TEXTS = [
    "wx.config has noncestr in place of nonceStr, so WeChat answers invalid signature.",
    "wx.config has no appId, so WeChat answers config:fail.",
    "wx.config has “” as appId, so WeChat answers config:fail.",
    (
        "timestamp in wx.config is the place of a template, `{{ t }}`, which the server has not filled in; "
        "WeChat answers invalid signature."
    ),
]


def test_a_right_signature_in_a_call_that_cannot_work_is_not_said_to_be_right_alone(english: Messages) -> None:
    said = diagnosis_text(SignatureMatch(FAULTS, PAGE, PAGE, TICKET), english)

    assert said.summary.summary == f"The signature is right for `{PAGE}`, but WeChat refuses this wx.config."
    assert [detail.summary for detail in said.details] == FAULT_TEXTS
    assert fix_text(said, english).splitlines()[1].startswith("wx.config has noncestr in place of nonceStr")


def test_the_mistakes_of_the_call_stand_before_the_possible_causes(english: Messages) -> None:
    said = diagnosis_text(NoMatch(((MistakeLocation.URL, 3),), (PossibleCause.TICKET,), FAULTS[:2]), english)

    assert [detail.summary for detail in said.details[:2]] == FAULT_TEXTS[:2]
    assert len(said.details) == 3


def test_the_corrected_address_of_a_page_is_mentioned(english: Messages) -> None:
    said = diagnosis_text(SignatureMatch((), PAGE, PAGE, TICKET, has_escaped_page=True), english)

    assert said.summary.summary == f"The signature is right for `{PAGE}`."
    assert said.summary.advice.startswith("The address was given with &amp;")
