"""Transport that sends each account's requests to its own API host and through its own proxy."""

from collections.abc import Iterator
from contextlib import contextmanager

from guarddog_gui.adapters.http.client import WeChatHttpClient
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked, SecretFound, SecretMissing
from guarddog_gui.domain.accounts.route import has_login, with_proxy_password
from guarddog_gui.domain.wechat.protocol import (
    PROXY_KEYRING_DOWN,
    PROXY_KEYRING_LOCKED,
    PROXY_PASSWORD_MISSING,
    FailureKind,
    Reply,
    Request,
    TransportFailure,
)
from guarddog_gui.services.ports import SecretStore

CLIENTS_MAX = 8  # connections of more routes than this are not kept


class AccountTransport:
    """Transport for one thread. Accounts with the same API host and proxy share a connection.

    `proxy_passwords` is the keyring with the passwords by appid; it is asked only for a proxy with a user name. A
    password exists in memory and on the connection to its proxy, and nowhere else. With `is_api_base_fixed` the
    hosts of the accounts are ignored: the sandbox, or GUARDDOG_API_BASE, stands for all of WeChat.
    """

    def __init__(self, api_base: str, proxy_passwords: SecretStore, *, is_api_base_fixed: bool = False) -> None:
        self._api_base = api_base
        self._is_api_base_fixed = is_api_base_fixed
        self._proxy_passwords = proxy_passwords
        self._trial_passwords: dict[str, Secret] = {}
        self._clients: dict[tuple[str, str], WeChatHttpClient] = {}  # the least recently used first

    def send(self, request: Request, account: Account) -> Reply | TransportFailure:
        """Send the request once and return the reply, or why there is none."""
        proxy = self.proxy_of(account)
        return proxy if isinstance(proxy, TransportFailure) else self._client(account, proxy).send(request)

    @contextmanager
    def using_proxy_password(self, appid: str, password: Secret | None) -> Iterator[None]:
        """Use a password that is not in the keyring yet; None uses the stored one."""
        if password is None:
            yield
            return
        self._trial_passwords[appid] = password
        try:
            yield
        finally:
            del self._trial_passwords[appid]

    def api_base_of(self, account: Account) -> str:
        return self._api_base if self._is_api_base_fixed else account.api_base or self._api_base

    def proxy_of(self, account: Account) -> str | TransportFailure:
        """Return the proxy as a client takes it, with its password, or why the password is not known."""
        if not has_login(account.proxy):
            return account.proxy
        trial = self._trial_passwords.get(account.appid)
        lookup = SecretFound(trial) if trial is not None else self._proxy_passwords.get(account.appid)
        match lookup:
            case SecretFound(secret):
                return with_proxy_password(account.proxy, secret.reveal())
            case SecretMissing():
                detail = PROXY_PASSWORD_MISSING
            case KeyringIsLocked():
                detail = PROXY_KEYRING_LOCKED
            case _:
                detail = PROXY_KEYRING_DOWN
        return TransportFailure(FailureKind.PROXY, detail, may_have_counted=False)

    def _client(self, account: Account, proxy: str) -> WeChatHttpClient:
        route = self.api_base_of(account), proxy
        client = self._clients.pop(route, None) or WeChatHttpClient(route[0], proxy=proxy)
        if len(self._clients) >= CLIENTS_MAX:
            self._clients.pop(next(iter(self._clients))).close()
        self._clients[route] = client
        return client
