"""Check of the connection to WeChat, step by step, against servers with faults."""

import socket
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from guarddog_gui.adapters.health.network import check_network
from guarddog_gui.adapters.http.connect import AddressInfo
from guarddog_gui.domain.health.results import ConnectionStep, NetworkProbeResult
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from tests.adapters import certificates
from tests.adapters.fault_server import FaultServer, drip_tls, hang, http_response, reply_to_each, reply_with

NOW = 1_784_635_200.0
DATE = "Date: Tue, 21 Jul 2026 12:00:00 GMT"  # the same as NOW
NOT_FOUND = http_response(b"", DATE, status="404 Not Found")


def check(base: str, seconds: float = 3.0, now: float = NOW) -> NetworkProbeResult:
    return check_network(base, {}, lambda: now, timeout_s=seconds)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> certificates.CertificateAuthority:
    authority = certificates.make_authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


def test_any_answer_suffices_and_its_date_gives_the_clock_skew() -> None:
    with FaultServer(reply_with(b""), reply_with(NOT_FOUND)) as server:
        result = check(server.base, now=NOW + 300)

    assert (result.host, result.failed_step, result.failure) == ("127.0.0.1", None, None)
    assert (result.address_count, result.clock_skew_s) == (1, 300.0)
    assert b"".join(server.received).startswith(b"GET / HTTP/1.1\r\n")


def test_a_certificate_that_the_system_trusts(authority: certificates.CertificateAuthority, tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, authority, "127.0.0.1")
    with FaultServer(reply_to_each(NOT_FOUND), tls=tls) as server:
        assert check(server.base).failed_step is None


@pytest.mark.usefixtures("authority")
def test_a_certificate_that_the_system_does_not_trust(tmp_path: Path) -> None:
    tls = certificates.server_context(tmp_path, None, "127.0.0.1")
    with FaultServer(reply_with(NOT_FOUND), tls=tls) as server:
        result = check(server.base)

    assert result.failed_step is ConnectionStep.TLS
    assert result.failure == TransportFailure(FailureKind.TLS, "certificate signed by itself", may_have_counted=False)


def test_a_slow_handshake_ends_at_the_deadline() -> None:
    with FaultServer(drip_tls) as server:
        result = check(f"https://127.0.0.1:{server.port}", seconds=0.4)

    assert result.failed_step is ConnectionStep.TLS
    assert result.failure == TransportFailure(FailureKind.TIMEOUT, may_have_counted=False)


def test_a_port_on_which_no_server_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    result = check(f"http://127.0.0.1:{port}")

    assert (result.failed_step, result.address_count) == (ConnectionStep.CONNECTION, 1)
    assert result.failure == TransportFailure(FailureKind.OFFLINE, "refused", may_have_counted=False)


def test_a_server_that_does_not_answer() -> None:
    with FaultServer(reply_with(b""), hang) as server:
        result = check(server.base, seconds=0.4)

    assert result.failed_step is ConnectionStep.ANSWER
    assert result.failure == TransportFailure(FailureKind.TIMEOUT)


def test_an_unknown_name_and_a_name_server_that_hangs() -> None:
    def unknown(_host: str, _port: int) -> Sequence[AddressInfo]:
        raise socket.gaierror(-2, "unknown")

    def silent(_host: str, _port: int) -> Sequence[AddressInfo]:
        time.sleep(1)
        return []

    for resolve, failure in (
        (unknown, TransportFailure(FailureKind.OFFLINE, "name not found", may_have_counted=False)),
        (silent, TransportFailure(FailureKind.TIMEOUT, may_have_counted=False)),
    ):
        result = check_network("https://api.weixin.test", {}, lambda: NOW, timeout_s=0.3, resolve=resolve)
        assert (result.failed_step, result.failure, result.address_count) == (ConnectionStep.DNS, failure, 0)


@pytest.mark.parametrize("proxy", ["http://user:pa/ss@127.0.0.1:{port}", "user:pa%40ss@127.0.0.1:{port}"])
def test_a_proxy_is_named_without_its_password(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(reply_with(http_response(b"", status="407 Proxy Authentication Required"))) as server:
        address = proxy.format(port=server.port)
        monkeypatch.setenv("HTTPS_PROXY", address)

        result = check_network("https://api.weixin.test", {"HTTPS_PROXY": address}, lambda: NOW)

    assert (result.proxy, result.proxy_variable) == (f"http://127.0.0.1:{server.port}", "HTTPS_PROXY")
    assert result.failure is not None
    assert result.failure.kind is FailureKind.PROXY
    assert "ss" not in result.proxy
