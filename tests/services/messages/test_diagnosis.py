"""The sentences of a diagnosis: for every kind, in both languages, with what was signed in them."""

import re
from pathlib import Path

import pytest

from guarddog_gui.domain.diagnosis.candidate_tickets import KnownTicket, TicketSource
from guarddog_gui.domain.diagnosis.mistakes import Group, Mistake, MistakeKind
from guarddog_gui.domain.diagnosis.search import Cancelled, Match, NoMatch, Suspect
from guarddog_gui.domain.message_catalog import Words
from guarddog_gui.services.messages.diagnosis import Difference, diagnosed, mistake_sentence, shown
from guarddog_gui.services.messages.message import Sentences
from tests.catalogue import CATALOGUE

RESOURCES = Path(__file__).parents[3] / "resources"
WORDS = (RESOURCES / "words.json").read_text(encoding="utf-8")
TICKET = KnownTicket("secret-ticket", TicketSource.CURRENT, "wx1", "Shop")
PAGE = "https://a.cn/p/?from=timeline"
PROBLEMS = [
    "no-signature", "bad-signature", "no-nonce", "endless-nonce", "no-timestamp", "not-a-timestamp",
    "bad-entry", "no-known-ticket", "config-none", "config-variables",
]  # fmt: skip


@pytest.fixture(params=["en", "zh_CN"])
def sentences(request: pytest.FixtureRequest) -> Sentences:
    return Sentences(Words.from_text(WORDS, request.param), CATALOGUE, str)


@pytest.fixture
def english() -> Sentences:
    return Sentences(Words.from_text(WORDS, "en"), CATALOGUE, str)


@pytest.mark.parametrize("kind", MistakeKind)
def test_every_kind_of_mistake_has_words_and_something_to_do(kind: MistakeKind, sentences: Sentences) -> None:
    said = mistake_sentence(Mistake(kind, "what was signed", "what was meant"), sentences)

    assert said.what
    assert said.todo
    assert "{" not in said.text
    assert said.what[-1] in ".。:：" or said.what.endswith("what was signed")


def test_no_two_kinds_say_the_same(sentences: Sentences) -> None:
    said = [mistake_sentence(Mistake(kind, "s", "m"), sentences).what for kind in MistakeKind]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("suspect", Suspect)
def test_every_suspect_has_words_and_something_to_do(suspect: Suspect, sentences: Sentences) -> None:
    said = diagnosed(NoMatch(((Group.URL, 3),), (suspect,)), sentences)

    assert said.details[0].what
    assert said.details[0].todo


@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_problem_is_one_sentence_with_something_to_do(problem: str, sentences: Sentences) -> None:
    said = sentences.bad_input(problem)

    assert len(re.findall(r"[.。](?:\s|$)", said.what)) <= 1
    assert said.todo
    assert problem not in said.text


def test_a_right_signature_is_said_to_be_right(english: Sentences) -> None:
    said = diagnosed(Match((), PAGE, PAGE, TICKET), english)

    assert said.verdict.what == f"The signature is right for `{PAGE}`."
    assert "location.href" in said.verdict.todo
    assert (said.details, said.difference) == ((), None)


def test_a_bare_domain_that_is_right_as_given_is_said_to_get_a_slash(english: Sentences) -> None:
    url = "http://mp.weixin.qq.com?params=value"
    said = diagnosed(Match((), url, url, TICKET), english)

    assert said.verdict.what == f"The signature is right for `{url}`."
    assert said.verdict.todo.startswith("The browser puts a / after the domain")


def test_a_wrong_url_is_said_beside_the_right_one_and_marked(english: Sentences) -> None:
    mistakes = (
        Mistake(MistakeKind.SLASH_MISSING, "", "/"),
        Mistake(MistakeKind.SHARE_MISSING, "", "from=timeline"),
    )

    said = diagnosed(Match(mistakes, "https://a.cn/p", PAGE, TICKET), english)

    assert said.verdict.text == f"You signed `https://a.cn/p` but the page is `{PAGE}`."
    assert [detail.what for detail in said.details] == [
        "The / at the end of the domain or path is missing in what was signed.",
        "from=timeline is missing in what was signed. WeChat, an authorisation or a campaign put it into the address.",
    ]
    assert said.difference == Difference("https://a.cn/p", PAGE, (), ((14, len(PAGE)),))


def test_the_same_in_chinese() -> None:
    chinese = Sentences(Words.from_text(WORDS, "zh_CN"), CATALOGUE, str)
    match = Match((Mistake(MistakeKind.HTTP, "http", "https"),), "http://a.cn/", "https://a.cn/", TICKET)

    assert diagnosed(match, chinese).verdict.what == "签名用的是 `http://a.cn/`，而页面是 `https://a.cn/`。"


def test_where_the_url_is_right_the_mistake_itself_is_the_verdict(english: Sentences) -> None:
    mistakes = (Mistake(MistakeKind.ACCESS_TOKEN), Mistake(MistakeKind.NONCE_CASE, "abc", "ABC"))

    said = diagnosed(Match(mistakes, PAGE, PAGE, TICKET), english)

    assert said.verdict.what == "An access_token was signed with in place of the jsapi_ticket."
    assert "getticket" in said.verdict.todo
    assert said.details[0].what.startswith("The nonce abc was signed, and wx.config has ABC")
    assert said.difference is None


def test_no_match_counts_what_was_ruled_out(sentences: Sentences) -> None:
    counts = tuple((group, 1000 + place) for place, group in enumerate(Group))

    said = diagnosed(NoMatch(counts, tuple(Suspect)), sentences)

    assert "6,015" in said.verdict.what
    assert len(said.details) == len(Suspect)
    assert len(said.ruled_out) == len(Group)
    assert "1,005" in said.ruled_out[-1]


def test_what_was_not_tried_is_not_said_to_be_ruled_out(sentences: Sentences) -> None:
    said = diagnosed(NoMatch(((Group.URL, 0), (Group.PAIR, 1)), ()), sentences)
    assert len(said.ruled_out) == 1


def test_a_cancelled_search_says_so(sentences: Sentences) -> None:
    assert diagnosed(Cancelled(), sentences).verdict.what


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
    assert shown(text) == seen


def test_no_ticket_is_in_what_is_said(sentences: Sentences) -> None:
    for kind in (MistakeKind.OLD_TICKET, MistakeKind.ACCESS_TOKEN, MistakeKind.FOREIGN_TICKET):
        said = diagnosed(Match((Mistake(kind),), PAGE, PAGE, TICKET), sentences)
        assert TICKET.value not in said.verdict.text + repr(said)
