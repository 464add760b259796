"""The way to WeChat, step by step, against servers that answer as badly as they can."""

import socket
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from guarddog_gui.adapters.health.network import check_network
from guarddog_gui.adapters.http.connect import AddressInfo
from guarddog_gui.domain.health import ConnectionStep, NetworkProbeResult
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from tests.adapters import certificates
from tests.adapters.fault_server import FaultServer, drip_tls, hang, http_response, reply_to_each, reply_with

NOW = 1_784_635_200.0
DATE = "Date: Tue, 21 Jul 2026 12:00:00 GMT"  # that moment
NOT_FOUND = http_response(b"", DATE, status="404 Not Found")


def look(base: str, seconds: float = 3.0, now: float = NOW) -> NetworkProbeResult:
    return check_network(base, {}, lambda: now, timeout_s=seconds)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> certificates.CertificateAuthority:
    made = certificates.make_authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def test_any_answer_will_do_and_its_date_tells_how_wrong_our_clock_is() -> None:
    with FaultServer(reply_with(b""), reply_with(NOT_FOUND)) as server:
        seen = look(server.base, now=NOW + 300)

    assert (seen.host, seen.failed_step, seen.failure) == ("127.0.0.1", None, None)
    assert (seen.address_count, seen.clock_skew_s) == (1, 300.0)
    assert b"".join(server.received).startswith(b"GET / HTTP/1.1\r\n")


def test_a_certificate_that_the_system_trusts(
    authority: certificates.CertificateAuthority, tmp_path: Path
) -> None:
    tls = certificates.server_context(tmp_path, authority, "127.0.0.1")
    with FaultServer(reply_to_each(NOT_FOUND), tls=tls) as server:
        assert look(server.base).failed_step is None


@pytest.mark.usefixtures("authority")
def test_a_certificate_that_it_does_not(tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, None, "127.0.0.1")
    with FaultServer(reply_with(NOT_FOUND), tls=tls) as server:
        seen = look(server.base)

    assert seen.failed_step is ConnectionStep.TLS
    assert seen.failure == TransportFailure(
        FailureKind.TLS, "certificate signed by itself", may_have_counted=False
    )


def test_a_handshake_that_drips_ends_with_the_deadline() -> None:
    with FaultServer(drip_tls) as server:
        seen = look(f"https://127.0.0.1:{server.port}", seconds=0.4)

    assert seen.failed_step is ConnectionStep.TLS
    assert seen.failure == TransportFailure(FailureKind.TIMEOUT, may_have_counted=False)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    seen = look(f"http://127.0.0.1:{port}")

    assert (seen.failed_step, seen.address_count) == (ConnectionStep.CONNECTION, 1)
    assert seen.failure == TransportFailure(FailureKind.OFFLINE, "refused", may_have_counted=False)


def test_no_answer_comes() -> None:
    with FaultServer(reply_with(b""), hang) as server:
        seen = look(server.base, seconds=0.4)

    assert seen.failed_step is ConnectionStep.ANSWER
    assert seen.failure == TransportFailure(FailureKind.TIMEOUT)


def test_a_name_that_nobody_knows_and_a_name_server_that_is_silent() -> None:
    def unknown(_host: str, _port: int) -> Sequence[AddressInfo]:
        raise socket.gaierror(-2, "unknown")

    def silent(_host: str, _port: int) -> Sequence[AddressInfo]:
        time.sleep(1)
        return []

    for resolve, silence in (
        (unknown, TransportFailure(FailureKind.OFFLINE, "name not found", may_have_counted=False)),
        (silent, TransportFailure(FailureKind.TIMEOUT, may_have_counted=False)),
    ):
        seen = check_network("https://api.weixin.test", {}, lambda: NOW, timeout_s=0.3, resolve=resolve)
        assert (seen.failed_step, seen.failure, seen.address_count) == (ConnectionStep.DNS, silence, 0)


@pytest.mark.parametrize("proxy", ["http://user:pa/ss@127.0.0.1:{port}", "user:pa%40ss@127.0.0.1:{port}"])
def test_a_proxy_is_named_without_its_password(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(reply_with(http_response(b"", status="407 Proxy Authentication Required"))) as server:
        address = proxy.format(port=server.port)
        monkeypatch.setenv("HTTPS_PROXY", address)

        seen = check_network("https://api.weixin.test", {"HTTPS_PROXY": address}, lambda: NOW)

    assert (seen.proxy, seen.proxy_variable) == (f"http://127.0.0.1:{server.port}", "HTTPS_PROXY")
    assert seen.failure is not None
    assert seen.failure.kind is FailureKind.PROXY
    assert "ss" not in seen.proxy
