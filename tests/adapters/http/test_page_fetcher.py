"""Fetch pages from real servers on this computer, with good and bad certificates, redirects and bad behaviour."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from guarddog_gui.adapters.http import connect
from guarddog_gui.adapters.http.page_fetcher import HttpPageFetcher
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.readiness.answers import PageAnswer
from guarddog_gui.domain.readiness.checks import PageCheck, Reason, Tick
from guarddog_gui.domain.readiness.target import parse_target
from guarddog_gui.domain.wechat.protocol import FailureKind
from guarddog_gui.services.page_check import PageChecker, PageReport
from tests.adapters import certificates
from tests.adapters.certificates import CertificateAuthority
from tests.adapters.fault_server import (
    ConnectionScript,
    FaultServer,
    connect_proxy_to,
    drip,
    drip_tls,
    flood,
    hang,
    http_response,
    read_request,
    reply_with,
    reset,
)
from tests.adapters.http.wechat_requests import LEFT_OPEN_BY_PYTHON

TIMEOUT_S = 1.0
OK = http_response(b"hello")
NOW = certificates.REFERENCE_DATE.timestamp()


@pytest.fixture(autouse=True)
def every_name_is_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int) -> Sequence[connect.AddressInfo]:
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return socket.getaddrinfo("127.0.0.1", port, type=socket.SOCK_STREAM)

    monkeypatch.setattr(connect, "resolve_addresses", resolve)
    monkeypatch.setattr("guarddog_gui.adapters.http.session.system_proxy_for", lambda _url: None)


def fetch(url: str, body_max: int = 100) -> PageAnswer:
    started = time.monotonic()
    answer = HttpPageFetcher(TIMEOUT_S).fetch(url, body_max, 30.0)
    assert time.monotonic() - started < 2 * TIMEOUT_S + 1
    return answer


def kind_of(answer: PageAnswer) -> FailureKind | None:
    return None if answer.failure is None else answer.failure.kind


def test_a_page_with_a_good_certificate(authority: CertificateAuthority, tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, authority, "shop.test", valid_until_days=900)
    response = http_response(b"hello", "Content-Type: text/plain", "Content-Length: 5")
    with FaultServer(reply_with(response), tls=tls) as server:
        answer = fetch(f"https://shop.test:{server.port}/p?x=1")
    assert (answer.status, answer.body, answer.content_type, answer.address) == (
        200,
        b"hello",
        "text/plain",
        "127.0.0.1",
    )
    assert answer.certificate is not None
    assert answer.certificate.names == ("shop.test",)
    assert answer.failure is None
    request = b"".join(server.received)
    assert request.startswith(b"GET /p?x=1 HTTP/1.1\r\n")
    assert b"Cookie" not in request
    assert b"Authorization" not in request


@LEFT_OPEN_BY_PYTHON
@pytest.mark.parametrize(
    ("hosts", "days", "is_signed", "reason"),
    [
        (("shop.test",), -100, True, Reason.CERTIFICATE_EXPIRED),
        (("other.test", "*.other.test"), 9999, True, Reason.CERTIFICATE_OTHER_HOST),
        (("shop.test",), 9999, False, Reason.CERTIFICATE_UNTRUSTED),
    ],
)
def test_a_bad_certificate_is_read_nevertheless(
    authority: CertificateAuthority,
    tmp_path: Path,
    hosts: tuple[str, ...],
    days: int,
    is_signed: bool,  # noqa: FBT001 - a table
    reason: Reason,
) -> None:
    tls = certificates.server_context(tmp_path, authority if is_signed else None, *hosts, valid_until_days=days)
    with FaultServer(reply_with(OK), tls=tls) as server:
        answer = fetch(f"https://shop.test:{server.port}/")
        assert kind_of(answer) is FailureKind.TLS
        assert answer.certificate is not None
        assert answer.certificate.names == hosts
        report = check(f"shop.test:{server.port}")
    item = next(item for item in report.items if item.check is PageCheck.CERTIFICATE)
    assert (item.tick, item.reason) == (Tick.FAILED, reason)
    assert b"".join(server.received) == b"", "a request was sent to a server that is not trusted"


def test_a_redirect_is_not_followed(authority: CertificateAuthority, tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, authority, "shop.test")
    location = "/页".encode().decode("latin-1")
    response = http_response(b"", f"Location: {location}", "Content-Length: 0", status="302 Found").decode()
    with FaultServer(reply_with(response.encode("latin-1")), tls=tls) as server:
        answer = fetch(f"https://shop.test:{server.port}/")
    assert (answer.status, answer.location) == (302, "/页")
    assert server.connections == 1


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (hang, FailureKind.TIMEOUT),
        (drip(b"x", b"HTTP/1.1 200 OK\r\nX-Long: "), FailureKind.TIMEOUT),
        (drip(b"x", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"), FailureKind.TIMEOUT),
        (reset, FailureKind.CUT_OFF),
        (reply_with(b"SSH-2.0-OpenSSH_9.6\r\n"), FailureKind.UNEXPECTED_JSON),
    ],
)
def test_a_server_that_misbehaves(script: ConnectionScript, kind: FailureKind) -> None:
    with FaultServer(script) as server:
        assert kind_of(fetch(f"http://shop.test:{server.port}/")) is kind


@LEFT_OPEN_BY_PYTHON
def test_a_handshake_without_end_is_given_up() -> None:
    with FaultServer(drip_tls) as server:
        assert kind_of(fetch(f"https://shop.test:{server.port}/")) is FailureKind.TIMEOUT


def test_an_endless_body_is_read_in_part() -> None:
    with FaultServer(flood(b"x", b"HTTP/1.1 200 OK\r\n\r\n")) as server:
        answer = fetch(f"http://shop.test:{server.port}/")
        assert (len(answer.body), answer.is_cut) == (100, True)
        assert fetch(f"http://shop.test:{server.port}/", 0).body == b""


def test_a_name_without_an_address_and_a_closed_port() -> None:
    answer = fetch("https://shop.invalid/")
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.detail) == (FailureKind.OFFLINE, "name not found")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert kind_of(fetch(f"http://shop.test:{port}/")) is FailureKind.OFFLINE


def test_behind_a_proxy(authority: CertificateAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = certificates.server_context(tmp_path, authority, "shop.test")
    with FaultServer(reply_with(OK), tls=tls) as server, FaultServer(connect_proxy_to(server.port)) as proxy:
        address = f"http://me:pw@127.0.0.1:{proxy.port}"
        monkeypatch.setattr("guarddog_gui.adapters.http.session.system_proxy_for", lambda _url: address)
        answer = fetch("https://shop.test/")
    assert (answer.status, answer.address, answer.proxy) == (200, "", f"http://127.0.0.1:{proxy.port}")
    assert answer.certificate is not None


def test_a_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(reply_with(http_response(b"", status="403 Forbidden"))) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        monkeypatch.setattr("guarddog_gui.adapters.http.session.system_proxy_for", lambda _url: address)
        assert kind_of(fetch("https://shop.test/")) is FailureKind.PROXY


# -- the whole check --------------------------------------------------------------------------------


def check(text: str, file_name: str = "") -> PageReport:
    target = parse_target(text, file_name)
    assert not isinstance(target, InputProblem)
    report = PageChecker(fetcher=HttpPageFetcher(TIMEOUT_S), clock=lambda: NOW).check(target, None)
    assert isinstance(report, PageReport)
    return report


def site(pages: dict[str, bytes]) -> ConnectionScript:
    def script(connection: socket.socket) -> None:
        path = read_request(connection).split(b" ")[1].decode()
        connection.sendall(pages.get(path) or http_response(b"<html>404</html>", status="404 Not Found"))

    return script


def redirect_to(location: str) -> bytes:
    return http_response(b"", f"Location: {location}", "Content-Length: 0", status="301 Moved Permanently")


def test_a_site_in_another_script_with_redirects_and_the_file(authority: CertificateAuthority, tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, authority, "xn--czrs0t.test")
    name = "MP_verify_aB3dE5gH7jK9mN1p.txt"
    pages = {"/p": redirect_to("/p/"), "/p/": OK, f"/{name}": http_response(b"aB3dE5gH7jK9mN1p")}
    with FaultServer(site(pages), tls=tls) as server:
        report = check(f"商店.test:{server.port}/p", name)
    ticks = {item.check: (item.tick, item.reason) for item in report.items}
    assert ticks == {
        PageCheck.DOMAIN: (Tick.FAILED, Reason.DOMAIN_HAS_PORT),
        PageCheck.LISTED: (Tick.NOT_CHECKED, Reason.LIST_UNKNOWN),
        PageCheck.ADDRESS: (Tick.WARNING, Reason.LOCAL_ADDRESS),
        PageCheck.HTTPS: (Tick.OK, Reason.ANSWERS),
        PageCheck.CERTIFICATE: (Tick.OK, Reason.CERTIFICATE_OK),
        PageCheck.REDIRECTS: (Tick.WARNING, Reason.REDIRECT),
        PageCheck.VERIFY_FILE: (Tick.OK, Reason.FILE_OK),
    }


def test_a_single_page_app_answers_in_place_of_the_file(authority: CertificateAuthority, tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, authority, "shop.test")
    with FaultServer(reply_with(http_response(b"<!doctype html>" + b"x" * 9000)), tls=tls) as server:
        report = check(f"shop.test:{server.port}", "MP_verify_abcd1234.txt")
    assert report.items[-1].reason is Reason.FILE_IS_HTML


def test_a_circle_of_redirects_ends(authority: CertificateAuthority, tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, authority, "shop.test")
    with FaultServer(site({"/": redirect_to("/b"), "/b": redirect_to("/")}), tls=tls) as server:
        report = check(f"shop.test:{server.port}")
        assert server.connections == 2
    item = next(item for item in report.items if item.check is PageCheck.REDIRECTS)
    assert item.tick is Tick.FAILED
