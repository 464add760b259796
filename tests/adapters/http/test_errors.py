"""Failures of connections, TLS and proxies: their kinds and words, without the URL."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from guarddog_gui.adapters.http.connect import Deadline, RequestStage
from guarddog_gui.adapters.http.errors import clear_frames, failure_from_exception
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from tests.adapters import certificates
from tests.adapters.fault_server import (
    STATUS_OK,
    TOKEN_BODY,
    ConnectionScript,
    FaultServer,
    close_socket,
    connect_proxy_to,
    drip,
    drip_tls,
    hang,
    http_response,
    reply_then_hang,
    reply_then_reset,
    reply_with,
    reset,
)
from tests.adapters.http.wechat_requests import FAR_AWAY, LEFT_OPEN_BY_PYTHON, SECRET, ask


def test_a_port_on_which_no_server_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}") == TransportFailure(FailureKind.OFFLINE, "refused", may_have_counted=False)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "..", "a" * 70 + ".invalid", "\N{SNOWMAN}.invalid"])
def test_an_unknown_host_name(host: str) -> None:
    answer = ask(f"https://{host}")
    assert isinstance(answer, TransportFailure)
    assert answer.kind is FailureKind.OFFLINE
    assert not answer.may_have_counted


def test_a_server_with_a_full_backlog_does_not_block_the_request() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        clients = [socket.socket() for _ in range(3)]  # fill the backlog
        for client in clients:
            client.setblocking(False)
            client.connect_ex(address)
        answer = ask(f"http://127.0.0.1:{address[1]}")
        for client in clients:
            client.close()
    assert answer == TransportFailure(FailureKind.TIMEOUT, may_have_counted=False)


def test_a_server_that_accepts_and_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answer = ask(f"http://127.0.0.1:{listener.getsockname()[1]}")
    assert answer == TransportFailure(FailureKind.TIMEOUT, may_have_counted=True)


BAD_CERTIFICATES = {
    "certificate expired": {"valid_until_days": -1},
    "certificate not yet valid": {"valid_from_days": 9000},
}


@pytest.mark.parametrize("words", BAD_CERTIFICATES)
def test_a_certificate_outside_its_validity_period(
    words: str, authority: certificates.CertificateAuthority, tmp_path: Path
) -> None:
    tls = certificates.server_context(tmp_path, authority, "127.0.0.1", **BAD_CERTIFICATES[words])
    with FaultServer(reply_with(http_response(TOKEN_BODY)), tls=tls) as server:
        assert ask(server.base) == TransportFailure(FailureKind.TLS, words, may_have_counted=False)
    assert not server.received


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_certificate_of_another_host(host: str, authority: certificates.CertificateAuthority, tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, authority, "api.weixin.qq.com")
    with FaultServer(reply_with(http_response(TOKEN_BODY)), tls=tls) as server:
        answer = ask(f"https://{host}:{server.port}")
    assert answer == TransportFailure(FailureKind.TLS, "certificate of another host", may_have_counted=False)
    assert not server.received


@pytest.mark.usefixtures("authority")
def test_a_self_signed_certificate(tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, None, "127.0.0.1")
    with FaultServer(reply_with(http_response(TOKEN_BODY)), tls=tls) as server:
        assert ask(server.base) == TransportFailure(
            FailureKind.TLS, "certificate signed by itself", may_have_counted=False
        )


@pytest.mark.usefixtures("authority")
def test_a_certificate_by_an_unknown_authority(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = certificates.make_authority(tmp_path / "other")
    tls = certificates.server_context(tmp_path, other, "127.0.0.1")
    with FaultServer(reply_with(http_response(TOKEN_BODY)), tls=tls) as server:
        answer = ask(server.base)
    assert isinstance(answer, TransportFailure)
    assert answer.kind is FailureKind.TLS
    assert not answer.may_have_counted


def close_after_first_bytes(connection: socket.socket) -> None:
    connection.recv(65536)


TLS_FAULTS: dict[str, tuple[ConnectionScript, FailureKind]] = {
    "plain HTTP on the TLS port": (lambda c: c.sendall(http_response(TOKEN_BODY, status="400 Bad")), FailureKind.TLS),
    "garbage": (lambda c: c.sendall(b"\x00" * 500), FailureKind.TLS),
    "closed": (close_socket, FailureKind.CUT_OFF),
    "reset": (reset, FailureKind.CUT_OFF),
    "closed after the first word": (close_after_first_bytes, FailureKind.CUT_OFF),
    "hangs in the handshake": (hang, FailureKind.TIMEOUT),
    "drips the handshake": (drip_tls, FailureKind.TIMEOUT),
}


@LEFT_OPEN_BY_PYTHON
@pytest.mark.parametrize("fault", TLS_FAULTS)
def test_a_fault_in_the_tls_handshake(fault: str) -> None:
    script, expected = TLS_FAULTS[fault]
    with FaultServer(script) as server:
        answer = ask(f"https://127.0.0.1:{server.port}")
    assert isinstance(answer, TransportFailure)
    assert (answer.kind, answer.may_have_counted) == (expected, False)


PROXY_FAULTS: dict[str, tuple[ConnectionScript, str]] = {
    "wants a password": (reply_with(http_response(b"", status="407 Proxy Authentication Required")), "HTTP 407"),
    "forbids it": (reply_with(http_response(b"<html>", status="403 Forbidden")), "HTTP 403"),
    "cannot reach it": (reply_with(http_response(b"", status="502 Bad Gateway")), "HTTP 502"),
    "closes": (reply_with(b""), "cut-off"),
    "resets": (reply_then_reset(), "cut-off"),
    "speaks something else": (reply_with(b"SSH-2.0\r\n"), "not HTTP"),
    "hangs": (reply_then_hang(), "no answer"),
    "drips": (drip(b"A: b\r\n", STATUS_OK), "no answer"),
}


@pytest.mark.parametrize("fault", PROXY_FAULTS)
def test_a_fault_of_the_proxy(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script, words = PROXY_FAULTS[fault]
    with FaultServer(script) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert ask(FAR_AWAY) == TransportFailure(FailureKind.PROXY, words, may_have_counted=False)


def test_a_proxy_that_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    assert ask(FAR_AWAY) == TransportFailure(FailureKind.PROXY, "refused", may_have_counted=False)


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://no-such-host.invalid:3128", "name not found"),
        ("socks4://127.0.0.1:1080", "SOCKS: version 4"),
        ("socks5://:99", "SOCKS: bad address"),
        ("socks5://no-such-host.invalid:1080", "name not found"),
        ("http://", "bad address"),
        ("http://127.0.0.1:99999", "bad address"),
    ],
)
def test_an_invalid_proxy_setting(proxy: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert ask(FAR_AWAY) == TransportFailure(FailureKind.PROXY, words, may_have_counted=False)


def test_a_bad_certificate_behind_a_proxy_is_a_tls_failure(
    authority: certificates.CertificateAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificates.server_context(tmp_path, authority, "other.test")
    with (
        FaultServer(reply_with(http_response(TOKEN_BODY)), tls=tls) as server,
        FaultServer(connect_proxy_to(server.port)) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert ask(FAR_AWAY) == TransportFailure(FailureKind.TLS, "certificate of another host", may_have_counted=False)


def test_a_server_that_hangs_behind_a_proxy_may_have_counted_the_request(
    authority: certificates.CertificateAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificates.server_context(tmp_path, authority, "api.weixin.test")
    with FaultServer(reply_then_hang(), tls=tls) as server, FaultServer(connect_proxy_to(server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert ask(FAR_AWAY) == TransportFailure(FailureKind.TIMEOUT, may_have_counted=True)


# --- from an exception to a failure


@pytest.mark.parametrize(
    ("stage", "may_have_counted"), [(RequestStage.CONNECTING_TO_SERVER, False), (RequestStage.SENT, True)]
)
def test_only_a_request_that_was_sent_may_have_counted(stage: RequestStage, *, may_have_counted: bool) -> None:
    failure = failure_from_exception(ConnectionResetError("no"), Deadline(5, stage))
    assert failure == TransportFailure(FailureKind.CUT_OFF, may_have_counted=may_have_counted)


def test_while_connecting_to_the_proxy_every_failure_is_the_proxys() -> None:
    failure = failure_from_exception(TimeoutError(), Deadline(5, RequestStage.CONNECTING_TO_PROXY))
    assert failure == TransportFailure(FailureKind.PROXY, "no answer", may_have_counted=False)


def test_an_exception_wrapped_in_others_decides() -> None:
    inner = socket.gaierror(-2, f"unknown name in a URL with {SECRET}")
    outer = RuntimeError(f"https://example.com/?secret={SECRET}")
    outer.__cause__ = ValueError(inner)
    failure = failure_from_exception(outer, Deadline(5))
    assert failure == TransportFailure(FailureKind.OFFLINE, "name not found", may_have_counted=False)


def test_an_unknown_exception_is_named_by_its_class_without_its_text() -> None:
    failure = failure_from_exception(ZeroDivisionError(SECRET), Deadline(5))
    assert failure == TransportFailure(FailureKind.OFFLINE, "ZeroDivisionError", may_have_counted=False)


def test_the_local_variables_of_the_traceback_are_cleared() -> None:
    def fail(url: str) -> None:
        raise ConnectionResetError(len(url))

    with pytest.raises(ConnectionResetError) as caught:
        fail(f"https://example.com/?secret={SECRET}")
    frame = caught.traceback[-1].frame.raw
    assert SECRET in str(frame.f_locals)
    clear_frames(caught.value)
    assert SECRET not in str(frame.f_locals)
