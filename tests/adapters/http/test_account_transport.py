"""Requests of accounts with API hosts and proxies of their own, through real proxies on this computer."""

from __future__ import annotations

import base64
import gc
from pathlib import Path

import pytest

from guarddog_gui.adapters.http.account_transport import CLIENTS_MAX, AccountTransport
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked
from guarddog_gui.domain.wechat.protocol import FailureKind, Reply, Request, TransportFailure
from tests.adapters import certificates
from tests.adapters.fault_server import FaultServer, connect_proxy_to, http_response, reply_to_each, reply_with
from tests.adapters.http.test_socks import socks_to
from tests.adapters.http.wechat_requests import FAR_AWAY
from tests.adapters.http.wechat_requests import PROXY_PASSWORD as PASSWORD
from tests.fakes import FakeSecretStore

APPID = "wx00000000000000a1"
PING = Request("/cgi-bin/get_api_domain_ip")
NO_PASSWORD = TransportFailure(FailureKind.PROXY, "no password", may_have_counted=False)


def account(proxy: str = "", api_base: str = "") -> Account:
    return Account(APPID, "Shop", proxy=proxy, api_base=api_base)


def transport(
    passwords: FakeSecretStore | None = None, *, base: str = FAR_AWAY, is_fixed: bool = False
) -> AccountTransport:
    return AccountTransport(base, passwords or FakeSecretStore(), is_api_base_fixed=is_fixed)


def with_password() -> FakeSecretStore:
    passwords = FakeSecretStore()
    passwords.stored[APPID] = Secret(PASSWORD)
    return passwords


def status_of(reply: Reply | TransportFailure) -> int | TransportFailure:
    return reply.status if isinstance(reply, Reply) else reply


def test_an_http_proxy_gets_the_login_from_the_keyring(
    far_server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # of the system: it is not used
    monkeypatch.setenv("NO_PROXY", "*")  # nor is the exception from it
    with FaultServer(connect_proxy_to(far_server.port)) as proxy:
        reply = transport(with_password()).send(PING, account(f"http://me@127.0.0.1:{proxy.port}"))
        asked = b"".join(proxy.received)
    assert isinstance(reply, Reply)
    assert reply.is_proxied
    login = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
    assert f"Proxy-Authorization: Basic {login}".lower() in asked.decode("latin-1").lower()
    assert b"CONNECT api.weixin.test:443" in asked


def test_a_socks_proxy_gets_the_login_from_the_keyring(far_server: FaultServer) -> None:
    asked: list[str] = []
    with FaultServer(socks_to(far_server.port, login=("me", PASSWORD), asked=asked)) as proxy:
        reply = transport(with_password()).send(PING, account(f"socks5://me@127.0.0.1:{proxy.port}"))
    assert status_of(reply) == 200
    assert asked == ["api.weixin.test"]


def test_a_proxy_that_speaks_tls(
    authority: certificates.CertificateAuthority, tmp_path: Path, far_server: FaultServer
) -> None:
    tls = certificates.server_context(tmp_path, authority, "localhost")
    with FaultServer(connect_proxy_to(far_server.port), tls=tls) as proxy:
        reply = transport().send(PING, account(f"https://localhost:{proxy.port}"))
    assert status_of(reply) == 200


def test_a_wrong_password_is_the_proxys_failure(far_server: FaultServer) -> None:
    passwords = FakeSecretStore()
    passwords.stored[APPID] = Secret("wrong")
    with FaultServer(socks_to(far_server.port, login=("me", PASSWORD), asked=[])) as proxy:
        reply = transport(passwords).send(PING, account(f"socks5://me@127.0.0.1:{proxy.port}"))
    assert reply == TransportFailure(FailureKind.PROXY, "SOCKS: login refused", may_have_counted=False)
    refusal = reply_with(http_response(b"", status="407 Proxy Authentication Required"))
    with FaultServer(refusal) as proxy:
        reply = transport(passwords).send(PING, account(f"http://me@127.0.0.1:{proxy.port}"))
    assert reply == TransportFailure(FailureKind.PROXY, "HTTP 407", may_have_counted=False)


def test_without_a_password_nothing_is_sent() -> None:
    shop = account("http://me@127.0.0.1:9")
    locked, down = FakeSecretStore(), FakeSecretStore()
    locked.lookup_result, down.lookup_result = KeyringIsLocked(), KeyringIsDown("x")
    assert transport().send(PING, shop) == NO_PASSWORD
    for store, detail in ((locked, "keyring locked"), (down, "keyring does not answer")):
        assert transport(store).send(PING, shop) == TransportFailure(FailureKind.PROXY, detail, may_have_counted=False)


def test_a_password_can_be_tried_before_it_is_stored(far_server: FaultServer) -> None:
    with FaultServer(socks_to(far_server.port, login=("me", "new"), asked=[])) as proxy:
        shop, tried = account(f"socks5://me@127.0.0.1:{proxy.port}"), transport()
        with tried.using_proxy_password(APPID, Secret("new")):
            assert status_of(tried.send(PING, shop)) == 200
        assert tried.send(PING, shop) == NO_PASSWORD
        with tried.using_proxy_password(APPID, None):
            assert tried.send(PING, shop) == NO_PASSWORD


def test_a_proxy_without_a_user_asks_no_keyring(far_server: FaultServer) -> None:
    passwords = FakeSecretStore()
    with FaultServer(connect_proxy_to(far_server.port)) as proxy:
        assert status_of(transport(passwords).send(PING, account(f"http://127.0.0.1:{proxy.port}"))) == 200
    assert passwords.lookup_count == 0


def test_direct_leaves_the_proxy_of_the_system_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    direct, system = (transport().send(PING, account(proxy)) for proxy in ("direct", ""))
    assert isinstance(direct, TransportFailure)
    assert isinstance(system, TransportFailure)
    assert (direct.kind, system.kind) == (FailureKind.OFFLINE, FailureKind.PROXY)


def test_each_account_has_its_api_host() -> None:
    replies = reply_to_each(*[http_response(b"{}")] * 3)
    with FaultServer(replies) as one, FaultServer(replies) as two:
        sender = transport(base=one.base)
        sender.send(PING, account())
        sender.send(PING, account(api_base=two.base))
        sender.send(PING, account(api_base=two.base))
        assert (one.connections, two.connections) == (1, 1)
        transport(base=one.base, is_fixed=True).send(PING, account(api_base=two.base))
        assert (one.connections, two.connections) == (2, 1)


def test_only_some_connections_are_kept() -> None:
    with FaultServer(reply_with(http_response(b"{}"))) as server:
        sender = transport()
        for number in range(CLIENTS_MAX + 3):
            assert status_of(sender.send(PING, account(api_base=f"{server.base}/{number}"))) == 200
    gc.collect()
    assert len(sender._clients) == CLIENTS_MAX


def test_the_password_is_in_no_repr(far_server: FaultServer) -> None:
    shop = account("socks5://me@127.0.0.1:9")
    sender = transport(with_password())
    reply = sender.send(PING, shop)
    assert "pr0xy" not in repr((shop, sender, reply, vars(sender)["_proxy_passwords"]))
    assert "pr0xy" not in repr(far_server)
