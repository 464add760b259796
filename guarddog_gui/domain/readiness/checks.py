"""Checks of a page for the JS-SDK: each looks at the answers that its server gave, and decides on a tick."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.accounts.account import js_domain_problem
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.readiness.answers import AddressChange, PageAnswer, address_change, may_follow, redirect_target
from guarddog_gui.domain.readiness.network_address import AddressKind, kind_of_address
from guarddog_gui.domain.readiness.target import CheckTarget
from guarddog_gui.domain.readiness.verify_file import expected_content
from guarddog_gui.domain.signing.page_url import PageUrl, parse_page_url
from guarddog_gui.domain.signing.url_warnings import domain_covers_page, is_local_host
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure

EXPIRY_WARNING_DAYS = 14
_TEMPORARY = frozenset({FailureKind.OFFLINE, FailureKind.TIMEOUT, FailureKind.CUT_OFF})
_BOM = b"\xef\xbb\xbf"


class PageCheck(StrEnum):
    """The checks, in the order in which they are shown."""

    DOMAIN = "domain"
    LISTED = "listed"  # in the account's JS-safe domains
    ADDRESS = "address"
    HTTPS = "https"
    CERTIFICATE = "certificate"
    REDIRECTS = "redirects"
    PLAIN_HTTP = "http"
    VERIFY_FILE = "verify-file"


class Tick(StrEnum):
    """Outcome of a check."""

    OK = "ok"
    WARNING = "doubtful"
    FAILED = "bad"
    NOT_CHECKED = "not checked"


class Reason(StrEnum):
    """What a check found; `services/messages` has the texts."""

    DOMAIN_OK = "domain-ok"
    DOMAIN_HAS_PORT = "domain-port"
    DOMAIN_IS_ADDRESS = "domain-address"
    DOMAIN_IS_LOCAL = "domain-local"
    DOMAIN_UNUSABLE = "domain-unusable"
    LISTED = "listed"
    UNLISTED = "unlisted"
    LIST_UNKNOWN = "list-unknown"
    PUBLIC_ADDRESS = "public-address"
    PRIVATE_ADDRESS = "private-address"
    LOCAL_ADDRESS = "local-address"
    INVENTED_ADDRESS = "invented-address"
    BEHIND_PROXY = "behind-proxy"
    NOT_REACHED = "not-reached"
    ANSWERS = "answers"
    STATUS = "status"
    SERVER_ERROR = "server-error"
    FAILED = "failed"
    CERTIFICATE_OK = "certificate-ok"
    CERTIFICATE_ENDS_SOON = "certificate-ends-soon"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_EARLY = "certificate-early"
    CERTIFICATE_OTHER_HOST = "certificate-other-host"
    CERTIFICATE_UNTRUSTED = "certificate-untrusted"
    NO_TLS = "no-tls"
    NO_REDIRECT = "no-redirect"
    REDIRECT = "redirect"
    HTTP_REDIRECTS = "http-redirects"
    HTTP_CLOSED = "http-closed"
    HTTP_OPEN = "http-open"
    HTTP_ELSEWHERE = "http-elsewhere"
    FILE_OK = "file-ok"
    FILE_NOT_NAMED = "file-not-named"
    FILE_MISSING = "file-missing"
    FILE_IS_HTML = "file-html"
    FILE_REDIRECTS = "file-redirects"
    FILE_HAS_BOM = "file-bom"
    FILE_OTHER_CONTENT = "file-content"
    FILE_STATUS = "file-status"


class CheckedItem(Struct, frozen=True):
    """Result of one check. `values` are what its text names; `change` and `failure` belong to some reasons."""

    check: PageCheck
    tick: Tick
    reason: Reason
    values: tuple[tuple[str, str | int], ...] = ()
    change: AddressChange = AddressChange.NONE
    failure: TransportFailure | None = None
    is_temporary: bool = False


class PageAnswers(Struct, frozen=True):
    """What the server answered: the chain of redirects of the page, of plain http, and of WeChat's file.

    Empty where nothing was asked for.
    """

    page: tuple[PageAnswer, ...]
    http: tuple[PageAnswer, ...] = ()
    verify_file: tuple[PageAnswer, ...] = ()


def check_page(
    target: CheckTarget, answers: PageAnswers, domains: tuple[str, ...], now: float, *, is_test: bool = False
) -> tuple[CheckedItem, ...]:
    """Return the list of all checks.

    `domains` are the JS-safe domains of the account, empty if unknown. A test account (`is_test`) takes any host,
    also with a port (WeChat's page about the test account).
    """
    return (
        *_check_name(target, domains, is_test=is_test),
        *_check_connection(target, answers.page[0], now),
        _check_redirects(answers.page, domains),
        *((_check_plain_http(answers.http, answers.page[0]),) if answers.http else ()),
        _check_verify_file(target, answers.verify_file),
    )


def needs_user(items: Iterable[CheckedItem]) -> bool:
    """Return True if something is wrong that does not pass by itself."""
    return any(item.tick is Tick.FAILED and not item.is_temporary for item in items)


def has_failed(items: Iterable[CheckedItem]) -> bool:
    return any(item.tick is Tick.FAILED for item in items)


# -- the name ---------------------------------------------------------------------------------------


def _check_name(target: CheckTarget, domains: tuple[str, ...], *, is_test: bool) -> tuple[CheckedItem, ...]:
    reason = _name_reason(target)
    tick = Tick.OK if reason is Reason.DOMAIN_OK else Tick.WARNING if is_test else Tick.FAILED
    spelled = target.typed_host if target.typed_host.isascii() else f"{target.typed_host} ({target.host})"
    item = CheckedItem(PageCheck.DOMAIN, tick, reason, (("domain", spelled), ("port", target.page.port[1:])))
    return item, _check_listed(target, domains)


def _name_reason(target: CheckTarget) -> Reason:
    if target.host.startswith("[") or target.host.replace(".", "").isdigit():
        return Reason.DOMAIN_IS_ADDRESS
    if is_local_host(target.host):
        return Reason.DOMAIN_IS_LOCAL
    problem: InputProblem | None = js_domain_problem(target.host)
    if problem is not None:
        return Reason.DOMAIN_UNUSABLE
    return Reason.DOMAIN_HAS_PORT if target.page.port else Reason.DOMAIN_OK


def _check_listed(target: CheckTarget, domains: tuple[str, ...]) -> CheckedItem:
    values = (("domain", target.host),)
    if not domains:
        return CheckedItem(PageCheck.LISTED, Tick.NOT_CHECKED, Reason.LIST_UNKNOWN, values)
    if _is_covered(target.page, domains):
        return CheckedItem(PageCheck.LISTED, Tick.OK, Reason.LISTED, values)
    return CheckedItem(PageCheck.LISTED, Tick.FAILED, Reason.UNLISTED, values)


def _is_covered(page: PageUrl, domains: tuple[str, ...]) -> bool:
    return any(domain_covers_page(domain, page) for domain in domains)


# -- the connection ---------------------------------------------------------------------------------


def _check_connection(target: CheckTarget, answer: PageAnswer, now: float) -> tuple[CheckedItem, ...]:
    return _check_address(answer), _check_https(target, answer), _check_certificate(target, answer, now)


def _check_address(answer: PageAnswer) -> CheckedItem:
    check, values = PageCheck.ADDRESS, (("address", answer.address), ("proxy", answer.proxy))
    if answer.proxy:
        return CheckedItem(check, Tick.NOT_CHECKED, Reason.BEHIND_PROXY, values)
    if not answer.address:
        return CheckedItem(check, Tick.NOT_CHECKED, Reason.NOT_REACHED)
    match kind_of_address(answer.address):
        case AddressKind.THIS_COMPUTER:
            return CheckedItem(check, Tick.WARNING, Reason.LOCAL_ADDRESS, values)
        case AddressKind.PRIVATE:
            return CheckedItem(check, Tick.WARNING, Reason.PRIVATE_ADDRESS, values)
        case AddressKind.INVENTED:
            return CheckedItem(check, Tick.NOT_CHECKED, Reason.INVENTED_ADDRESS, values)
        case _:
            return CheckedItem(check, Tick.OK, Reason.PUBLIC_ADDRESS, values)


def _check_https(target: CheckTarget, answer: PageAnswer) -> CheckedItem:
    check, failure = PageCheck.HTTPS, answer.failure
    if failure is not None:
        if failure.kind is FailureKind.TLS:
            return CheckedItem(check, Tick.FAILED, Reason.NO_TLS, failure=failure)
        return CheckedItem(check, Tick.FAILED, Reason.FAILED, failure=failure, is_temporary=failure.kind in _TEMPORARY)
    values = (("status", answer.status), ("url", answer.url))
    if answer.status >= 500:
        return CheckedItem(check, Tick.FAILED, Reason.SERVER_ERROR, values, is_temporary=True)
    if answer.status >= 400:  # of a domain alone: its pages may be below
        tick = Tick.FAILED if target.is_whole_page and answer.status in (404, 410) else Tick.WARNING
        return CheckedItem(check, tick, Reason.STATUS, values)
    return CheckedItem(check, Tick.OK, Reason.ANSWERS, values)


def _check_certificate(target: CheckTarget, answer: PageAnswer, now: float) -> CheckedItem:
    check, certificate, failure = PageCheck.CERTIFICATE, answer.certificate, answer.failure
    is_refused = failure is not None and failure.kind is FailureKind.TLS
    if certificate is None:
        tick, reason = (
            (Tick.FAILED, Reason.CERTIFICATE_UNTRUSTED) if is_refused else (Tick.NOT_CHECKED, Reason.NOT_REACHED)
        )
        return CheckedItem(check, tick, reason, (("issuer", ""),), failure=failure)
    days = int((certificate.valid_until - now) // DAY_S)
    values: tuple[tuple[str, str | int], ...] = (
        ("days", abs(days)),
        ("host", target.host),
        ("names", ", ".join(certificate.names[:3]) + (" …" if len(certificate.names) > 3 else "")),
        ("issuer", certificate.issuer),
    )
    reason = Reason.CERTIFICATE_OK
    if now >= certificate.valid_until:
        reason = Reason.CERTIFICATE_EXPIRED
    elif now < certificate.valid_from:
        reason = Reason.CERTIFICATE_EARLY
    elif not certificate.is_for(target.host):
        reason = Reason.CERTIFICATE_OTHER_HOST
    elif is_refused:
        reason = Reason.CERTIFICATE_UNTRUSTED
    elif days < EXPIRY_WARNING_DAYS:
        return CheckedItem(check, Tick.WARNING, Reason.CERTIFICATE_ENDS_SOON, values)
    tick = Tick.OK if reason is Reason.CERTIFICATE_OK else Tick.FAILED
    return CheckedItem(check, tick, reason, values, failure=failure)


# -- redirects --------------------------------------------------------------------------------------


def _check_redirects(answers: tuple[PageAnswer, ...], domains: tuple[str, ...]) -> CheckedItem:
    check, first, last = PageCheck.REDIRECTS, answers[0], answers[-1]
    target = redirect_target(last)
    if first.failure is not None:
        return CheckedItem(check, Tick.NOT_CHECKED, Reason.NOT_REACHED)
    if target is None and len(answers) == 1:
        return CheckedItem(check, Tick.OK, Reason.NO_REDIRECT, (("url", first.url),))
    end = last.url if target is None else target
    change = address_change(first.url, end, is_loop=_is_loop(answers, target))
    values = (("url", end), ("first", first.url), ("count", len(answers) - (target is None)))
    return CheckedItem(check, _redirect_tick(change, end, domains), Reason.REDIRECT, values, change)


def _is_loop(answers: tuple[PageAnswer, ...], target: str | None) -> bool:
    """Return True for a redirect that stayed on the host and was not followed: it was followed before."""
    if target is None or may_follow(answers, target):
        return False
    return may_follow(answers[:1], target) or target == answers[0].url


def _redirect_tick(change: AddressChange, end: str, domains: tuple[str, ...]) -> Tick:
    page = parse_page_url(end)
    match change:
        case AddressChange.NONE:
            return Tick.OK
        case AddressChange.LOOP | AddressChange.NOT_A_PAGE | AddressChange.NO_TLS:
            return Tick.FAILED
        case AddressChange.HOST if domains and page is not None and not _is_covered(page, domains):
            return Tick.FAILED
        case _:
            return Tick.WARNING


def _check_plain_http(answers: tuple[PageAnswer, ...], page_answer: PageAnswer) -> CheckedItem:
    """Look where http:// leads: a page that also opens there has a second address with a signature of its own."""
    check, last = PageCheck.PLAIN_HTTP, answers[-1]
    target = redirect_target(last)
    if target is None and last.failure is None and len(answers) == 1:
        if last.status >= 400:
            return CheckedItem(check, Tick.OK, Reason.HTTP_CLOSED)
        return CheckedItem(check, Tick.WARNING, Reason.HTTP_OPEN, (("url", last.url),))
    if len(answers) == 1 and last.failure is not None:
        if page_answer.failure is not None:
            return CheckedItem(check, Tick.NOT_CHECKED, Reason.NOT_REACHED)
        return CheckedItem(check, Tick.OK, Reason.HTTP_CLOSED)
    end = last.url if target is None else target
    first_page, page = parse_page_url(answers[0].url), parse_page_url(end)
    is_same_host = page is not None and first_page is not None and page.browser_host == first_page.browser_host
    if page is not None and page.scheme == "https" and is_same_host:
        return CheckedItem(check, Tick.OK, Reason.HTTP_REDIRECTS, (("url", end),))
    return CheckedItem(check, Tick.WARNING, Reason.HTTP_ELSEWHERE, (("url", end),))


# -- WeChat's file ----------------------------------------------------------------------------------


def _check_verify_file(target: CheckTarget, answers: tuple[PageAnswer, ...]) -> CheckedItem:
    check = PageCheck.VERIFY_FILE
    if not target.verify_file:
        return CheckedItem(check, Tick.NOT_CHECKED, Reason.FILE_NOT_NAMED)
    if not answers:
        return CheckedItem(check, Tick.NOT_CHECKED, Reason.NOT_REACHED)
    last = answers[-1]
    redirect = redirect_target(last)
    values: tuple[tuple[str, str | int], ...] = (
        ("file", target.verify_file),
        ("status", last.status),
        ("content", expected_content(target.verify_file)),
        ("url", last.url if redirect is None else redirect),
    )
    if last.failure is not None:
        is_temporary = last.failure.kind in _TEMPORARY
        return CheckedItem(check, Tick.FAILED, Reason.FAILED, values, failure=last.failure, is_temporary=is_temporary)
    if redirect is not None or len(answers) > 1:
        # its content is not compared: whether WeChat follows a redirect is not documented
        return CheckedItem(check, Tick.FAILED, Reason.FILE_REDIRECTS, values)
    return _check_file_content(target, last, values)


def _check_file_content(
    target: CheckTarget, answer: PageAnswer, values: tuple[tuple[str, str | int], ...]
) -> CheckedItem:
    check, expected = PageCheck.VERIFY_FILE, expected_content(target.verify_file).encode()
    if answer.status in (404, 410):
        return CheckedItem(check, Tick.FAILED, Reason.FILE_MISSING, values)
    if answer.status != 200:
        return CheckedItem(check, Tick.FAILED, Reason.FILE_STATUS, values, is_temporary=answer.status >= 500)
    body = answer.body.removeprefix(_BOM).strip()
    if body != expected or answer.is_cut:
        is_html = body.startswith(b"<") or "html" in answer.content_type.lower()
        return CheckedItem(check, Tick.FAILED, Reason.FILE_IS_HTML if is_html else Reason.FILE_OTHER_CONTENT, values)
    if answer.body.startswith(_BOM):
        return CheckedItem(check, Tick.WARNING, Reason.FILE_HAS_BOM, values)
    return CheckedItem(check, Tick.OK, Reason.FILE_OK, values)
