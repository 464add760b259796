"""Search for mistakes in signatures that are made wrong here by hand, without code of the product."""

import json
import random
from collections.abc import Callable
from hashlib import md5, sha1, sha256
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.diagnosis_input import DiagnosisInput, validate_diagnosis_input
from guarddog_gui.domain.diagnosis.mistakes import CALL_KINDS, Mistake, MistakeKind, MistakeLocation
from guarddog_gui.domain.diagnosis.search import (
    VARIANTS_PER_PROGRESS,
    DiagnosisCancelled,
    NoMatch,
    PossibleCause,
    SignatureMatch,
    diagnose,
)
from guarddog_gui.domain.paste.config_call import CallMistake, CallMistakeKind

PAGE = "https://shop.example.cn/g/list/?b=2&a=1&from=timeline&isappinstalled=0"
CHINESE = "https://shop.example.cn/%E5%9B%BE/?q=%E4%BD%A0%20a"
FRAGMENT = "#/detail?id=7"
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
OLD, OTHER, TOKEN, STRANGER, OTHER_OLD, OTHER_TOKEN = (letter * 86 for letter in "odtpqr")
CARD = "E0o2-at6NcC2OsJiQTlwlC" + "c" * 64
NONCE, TIME = "Wm3WZYTPz0wzccnW", "1414587457"
SHOP = "wx1234567890abcdef"
KNOWN = (
    CandidateTicket(TICKET, TicketOrigin.CURRENT, SHOP, "Shop"),
    CandidateTicket(STRANGER, TicketOrigin.PASTED),
    CandidateTicket(OLD, TicketOrigin.OLD, SHOP, "Shop"),
    CandidateTicket(OTHER, TicketOrigin.OTHER_ACCOUNT, "wxabcdefabcdefabcd", "小店"),
    CandidateTicket(OTHER_OLD, TicketOrigin.OTHER_ACCOUNT_OLD, "wxabcdefabcdefabcd", "小店"),
    CandidateTicket(CARD, TicketOrigin.CARD, SHOP, "Shop"),
    CandidateTicket(TOKEN, TicketOrigin.ACCESS_TOKEN, SHOP, "Shop"),
    CandidateTicket(OTHER_TOKEN, TicketOrigin.OTHER_ACCESS_TOKEN, "wxabcdefabcdefabcd", "小店"),
)
M = MistakeKind


def signed(
    url: str = PAGE,
    *,
    ticket: str = TICKET,
    nonce: str = NONCE,
    time: str = TIME,
    string: str = "jsapi_ticket={ticket}&noncestr={nonce}&timestamp={time}&url={url}",
) -> str:
    text = string.format(ticket=ticket, nonce=nonce, time=time, url=url)
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def evidence(signature: str, page: str = PAGE, **more: Any) -> DiagnosisInput:
    return DiagnosisInput(page, signature, more.pop("nonce", NONCE), more.pop("timestamp", TIME), KNOWN, **more)


def found(case: DiagnosisInput) -> SignatureMatch:
    result = diagnose(case)
    assert isinstance(result, SignatureMatch), result
    return result


def kinds(case: DiagnosisInput) -> list[MistakeKind]:
    return [mistake.kind for mistake in found(case).mistakes]


# -- right -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [PAGE, PAGE + FRAGMENT, f"  {PAGE}\n", "https://SHOP.example.cn" + PAGE[23:]])
def test_a_correct_signature_has_no_mistake(page: str) -> None:
    match = found(evidence(signed(), page))

    assert match.mistakes == ()
    assert match.signed_url == match.page_url == PAGE
    assert match.ticket == KNOWN[0]


def test_the_official_example_has_no_mistake() -> None:
    ticket = (CandidateTicket(TICKET, TicketOrigin.GIVEN_BY_USER),)
    case = DiagnosisInput(
        "http://mp.weixin.qq.com?params=value", "0f9de62fce790f9a083d5c99e95740ceb90c27ed", NONCE, TIME, ticket
    )
    assert found(case).mistakes == ()


def test_a_url_typed_in_chinese_matches_its_encoded_form() -> None:
    typed = unquote(CHINESE)

    assert kinds(evidence(signed(CHINESE), typed)) == []
    assert kinds(evidence(signed(typed), typed)) == [M.DECODED]


@pytest.mark.parametrize(
    ("typed", "reported"),
    [
        ("https://a.cn", "https://a.cn/"),
        ("https://a.cn?x=1", "https://a.cn/?x=1"),
        ("https://a.cn:443/p", "https://a.cn/p"),
        ("http://a.cn:80/p", "http://a.cn/p"),
        ("https://图.cn/p", "https://xn--wcs.cn/p"),
        ("https://a.cn/p?q='a b'", "https://a.cn/p?q=%27a%20b%27"),
    ],
)
def test_the_page_is_compared_in_the_form_that_browsers_report(typed: str, reported: str) -> None:
    match = found(evidence(signed(reported), typed))
    assert (match.mistakes, match.signed_url, match.page_url) == ((), reported, reported)


def test_a_signed_url_without_a_path_is_correct_as_typed() -> None:
    for typed in ("https://a.cn", "https://a.cn?x=/?1"):
        match = found(evidence(signed(typed), typed))
        assert (match.mistakes, match.signed_url, match.page_url) == ((), typed, typed)
    assert kinds(evidence(signed("https://a.cn"), "https://a.cn/")) == [M.SLASH_MISSING]
    assert kinds(evidence(signed("http://a.cn"), "https://a.cn")) == [M.HTTP]


@pytest.mark.parametrize(
    ("page", "url", "expected"),
    [
        ("https://a.cn/p?", "https://a.cn/p", [M.QUESTION_MARK_MISSING]),
        ("https://a.cn/list", "https://a.cn/home", [M.ENTRY_PATH]),
        ("https://a.cn/m/list", "https://a.cn/m/index.html", [M.ENTRY_PATH]),
        ("https://a.cn/shop/detail/3", "https://a.cn/shop", [M.ENTRY_PATH]),
        ("https://a.cn/shop/detail/3?id=1", "https://a.cn/shop/detail/", [M.ENTRY_PATH]),
        ("https://a.cn/shop/detail/3?id=1", "https://a.cn/shop?id=1", [M.ENTRY_PATH]),
        ("https://a.cn/list?id=1", "https://a.cn/home", [M.ENTRY_PATH, M.QUERY_MISSING]),
        ("https://a.cn/shop/detail/3", "https://a.cn/", [M.SITE_ROOT]),
        ("https://a.cn/shop/", "https://a.cn/", [M.SITE_ROOT]),
        ("https://a.cn/shop/detail/3", "https://a.cn/shop/deta", [M.URL_CUT]),
        ("https://a.cn/shop/", "https://a.cn/shop/home", [M.DEFAULT_DOCUMENT_ADDED]),
    ],
)
def test_another_page_of_the_same_site_may_have_been_signed(page: str, url: str, expected: list[MistakeKind]) -> None:
    assert kinds(evidence(signed(url), page)) == expected


def test_a_page_that_was_copied_out_of_html_is_corrected() -> None:
    escaped = "https://a.cn/p?a=1&amp;b=2"
    match = found(evidence(signed("https://a.cn/p?a=1&b=2"), escaped))
    assert (match.mistakes, match.page_url, match.has_escaped_page) == ((), "https://a.cn/p?a=1&b=2", True)

    match = found(evidence(signed("http://a.cn/p?a=1&b=2"), escaped))
    assert [mistake.kind for mistake in match.mistakes] == [M.HTTP]
    assert (match.page_url, match.has_escaped_page) == ("https://a.cn/p?a=1&b=2", True)

    match = found(evidence(signed(escaped), escaped))
    assert (match.mistakes, match.page_url, match.has_escaped_page) == ((), escaped, False)


FAULTS = (
    CallMistake(CallMistakeKind.MISNAMED, "appId", "appid"),
    CallMistake(CallMistakeKind.MISSING, "jsApiList"),
    CallMistake(CallMistakeKind.EMPTY, "nonceStr"),
    CallMistake(CallMistakeKind.TEMPLATE, "timestamp", "{{ t }}"),
)
FAULT_MISTAKES = (
    Mistake(M.CONFIG_NAME, "appid", "appId"),
    Mistake(M.CONFIG_MISSING, "", "jsApiList"),
    Mistake(M.CONFIG_EMPTY, "", "nonceStr"),
    Mistake(M.CONFIG_TEMPLATE, "{{ t }}", "timestamp"),
)


def test_the_mistakes_of_the_call_are_named_also_where_the_signature_is_right() -> None:
    assert found(evidence(signed(), call_mistakes=FAULTS)).mistakes == FAULT_MISTAKES
    wrong = found(evidence(signed("http" + PAGE[5:]), call_mistakes=FAULTS[:1]))
    assert [mistake.kind for mistake in wrong.mistakes] == [M.HTTP, M.CONFIG_NAME]


def test_the_mistakes_of_the_call_are_named_where_no_variant_matches() -> None:
    result = diagnose(DiagnosisInput("https://a.cn/", "0" * 40, "n", TIME, KNOWN[:1], call_mistakes=FAULTS))
    assert isinstance(result, NoMatch)
    assert result.config_mistakes == FAULT_MISTAKES


# -- cases of users and of other programs ----------------------------------------------------------


def wrongly_signed() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    groups = json.loads(Path(__file__).with_name("signed_wrongly.json").read_text(encoding="utf-8"))
    return [(group, case) for group in groups for case in group["cases"]]


WRONGLY_SIGNED = wrongly_signed()
CASE_IDS = [f"{number} {'+'.join(case['kinds'])}" for number, (_, case) in enumerate(WRONGLY_SIGNED)]


@pytest.mark.parametrize(("group", "case"), WRONGLY_SIGNED, ids=CASE_IDS)
def test_a_wrongly_signed_page_names_its_mistakes(group: dict[str, Any], case: dict[str, Any]) -> None:
    ticket = CandidateTicket(group["ticket"], TicketOrigin.CURRENT)
    string = case.get("signed", "").replace("<ticket>", ticket.value)
    signature = case.get("signature") or sha1(string.encode(), usedforsecurity=False).hexdigest()

    match = found(DiagnosisInput(case["page"], signature, group["nonce"], group["timestamp"], (ticket,)))

    assert [mistake.kind for mistake in match.mistakes] == case["kinds"]


# -- one mistake -----------------------------------------------------------------------------------

URLS = {
    "own fragment": (M.FRAGMENT, PAGE + FRAGMENT),
    "slash missing": (M.SLASH_MISSING, PAGE.replace("/?", "?")),
    "http": (M.HTTP, PAGE.replace("https", "http")),
    "443": (M.PORT_ADDED, PAGE.replace(".cn/", ".cn:443/")),
    "80": (M.PORT_ADDED, PAGE.replace(".cn/", ".cn:80/")),
    "python's quote": (M.ENCODED, quote(PAGE, safe="")),
    ".net's escapes": (M.ENCODED, quote(PAGE, safe="").replace("%3A", "%3a").replace("%2F", "%2f").replace("%3F", "%3f").replace("%3D", "%3d")),
    "share left out": (M.SHARE_PARAMETER_MISSING, PAGE.replace("from=timeline&", "")),
    "the other share left out": (M.SHARE_PARAMETER_MISSING, PAGE.replace("&isappinstalled=0", "")),
    "both left out": (M.SHARE_PARAMETER_MISSING, PAGE.partition("&from")[0]),
    "share added": (M.SHARE_PARAMETER_ADDED, PAGE + "&from=singlemessage"),
    "own left out": (M.PARAMETER_MISSING, PAGE.replace("b=2&", "")),
    "query dropped": (M.QUERY_MISSING, PAGE.partition("?")[0]),
    "sorted": (M.QUERY_ORDER, PAGE.partition("?")[0] + "?a=1&b=2&from=timeline&isappinstalled=0"),
    "another order": (M.QUERY_ORDER, PAGE.partition("?")[0] + "?a=1&isappinstalled=0&from=timeline&b=2"),
    "escaped": (M.URL_HTML_AMPERSAND, PAGE.replace("&", "&amp;")),
    "upper case": (M.HOST_CASE, PAGE.replace("shop.example.cn", "SHOP.EXAMPLE.CN")),
    "www": (M.WWW_ADDED, PAGE.replace("//", "//www.")),
    "line break": (M.URL_WHITESPACE, PAGE + "\n"),
    "blank in front": (M.URL_WHITESPACE, " " + PAGE),
    "root": (M.SITE_ROOT, "https://shop.example.cn/"),
    "entry": (M.ENTRY_URL, "https://shop.example.cn/home?z=9"),
    "claimed": (M.OTHER_URL, "https://api.example.cn/page"),
    "from the entry": (M.PARAMETER_ADDED, PAGE + "&z=9"),
}  # fmt: skip


@pytest.mark.parametrize("case", URLS)
def test_a_wrong_url_is_found(case: str) -> None:
    kind, url = URLS[case]
    entry, claimed = "https://shop.example.cn/home?z=9#/start", "https://api.example.cn/page"

    match = found(evidence(signed(url), PAGE + FRAGMENT, entry_url=entry, claimed_url=claimed))

    assert [mistake.kind for mistake in match.mistakes] == [kind]
    assert (match.signed_url, match.page_url, match.ticket) == (url, PAGE, KNOWN[0])


@pytest.mark.parametrize(
    ("page", "url", "kind"),
    [
        ("https://a.cn/p", "https://a.cn/p/", M.SLASH_ADDED),
        ("https://a.cn/", "https://a.cn", M.SLASH_MISSING),
        ("http://a.cn/p", "https://a.cn/p", M.HTTPS),
        ("https://a.cn:8443/p", "https://a.cn/p", M.PORT_MISSING),
        ("https://a.cn:8443/p", "https://a.cn:443/p", M.PORT_OTHER),
        ("https://www.a.cn/p", "https://a.cn/p", M.WWW_MISSING),
        ("https://a.cn:443/p", "https://a.cn:443/p", M.PORT_ADDED),
        ("https://图.cn/p", "https://图.cn/p", M.HOST_CASE),
        ("https://Shop.CN/p", "https://Shop.CN/p", M.HOST_CASE),
        ("https://a.cn/p?code=c&state=s", "https://a.cn/p", M.SHARE_PARAMETER_MISSING),
        ("https://a.cn/p?utm_source=x&id=1", "https://a.cn/p?id=1", M.SHARE_PARAMETER_MISSING),
        ("https://a.cn/p", "https://a.cn/p?from=groupmessage&isappinstalled=0", M.SHARE_PARAMETER_ADDED),
        ("https://a.cn/p", "https://a.cn/p#wechat_redirect", M.FRAGMENT),
        (CHINESE, unquote(CHINESE), M.DECODED),
        (CHINESE, quote(CHINESE, safe=":/?=&"), M.ESCAPED),
        ("https://a.cn/%25E5%259B%25BE", "https://a.cn/%E5%9B%BE", M.DECODED),
        ("https://a.cn/%25E5%259B%25BE", "https://a.cn/图", M.DECODED_TWICE),
    ],
)
def test_a_wrong_url_of_a_special_page_is_found(page: str, url: str, kind: MistakeKind) -> None:
    match = found(evidence(signed(url), page))

    assert [mistake.kind for mistake in match.mistakes] == [kind]
    assert match.signed_url == url


RIGHT = "jsapi_ticket={ticket}&noncestr={nonce}&timestamp={time}&url={url}"
SIGNED = RIGHT.format(ticket=TICKET, nonce=NONCE, time=TIME, url=PAGE).encode()
STRINGS = {
    "nonceStr": (M.NONCE_NAME, signed(string=RIGHT.replace("noncestr", "nonceStr"))),
    "nonce lower": (M.NONCE_CASE, signed(nonce=NONCE.lower())),
    "nonce upper": (M.NONCE_CASE, signed(nonce=NONCE.upper())),
    "nonce with a line break": (M.NONCE_WHITESPACE, signed(nonce=NONCE + "\n")),
    "ms": (M.TIMESTAMP_MS, signed(time=TIME + "000")),
    "ms, cut off later": (M.TIMESTAMP_MS, signed(time=TIME + "987")),
    "ms, rounded later": (M.TIMESTAMP_MS, signed(time="1414587456501")),
    "float": (M.TIMESTAMP_FRACTION, signed(time=TIME + ".0")),
    "quoted": (M.TIMESTAMP_QUOTED, signed(time=f'"{TIME}"')),
    "order": (M.FIELD_ORDER, signed(string="noncestr={nonce}&jsapi_ticket={ticket}&timestamp={time}&url={url}")),
    "url not last": (M.FIELD_ORDER, signed(string="url={url}&jsapi_ticket={ticket}&noncestr={nonce}&timestamp={time}")),
    "timeStamp": (M.FIELD_NAME, signed(string=RIGHT.replace("timestamp", "timeStamp"))),
    "appId first": (M.APPID_FIELD, signed(string=f"appId={SHOP}&{RIGHT}")),
    "appid last": (M.APPID_FIELD, signed(string=f"{RIGHT}&appid={SHOP}")),
    "×tamp": (M.TIMES_SIGN, signed(string="jsapi_ticket={ticket}&noncestr={nonce}×tamp={time}&url={url}")),
    "&amp;": (M.HTML_AMPERSAND, signed(string=RIGHT.replace("&", "&amp;"))),
    "old": (M.OLD_TICKET, signed(ticket=OLD)),
    "other": (M.OTHER_ACCOUNT, signed(ticket=OTHER)),
    "pasted": (M.FOREIGN_TICKET, signed(ticket=STRANGER)),
    "card ticket": (M.CARD_TICKET, signed(ticket=CARD)),
    "access token": (M.ACCESS_TOKEN, signed(ticket=TOKEN)),
    "ticket with a line break": (M.TICKET_WHITESPACE, signed(ticket=TICKET + "\n")),
    "upper case": (M.UPPER_CASE, signed().upper()),
    "md5": (M.MD5, md5(SIGNED, usedforsecurity=False).hexdigest()),
    "sha256": (M.SHA256, sha256(SIGNED).hexdigest()),
}  # fmt: skip


@pytest.mark.parametrize("case", STRINGS)
def test_a_wrong_string_around_the_correct_url_is_found(case: str) -> None:
    kind, signature = STRINGS[case]

    match = found(evidence(signature))

    assert [mistake.kind for mistake in match.mistakes] == [kind]
    assert match.signed_url == match.page_url == PAGE


@pytest.mark.parametrize(
    ("in_config", "in_string", "kind"),
    [
        (TIME + "123", TIME + "123", M.TIMESTAMP_MS_BOTH),
        (TIME + "123", TIME, M.TIMESTAMP_SECONDS),
        (TIME + "623", "1414587458", M.TIMESTAMP_SECONDS),
        (TIME + ".5", TIME, M.TIMESTAMP_FRACTION),
        (TIME + ".5", TIME + ".5", M.TIMESTAMP_FRACTION),
    ],
)
def test_a_wrong_timestamp_in_the_config_is_found(in_config: str, in_string: str, kind: MistakeKind) -> None:
    assert set(kinds(evidence(signed(time=in_string), timestamp=in_config))) >= {kind}


def test_a_nonce_with_blanks_in_the_config_is_found() -> None:
    assert kinds(evidence(signed(), nonce=NONCE + " ")) == [M.NONCE_WHITESPACE]


def test_values_of_another_account_have_both_mistakes() -> None:
    old, token = found(evidence(signed(ticket=OTHER_OLD))), found(evidence(signed(ticket=OTHER_TOKEN)))

    assert [mistake.kind for mistake in old.mistakes] == [M.OTHER_ACCOUNT, M.OLD_TICKET]
    assert [mistake.kind for mistake in token.mistakes] == [M.OTHER_ACCOUNT, M.ACCESS_TOKEN]
    assert old.mistakes[0].signed == "小店"


def test_an_appid_of_another_account_is_found() -> None:
    match = found(evidence(signed(), appid="wxffffffffffffffff"))

    assert [(m.kind, m.signed, m.expected) for m in match.mistakes] == [(M.WRONG_APPID, "wxffffffffffffffff", SHOP)]
    assert found(evidence(signed(), appid=SHOP)).mistakes == ()


def test_every_kind_of_mistake_is_tested_here() -> None:
    told = {kind for kind, _ in (*URLS.values(), *STRINGS.values())}
    told |= {M.SLASH_ADDED, M.HTTPS, M.PORT_MISSING, M.PORT_OTHER, M.WWW_MISSING, M.DECODED, M.ESCAPED}
    told |= {M.DECODED_TWICE, M.TIMESTAMP_MS_BOTH, M.TIMESTAMP_SECONDS}
    told |= {M.ENTRY_PATH, M.WRONG_APPID, *CALL_KINDS}
    told |= {M(kind) for _, case in WRONGLY_SIGNED for kind in case["kinds"]}

    assert told == set(MistakeKind)


# -- two mistakes ----------------------------------------------------------------------------------

URL_MISTAKES: dict[MistakeKind, Callable[[str], str]] = {
    M.FRAGMENT: lambda url: url + FRAGMENT,
    M.SLASH_MISSING: lambda url: url.replace("/?", "?"),
    M.HTTP: lambda url: url.replace("https", "http"),
    M.PORT_ADDED: lambda url: url.replace(".cn", ".cn:443"),
    M.SHARE_PARAMETER_MISSING: lambda url: url.replace("&from=timeline", ""),
    M.QUERY_ORDER: lambda url: url.replace("b=2&a=1", "a=1&b=2"),
    M.WWW_ADDED: lambda url: url.replace("//", "//www."),
}
WHOLE_MISTAKES: dict[MistakeKind, Callable[[str], str]] = {
    M.ENCODED: lambda url: quote(url, safe=""),
    M.URL_WHITESPACE: lambda url: url + "\n",
}
STRING_MISTAKES: dict[MistakeKind, dict[str, str]] = {
    M.NONCE_CASE: {"nonce": NONCE.lower()},
    M.TIMESTAMP_MS: {"time": TIME + "123"},
    M.OLD_TICKET: {"ticket": OLD},
    M.TIMES_SIGN: {"string": RIGHT.replace("&times", "×")},
}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_two_mistakes_at_once_are_both_found(data: st.DataObject) -> None:
    all_of_them = [*URL_MISTAKES, *WHOLE_MISTAKES, *STRING_MISTAKES]
    pair = data.draw(st.lists(st.sampled_from(all_of_them), min_size=2, max_size=2, unique=True))
    if set(pair) <= set(WHOLE_MISTAKES):
        pair[0] = M.HTTP
    if set(pair) == {M.SHARE_PARAMETER_MISSING, M.QUERY_ORDER}:
        pair[1] = M.HTTP  # the same URL results from reordering the other parameters
    url = PAGE
    for kind, change in (*URL_MISTAKES.items(), *WHOLE_MISTAKES.items()):
        url = change(url) if kind in pair else url
    around: dict[str, str] = {}
    for kind in pair:
        around |= STRING_MISTAKES.get(kind, {})

    match = found(evidence(signed(url, **around), PAGE + FRAGMENT))

    assert {mistake.kind for mistake in match.mistakes} == set(pair)
    assert match.signed_url == url


def test_a_missing_and_an_added_parameter_are_both_found() -> None:
    url = PAGE.replace("from=timeline&", "").replace("b=2&", "")
    assert kinds(evidence(signed(url))) == [M.PARAMETER_MISSING]
    url = PAGE.replace("from=timeline&isappinstalled=0", "a_is=gone").replace("&a_is=gone", "&from=groupmessage")
    assert kinds(evidence(signed(url))) == [M.SHARE_PARAMETER_MISSING, M.SHARE_PARAMETER_ADDED]


def test_the_example_of_the_issue() -> None:
    match = found(evidence(signed("https://a.cn/p"), "https://a.cn/p/?from=timeline"))

    assert {mistake.kind for mistake in match.mistakes} == {M.SLASH_MISSING, M.SHARE_PARAMETER_MISSING}
    assert (match.signed_url, match.page_url) == ("https://a.cn/p", "https://a.cn/p/?from=timeline")


def test_the_entry_url_with_its_fragment_is_two_mistakes() -> None:
    entry = "https://shop.example.cn/home#/start"
    assert set(kinds(evidence(signed(entry), entry_url=entry))) == {M.ENTRY_URL, M.FRAGMENT}


def test_two_mistakes_in_the_string_are_both_found() -> None:
    wrong = signed(nonce=NONCE.lower(), string=RIGHT.replace("noncestr", "nonceStr"))
    assert set(kinds(evidence(wrong))) == {M.NONCE_NAME, M.NONCE_CASE}
    assert set(kinds(evidence(signed(ticket=TOKEN, time=TIME + "456")))) == {M.ACCESS_TOKEN, M.TIMESTAMP_MS}


# -- none ------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=20, max_size=20))
def test_a_random_signature_matches_nothing(digest: bytes) -> None:
    result = diagnose(evidence(digest.hex(), "https://a.cn/p?x=1"))

    assert isinstance(result, NoMatch)
    assert all(count > 0 for _, count in result.ruled_out)
    assert [group for group, _ in result.ruled_out] == list(MistakeLocation)
    assert result.tried_count <= 1_000_000


def test_possible_causes_are_in_the_order_to_check() -> None:
    result = diagnose(evidence("0" * 40))
    assert isinstance(result, NoMatch)
    assert result.possible_causes == (
        PossibleCause.TICKET,
        PossibleCause.APPID,
        PossibleCause.VALUES,
        PossibleCause.PAGE,
        PossibleCause.DOMAIN,
    )


def test_a_given_ticket_is_no_early_suspect() -> None:
    result = diagnose(replace(evidence("0" * 40), tickets=(CandidateTicket(TICKET, TicketOrigin.GIVEN_BY_USER),)))
    assert isinstance(result, NoMatch)
    assert result.possible_causes[:2] == (PossibleCause.VALUES, PossibleCause.PAGE)
    assert PossibleCause.GIVEN_TICKET in result.possible_causes
    assert PossibleCause.TICKET not in result.possible_causes


def test_an_unknown_appid_is_the_first_possible_cause() -> None:
    result = diagnose(evidence("0" * 40, appid="wxffffffffffffffff"))
    assert isinstance(result, NoMatch)
    assert result.possible_causes[0] is PossibleCause.APPID


def many_tickets(count: int) -> tuple[CandidateTicket, ...]:
    return tuple(CandidateTicket(f"{n:086}", TicketOrigin.OTHER_ACCOUNT, f"wx{n:016x}", f"{n}") for n in range(count))


@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        "https://a.cn/?" + "&".join(f"utm_{n}={n}" for n in range(40)),
        "https://a.cn/?" + "&".join(f"k{n}={'v' * 120}" for n in range(60)),
        "https://a.cn/?" + "x" * 8_000,
        "https://a.cn/" + "%25E5" * 800,
    ],
)
def test_there_are_always_less_than_a_million_variants(page: str) -> None:
    case = replace(evidence("0" * 40, page), tickets=(*KNOWN, *many_tickets(15_000)))

    result = diagnose(case)

    assert isinstance(result, NoMatch)
    assert result.tried_count < 1_000_000


# -- progress --------------------------------------------------------------------------------------


def test_progress_increases_to_the_end() -> None:
    said: list[tuple[int, int]] = []

    result = diagnose(evidence("0" * 40), lambda done, everything: said.append((done, everything)))

    assert isinstance(result, NoMatch)
    assert said == sorted(said)
    assert said[-1] == (result.tried_count, result.tried_count)
    assert len({everything for _, everything in said}) == 1
    apart = [later - earlier for (earlier, _), (later, _) in pairwise(said)]
    assert max(apart) < 4 * VARIANTS_PER_PROGRESS


@pytest.mark.parametrize("looks", [0, 1, 5, 20])
def test_the_search_stops_soon_after_cancellation(looks: int) -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > looks

    assert diagnose(evidence("0" * 40), is_cancelled=cancelled) == DiagnosisCancelled()
    assert asked == looks + 1


# -- any input ----------------------------------------------------------------------------------

TEXT = st.text(max_size=40)


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, TEXT, TEXT, st.text(alphabet="#?&=/%:@[]\\图é +", max_size=25))
def test_any_input_gives_a_result_or_is_invalid(nonce: str, ticket: str, claimed: str, appid: str, tail: str) -> None:
    case = DiagnosisInput(
        "https://a.cn/" + tail, "0" * 40, nonce, TIME, (CandidateTicket(ticket, TicketOrigin.CURRENT),),
        entry_url="https://b.cn/" + tail, claimed_url=claimed, appid=appid,
    )  # fmt: skip
    if validate_diagnosis_input(case) is None:
        assert isinstance(diagnose(case), NoMatch)


def test_a_correct_signature_matches_for_any_page() -> None:
    chance = random.Random(4)  # noqa: S311 - for tests
    for _ in range(200):
        path = "".join(chance.choices("abc/%20图.é-", k=8)).replace("%2图", "%20")
        page = f"https://a.cn/{quote(path, safe='/%')}?k={chance.random()}"
        assert kinds(evidence(signed(page), page)) == []


def test_neither_tickets_nor_strings_are_in_a_repr() -> None:
    result = diagnose(evidence(signed(ticket=OLD)))
    assert OLD not in repr(result)
    assert TICKET not in repr(evidence(signed()))
