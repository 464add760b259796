"""The way to WeChat, step by step, against servers that answer as badly as they can."""

import socket
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from guarddog_gui.adapters.health.network import look_at_network
from guarddog_gui.adapters.http.connect import Address
from guarddog_gui.domain.health import NetworkSeen, Step
from guarddog_gui.domain.wechat.protocol import Silence, Unheard
from tests.adapters import certificates
from tests.adapters.fault_server import FaultServer, answer, drip_tls, hang, say, say_on_and_on

NOW = 1_784_635_200.0
DATE = "Date: Tue, 21 Jul 2026 12:00:00 GMT"  # that moment
NOT_FOUND = answer(b"", DATE, status="404 Not Found")


def look(base: str, seconds: float = 3.0, now: float = NOW) -> NetworkSeen:
    return look_at_network(base, {}, lambda: now, seconds=seconds)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> certificates.Authority:
    made = certificates.make_authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def test_any_answer_will_do_and_its_date_tells_how_wrong_our_clock_is() -> None:
    with FaultServer(say(b""), say(NOT_FOUND)) as server:
        seen = look(server.base, now=NOW + 300)

    assert (seen.host, seen.failed, seen.silence) == ("127.0.0.1", None, None)
    assert (seen.addresses, seen.skew_s) == (1, 300.0)
    assert b"".join(server.heard).startswith(b"GET / HTTP/1.1\r\n")


def test_a_certificate_that_the_system_trusts(authority: certificates.Authority, tmp_path: Path) -> None:
    tls = certificates.server_side(tmp_path, authority, "127.0.0.1")
    with FaultServer(say_on_and_on(NOT_FOUND), tls=tls) as server:
        assert look(server.base).failed is None


@pytest.mark.usefixtures("authority")
def test_a_certificate_that_it_does_not(tmp_path: Path) -> None:
    tls = certificates.server_side(tmp_path, None, "127.0.0.1")
    with FaultServer(say(NOT_FOUND), tls=tls) as server:
        seen = look(server.base)

    assert seen.failed is Step.TLS
    assert seen.silence == Silence(Unheard.TLS, "certificate signed by itself", reached=False)


def test_a_handshake_that_drips_ends_with_the_deadline() -> None:
    with FaultServer(drip_tls) as server:
        seen = look(f"https://127.0.0.1:{server.port}", seconds=0.4)

    assert seen.failed is Step.TLS
    assert seen.silence == Silence(Unheard.TIMEOUT, reached=False)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    seen = look(f"http://127.0.0.1:{port}")

    assert (seen.failed, seen.addresses) == (Step.CONNECTION, 1)
    assert seen.silence == Silence(Unheard.OFFLINE, "refused", reached=False)


def test_no_answer_comes() -> None:
    with FaultServer(say(b""), hang) as server:
        seen = look(server.base, seconds=0.4)

    assert seen.failed is Step.ANSWER
    assert seen.silence == Silence(Unheard.TIMEOUT)


def test_a_name_that_nobody_knows_and_a_name_server_that_is_silent() -> None:
    def unknown(_host: str, _port: int) -> Sequence[Address]:
        raise socket.gaierror(-2, "unknown")

    def silent(_host: str, _port: int) -> Sequence[Address]:
        time.sleep(1)
        return []

    for resolve, silence in (
        (unknown, Silence(Unheard.OFFLINE, "name not found", reached=False)),
        (silent, Silence(Unheard.TIMEOUT, reached=False)),
    ):
        seen = look_at_network("https://api.weixin.test", {}, lambda: NOW, seconds=0.3, resolve=resolve)
        assert (seen.failed, seen.silence, seen.addresses) == (Step.NAME, silence, 0)


@pytest.mark.parametrize("proxy", ["http://user:pa/ss@127.0.0.1:{port}", "user:pa%40ss@127.0.0.1:{port}"])
def test_a_proxy_is_named_without_its_password(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(say(answer(b"", status="407 Proxy Authentication Required"))) as server:
        address = proxy.format(port=server.port)
        monkeypatch.setenv("HTTPS_PROXY", address)

        seen = look_at_network("https://api.weixin.test", {"HTTPS_PROXY": address}, lambda: NOW)

    assert (seen.proxy, seen.source) == (f"http://127.0.0.1:{server.port}", "HTTPS_PROXY")
    assert seen.silence is not None
    assert seen.silence.how is Unheard.PROXY
    assert "ss" not in seen.proxy
