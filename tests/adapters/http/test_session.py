"""The session: certificates, the system's proxy, cookies, reused connections, and how a response is read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from guarddog_gui.domain.wechat.protocol import REPLY_MAX, FailureKind, IssuedToken, Reply, TransportFailure
from tests.adapters import certificates
from tests.adapters.fault_server import (
    STATUS_OK,
    TOKEN_BODY,
    FaultServer,
    connect_proxy_to,
    http_response,
    reply_to_each,
    reply_with,
)
from tests.adapters.http.wechat_requests import CLASSIC, FAR_AWAY, SECRET, STABLE, TICKET, ask, transport


def test_the_reply_contains_the_servers_time() -> None:
    dated = http_response(TOKEN_BODY, "Date: Sun, 06 Nov 1994 08:49:37 GMT", f"Content-Length: {len(TOKEN_BODY)}")
    with FaultServer(reply_with(dated)) as server:
        reply = transport(server.base).send(STABLE)
    assert reply == Reply(200, TOKEN_BODY, 784111777.0)


@pytest.mark.parametrize(
    "date", ["", "tomorrow", "Sun, 99 Nov 99999 99:99:99 GMT", "Sun, 06 Nov 1994 08:49:37 +9999999999999999", "\x80"]
)
def test_a_malformed_date_is_ignored(date: str) -> None:
    with FaultServer(
        reply_with(http_response(TOKEN_BODY, f"Date: {date}", f"Content-Length: {len(TOKEN_BODY)}"))
    ) as server:
        reply = transport(server.base).send(STABLE)
    assert isinstance(reply, Reply)
    assert reply.body == TOKEN_BODY


def test_a_body_without_length_ends_with_the_connection() -> None:
    with FaultServer(reply_with(http_response(TOKEN_BODY, "Connection: close"))) as server:
        assert ask(server.base) == IssuedToken("NEWTOKEN-0123456789", 7200)


def test_a_chunked_body_is_joined() -> None:
    chunks = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (5, TOKEN_BODY[:5], len(TOKEN_BODY) - 5, TOKEN_BODY[5:])
    with FaultServer(reply_with(http_response(chunks, "Transfer-Encoding: chunked"))) as server:
        assert ask(server.base) == IssuedToken("NEWTOKEN-0123456789", 7200)


def test_cookies_are_not_sent_back() -> None:
    cookie = http_response(TOKEN_BODY, "Set-Cookie: a=b; Path=/", f"Content-Length: {len(TOKEN_BODY)}")
    with FaultServer(reply_to_each(cookie, cookie)) as server:
        http = transport(server.base)
        http.send(STABLE)
        http.send(STABLE)
        http.close()
    assert b"cookie" not in b"".join(server.received).lower()


def test_the_connection_is_reused_by_the_next_request() -> None:
    with FaultServer(reply_to_each(*[http_response(TOKEN_BODY)] * 5)) as server:
        http = transport(server.base)
        for request in (STABLE, CLASSIC, TICKET, STABLE, STABLE):
            assert isinstance(http.send(request), Reply)
        http.close()
        assert server.connections == 1


def test_an_idle_connection_closed_by_the_server_is_replaced_before_sending() -> None:
    with FaultServer(reply_with(http_response(TOKEN_BODY))) as server:
        http = transport(server.base)
        for _ in range(5):
            assert isinstance(http.send(STABLE), Reply)
            time.sleep(0.03)  # the end of the connection is on its way
        http.close()
        assert b"".join(server.received).count(b"POST ") == 5


def test_a_malformed_header_line_is_ignored_without_logging_the_url() -> None:
    """urllib3 would log a warning with the URL."""
    with FaultServer(reply_with(STATUS_OK + b"no colon here\r\n\r\n" + TOKEN_BODY)) as server:
        assert isinstance(ask(server.base, CLASSIC), IssuedToken)


def test_a_reply_of_the_maximum_size_is_read_and_one_byte_more_is_refused() -> None:
    for size, kind in ((REPLY_MAX, Reply), (REPLY_MAX + 1, TransportFailure)):
        with FaultServer(reply_with(http_response(b" " * size))) as server:
            assert isinstance(transport(server.base).send(STABLE), kind)


def test_a_certificate_that_the_system_trusts(authority: certificates.CertificateAuthority, tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, authority, "127.0.0.1")
    with FaultServer(reply_to_each(*[http_response(TOKEN_BODY)] * 2), tls=tls) as server:
        http = transport(server.base)
        assert isinstance(http.send(CLASSIC), Reply)
        assert isinstance(http.send(CLASSIC), Reply)
        http.close()
        assert server.connections == 1


def test_no_environment_variable_disables_the_certificate_check(
    authority: certificates.CertificateAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificates.server_context(tmp_path, authority, "127.0.0.1")
    monkeypatch.delenv("SSL_CERT_FILE")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(authority.file))
    monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")
    with FaultServer(reply_with(http_response(TOKEN_BODY)), tls=tls) as server:
        answer = ask(server.base)
    assert isinstance(answer, TransportFailure)
    assert answer.kind is FailureKind.TLS


def test_verify_false_does_not_disable_the_certificate_check(
    authority: certificates.CertificateAuthority, tmp_path: Path
) -> None:
    tls = certificates.server_context(tmp_path, authority, "127.0.0.1", valid_until_days=-1)
    with FaultServer(reply_with(http_response(TOKEN_BODY)), tls=tls) as server:
        http = transport(server.base)
        http.send(CLASSIC)
        assert http._session
        http._session.verify = False
        assert http.send(CLASSIC) == TransportFailure(FailureKind.TLS, "certificate expired", may_have_counted=False)
        http.close()


def test_the_systems_proxy_is_used(far_server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(connect_proxy_to(far_server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:pass@127.0.0.1:{proxy.port}")
        http = transport(FAR_AWAY)
        assert isinstance(http.send(CLASSIC), Reply)
        assert isinstance(http.send(CLASSIC), Reply)
        http.close()
        assert proxy.connections == 1
    sent_to_proxy = b"".join(proxy.received)
    assert sent_to_proxy.startswith(b"CONNECT api.weixin.test:443 ")
    assert b"Proxy-Authorization: Basic" in sent_to_proxy
    assert SECRET.encode() not in sent_to_proxy
    assert b"Proxy-Authorization" not in b"".join(far_server.received)


def test_a_host_in_no_proxy_is_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(reply_with(b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", ".test")
        assert ask(FAR_AWAY) == TransportFailure(FailureKind.OFFLINE, "name not found", may_have_counted=False)
        assert proxy.connections == 0


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_this_machine_is_never_reached_through_a_proxy(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(reply_with(b"")) as proxy, FaultServer(reply_with(http_response(TOKEN_BODY))) as server:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        assert isinstance(ask(server.base), IssuedToken)
        assert proxy.connections == 0
