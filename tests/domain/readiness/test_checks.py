from typing import Any

import pytest

from guarddog_gui.domain.readiness.answers import AddressChange, PageAnswer
from guarddog_gui.domain.readiness.certificate import Certificate
from guarddog_gui.domain.readiness.checks import (
    CheckedItem,
    PageAnswers,
    PageCheck,
    Reason,
    Tick,
    check_page,
    has_failed,
    needs_user,
)
from guarddog_gui.domain.readiness.target import CheckTarget, parse_target
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure

NOW = 1_800_000_000.0
DAY = 86_400
VALID = Certificate(("a.cn",), NOW - DAY, NOW + 60 * DAY, "An authority")
PAGE = PageAnswer("https://a.cn/", status=200, address="93.184.216.34", certificate=VALID)
TO_HTTPS = PageAnswer("http://a.cn/", status=301, location="https://a.cn/")
FILE = "MP_verify_abcd1234.txt"
TLS_FAILURE = TransportFailure(FailureKind.TLS, "unknown issuer", may_have_counted=False)


def changed(answer: PageAnswer, **fields: Any) -> PageAnswer:
    from msgspec.structs import replace

    return replace(answer, **fields)


def make_target(text: str = "a.cn", verify_file: str = "") -> CheckTarget:
    target = parse_target(text, verify_file)
    assert isinstance(target, CheckTarget)
    return target


def items(
    *page: PageAnswer,
    target: CheckTarget | None = None,
    http: tuple[PageAnswer, ...] = (),
    file: tuple[PageAnswer, ...] = (),
    domains: tuple[str, ...] = (),
    is_test: bool = False,
) -> dict[PageCheck, CheckedItem]:
    answers = PageAnswers(page or (PAGE,), http, file)
    found = check_page(target or make_target(), answers, domains, NOW, is_test=is_test)
    return {item.check: item for item in found}


def result(found: dict[PageCheck, CheckedItem], check: PageCheck) -> tuple[Tick, Reason]:
    return found[check].tick, found[check].reason


def test_a_page_that_is_ready() -> None:
    body = PageAnswer("x", status=200, body=b"abcd1234\n")
    found = items(target=make_target("a.cn", FILE), http=(TO_HTTPS, PAGE), file=(body,), domains=("a.cn",))
    assert [item.tick for item in found.values()] == [Tick.OK] * len(PageCheck)
    assert list(found) == list(PageCheck)
    assert not has_failed(found.values())


# -- the name ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a.cn", Reason.DOMAIN_OK),
        ("a.cn:8443", Reason.DOMAIN_HAS_PORT),
        ("localhost", Reason.DOMAIN_IS_LOCAL),
        ("shop.localhost:8080", Reason.DOMAIN_IS_LOCAL),
        ("10.0.0.1", Reason.DOMAIN_IS_ADDRESS),
        ("[::1]", Reason.DOMAIN_IS_ADDRESS),
        ("a_b.cn", Reason.DOMAIN_UNUSABLE),
    ],
)
def test_the_name_of_a_js_safe_domain(text: str, reason: Reason) -> None:
    found = items(target=make_target(text))[PageCheck.DOMAIN]
    assert found.reason is reason
    assert found.tick is (Tick.OK if reason is Reason.DOMAIN_OK else Tick.FAILED)


def test_a_test_account_takes_any_name() -> None:
    assert items(target=make_target("localhost:9999"), is_test=True)[PageCheck.DOMAIN].tick is Tick.WARNING


def test_a_name_in_another_script_is_shown_in_both_forms() -> None:
    found = items(target=make_target("商店.cn"))[PageCheck.DOMAIN]
    assert dict(found.values)["domain"] == "商店.cn (xn--czrs0t.cn)"


def test_the_domains_of_the_account_are_compared() -> None:
    assert result(items(domains=("a.cn",)), PageCheck.LISTED) == (Tick.OK, Reason.LISTED)
    assert result(items(domains=("cn",)), PageCheck.LISTED) == (Tick.OK, Reason.LISTED)
    assert result(items(domains=("b.cn",)), PageCheck.LISTED) == (Tick.FAILED, Reason.UNLISTED)
    assert result(items(), PageCheck.LISTED) == (Tick.NOT_CHECKED, Reason.LIST_UNKNOWN)


# -- the connection ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "tick"),
    [
        ("93.184.216.34", Tick.OK),
        ("10.0.0.1", Tick.WARNING),
        ("127.0.0.1", Tick.WARNING),
        ("198.18.0.9", Tick.NOT_CHECKED),
        ("", Tick.NOT_CHECKED),
    ],
)
def test_a_private_address_is_named_and_allowed(address: str, tick: Tick) -> None:
    found = items(changed(PAGE, address=address))
    assert found[PageCheck.ADDRESS].tick is tick
    assert not has_failed(found.values())


def test_behind_a_proxy_the_address_is_unknown() -> None:
    found = items(changed(PAGE, address="", proxy="http://10.0.0.9:8080"))
    assert result(found, PageCheck.ADDRESS) == (Tick.NOT_CHECKED, Reason.BEHIND_PROXY)


@pytest.mark.parametrize(
    ("status", "text", "tick", "is_temporary"),
    [
        (200, "a.cn", Tick.OK, False),
        (404, "a.cn", Tick.WARNING, False),
        (404, "a.cn/p", Tick.FAILED, False),
        (403, "a.cn/p", Tick.WARNING, False),
        (503, "a.cn", Tick.FAILED, True),
    ],
)
def test_the_status_of_the_page(status: int, text: str, tick: Tick, is_temporary: bool) -> None:  # noqa: FBT001
    item = items(changed(PAGE, status=status), target=make_target(text))[PageCheck.HTTPS]
    assert (item.tick, item.is_temporary) == (tick, is_temporary)


@pytest.mark.parametrize(
    ("kind", "is_temporary"), [(FailureKind.TIMEOUT, True), (FailureKind.OFFLINE, True), (FailureKind.PROXY, False)]
)
def test_a_page_that_cannot_be_reached(kind: FailureKind, is_temporary: bool) -> None:  # noqa: FBT001 - a table
    failed = PageAnswer("https://a.cn/", failure=TransportFailure(kind))
    found = items(failed, http=(failed,), target=make_target("a.cn", FILE))
    assert result(found, PageCheck.HTTPS) == (Tick.FAILED, Reason.FAILED)
    assert needs_user(found.values()) is not is_temporary
    others = (
        PageCheck.ADDRESS,
        PageCheck.CERTIFICATE,
        PageCheck.REDIRECTS,
        PageCheck.PLAIN_HTTP,
        PageCheck.VERIFY_FILE,
    )
    assert {found[check].tick for check in others} == {Tick.NOT_CHECKED}


@pytest.mark.parametrize(
    ("certificate", "failure", "tick", "reason"),
    [
        (VALID, None, Tick.OK, Reason.CERTIFICATE_OK),
        (changed(VALID, valid_until=NOW + 5 * DAY), None, Tick.WARNING, Reason.CERTIFICATE_ENDS_SOON),  # type: ignore[arg-type]
        (changed(VALID, valid_until=NOW - DAY), TLS_FAILURE, Tick.FAILED, Reason.CERTIFICATE_EXPIRED),  # type: ignore[arg-type]
        (changed(VALID, valid_from=NOW + DAY), TLS_FAILURE, Tick.FAILED, Reason.CERTIFICATE_EARLY),  # type: ignore[arg-type]
        (changed(VALID, names=("b.cn",)), TLS_FAILURE, Tick.FAILED, Reason.CERTIFICATE_OTHER_HOST),  # type: ignore[arg-type]
        (VALID, TLS_FAILURE, Tick.FAILED, Reason.CERTIFICATE_UNTRUSTED),
        (None, TLS_FAILURE, Tick.FAILED, Reason.CERTIFICATE_UNTRUSTED),
        (None, None, Tick.NOT_CHECKED, Reason.NOT_REACHED),
    ],
)
def test_the_certificate(
    certificate: Certificate | None, failure: TransportFailure | None, tick: Tick, reason: Reason
) -> None:
    found = items(changed(PAGE, certificate=certificate, failure=failure))
    assert result(found, PageCheck.CERTIFICATE) == (tick, reason)


def test_the_days_of_the_certificate_are_counted() -> None:
    assert dict(items()[PageCheck.CERTIFICATE].values)["days"] == 60
    expired = changed(PAGE, certificate=Certificate(("a.cn",), 0, NOW - 3 * DAY, ""), failure=TLS_FAILURE)
    assert dict(items(expired)[PageCheck.CERTIFICATE].values)["days"] == 3


# -- redirects --------------------------------------------------------------------------------------


def to(location: str, url: str = "https://a.cn/") -> PageAnswer:
    return changed(PAGE, url=url, status=302, location=location)


@pytest.mark.parametrize(
    ("answers", "domains", "tick", "change"),
    [
        ((to("https://www.a.cn/"),), (), Tick.WARNING, AddressChange.HOST),
        ((to("https://www.a.cn/"),), ("a.cn",), Tick.WARNING, AddressChange.HOST),
        ((to("https://b.cn/"),), ("a.cn",), Tick.FAILED, AddressChange.HOST),
        ((to("http://a.cn/x"), changed(PAGE, url="http://a.cn/x")), (), Tick.FAILED, AddressChange.NO_TLS),
        ((to("/home"), changed(PAGE, url="https://a.cn/home")), (), Tick.WARNING, AddressChange.PATH),
        ((to("/b"), to("/", "https://a.cn/b")), (), Tick.FAILED, AddressChange.LOOP),
        ((to("/"),), (), Tick.FAILED, AddressChange.LOOP),
        ((to("javascript:1"),), (), Tick.FAILED, AddressChange.NOT_A_PAGE),
        ((to("https://open.weixin.qq.com/connect/x"),), ("a.cn",), Tick.WARNING, AddressChange.LOGIN),
    ],
)
def test_redirects_that_change_the_address(
    answers: tuple[PageAnswer, ...], domains: tuple[str, ...], tick: Tick, change: AddressChange
) -> None:
    item = items(*answers, domains=domains)[PageCheck.REDIRECTS]
    assert (item.tick, item.reason, item.change) == (tick, Reason.REDIRECT, change)


def test_a_missing_slash_is_a_change_of_its_own() -> None:
    page = to("/p/", "https://a.cn/p")
    item = items(page, changed(PAGE, url="https://a.cn/p/"), target=make_target("a.cn/p"))[PageCheck.REDIRECTS]
    assert (item.tick, item.change) == (Tick.WARNING, AddressChange.SLASH)


@pytest.mark.parametrize(
    ("http", "tick", "reason"),
    [
        ((TO_HTTPS, PAGE), Tick.OK, Reason.HTTP_REDIRECTS),
        ((PageAnswer("http://a.cn/", status=200),), Tick.WARNING, Reason.HTTP_OPEN),
        ((PageAnswer("http://a.cn/", status=404),), Tick.OK, Reason.HTTP_CLOSED),
        ((PageAnswer("http://a.cn/", failure=TransportFailure(FailureKind.OFFLINE)),), Tick.OK, Reason.HTTP_CLOSED),
        ((changed(TO_HTTPS, location="https://b.cn/"),), Tick.WARNING, Reason.HTTP_ELSEWHERE),
        (
            (changed(TO_HTTPS, location="/x"), PageAnswer("http://a.cn/x", status=200)),
            Tick.WARNING,
            Reason.HTTP_ELSEWHERE,
        ),
    ],
)
def test_where_plain_http_leads(http: tuple[PageAnswer, ...], tick: Tick, reason: Reason) -> None:
    assert result(items(http=http), PageCheck.PLAIN_HTTP) == (tick, reason)


# -- WeChat's file ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "tick", "reason"),
    [
        (PageAnswer("x", status=200, body=b"abcd1234"), Tick.OK, Reason.FILE_OK),
        (PageAnswer("x", status=200, body=b"\xef\xbb\xbfabcd1234"), Tick.WARNING, Reason.FILE_HAS_BOM),
        (PageAnswer("x", status=200, body=b"abcd123"), Tick.FAILED, Reason.FILE_OTHER_CONTENT),
        (PageAnswer("x", status=200, body=b""), Tick.FAILED, Reason.FILE_OTHER_CONTENT),
        (PageAnswer("x", status=200, body=b"abcd1234", is_cut=True), Tick.FAILED, Reason.FILE_OTHER_CONTENT),
        (PageAnswer("x", status=200, body=b"<!doctype html>"), Tick.FAILED, Reason.FILE_IS_HTML),
        (PageAnswer("x", status=200, body=b"Hi", content_type="text/html"), Tick.FAILED, Reason.FILE_IS_HTML),
        (PageAnswer("x", status=404), Tick.FAILED, Reason.FILE_MISSING),
        (PageAnswer("x", status=403), Tick.FAILED, Reason.FILE_STATUS),
        (PageAnswer("https://a.cn/f", status=302, location="https://b.cn/f"), Tick.FAILED, Reason.FILE_REDIRECTS),
        (PageAnswer("x", failure=TransportFailure(FailureKind.TIMEOUT)), Tick.FAILED, Reason.FAILED),
    ],
)
def test_the_file_of_wechat(answer: PageAnswer, tick: Tick, reason: Reason) -> None:
    found = items(target=make_target("a.cn", FILE), file=(answer,))
    assert result(found, PageCheck.VERIFY_FILE) == (tick, reason)


def test_a_file_without_a_name_is_not_asked_for() -> None:
    assert result(items(), PageCheck.VERIFY_FILE) == (Tick.NOT_CHECKED, Reason.FILE_NOT_NAMED)
