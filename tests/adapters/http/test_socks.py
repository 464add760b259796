"""SOCKS 5 proxies: with and without a login, refusing, and speaking something else."""

import select
import socket
from pathlib import Path

import pytest

from guarddog_gui.adapters.http.socks import SocksError, SocksProxy, parse_socks_proxy
from guarddog_gui.domain.wechat.protocol import FailureKind, IssuedToken, Refusal, TransportFailure
from tests.adapters import certificates
from tests.adapters.fault_server import ConnectionScript, FaultServer, http_response, reply_with
from tests.adapters.http.wechat_requests import FAR_AWAY, ask


def receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += connection.recv(size - len(data)) or pytest.fail("the client has closed")
    return data


def relay(first: socket.socket, second: socket.socket) -> None:
    others = {first: second, second: first}
    while True:
        for ready in select.select(list(others), [], [])[0]:
            data = ready.recv(65536)
            if not data:
                return
            others[ready].sendall(data)


def socks_to(port: int, *, login: tuple[str, str] | None = None, code: int = 0, asked: list[str]) -> ConnectionScript:
    """Act as a SOCKS 5 proxy that connects every host to this port of 127.0.0.1."""

    def script(connection: socket.socket) -> None:
        version, count = receive(connection, 2)
        assert version == 5
        methods = receive(connection, count)
        method = 2 if login else 0
        if method not in methods:
            connection.sendall(b"\x05\xff")
            return
        connection.sendall(bytes([5, method]))
        if login:
            receive(connection, 1)
            given = tuple(receive(connection, receive(connection, 1)[0]).decode() for _ in range(2))
            connection.sendall(b"\x01\x00" if given == login else b"\x01\x01")
            if given != login:
                return
        assert receive(connection, 4) == b"\x05\x01\x00\x03"
        asked.append(receive(connection, receive(connection, 1)[0]).decode())
        receive(connection, 2)
        connection.sendall(bytes([5, code, 0, 3, 4]) + b"name" + b"\x00\x50")
        if not code:
            with socket.create_connection(("127.0.0.1", port)) as target:
                relay(connection, target)

    return script


@pytest.mark.parametrize(
    ("scheme", "login"), [("socks5", ""), ("socks5h", ""), ("socks", ""), ("socks5", "user:p%40ss@"), ("SOCKS5", "")]
)
def test_calls_go_through_a_socks_proxy(
    far_server: FaultServer, scheme: str, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    script = socks_to(far_server.port, login=("user", "p@ss") if login else None, asked=asked)
    with FaultServer(script) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://{login}127.0.0.1:{proxy.port}")
        assert isinstance(ask(FAR_AWAY), IssuedToken)
    assert asked == ["api.weixin.test"]


def test_a_refusal_says_that_a_proxy_was_in_between(
    authority: certificates.CertificateAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b'{"errcode":40164,"errmsg":"invalid ip 203.0.113.9, not in whitelist"}'
    tls = certificates.server_context(tmp_path, authority, "api.weixin.test")
    with (
        FaultServer(reply_with(http_response(body)), tls=tls) as server,
        FaultServer(socks_to(server.port, asked=[])) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"socks5://127.0.0.1:{proxy.port}")
        answer = ask(FAR_AWAY)
    assert isinstance(answer, Refusal)
    assert (answer.ip, answer.is_proxied) == ("203.0.113.9", True)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (socks_to(0, login=("a", "b"), asked=[]), "SOCKS: wants a login"),
        (socks_to(0, code=2, asked=[]), "SOCKS: not allowed by its rules"),
        (socks_to(0, code=99, asked=[]), "SOCKS: code 99"),
        (lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "SOCKS: not SOCKS 5"),
    ],
)
def test_a_socks_proxy_that_does_not_connect_is_named(
    script: ConnectionScript, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer(script) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"socks5://127.0.0.1:{proxy.port}")
        assert ask(FAR_AWAY) == TransportFailure(FailureKind.PROXY, words, may_have_counted=False)


def test_a_wrong_login_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(socks_to(0, login=("user", "right"), asked=[])) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"socks5://user:wrong@127.0.0.1:{proxy.port}")
        assert ask(FAR_AWAY) == TransportFailure(FailureKind.PROXY, "SOCKS: login refused", may_have_counted=False)


def test_addresses_are_parsed_and_logins_hidden() -> None:
    proxy = parse_socks_proxy("socks5h://user:p%40ss@proxy.example")
    assert proxy == SocksProxy("proxy.example", 1080, "user", "p@ss")
    assert "p@ss" not in repr(proxy)


@pytest.mark.parametrize("url", ["socks4://a:1", "socks4a://a:1", "socks5://", "socks5://a:99999"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(SocksError):
        parse_socks_proxy(url)
