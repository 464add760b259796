"""The application of `serve` without a network, on fakes."""

import io
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.client_keys import ClientKey, hash_key
from guarddog_gui.serve.access.clients import Clients
from guarddog_gui.serve.access.request_checks import HostNames
from guarddog_gui.serve.access_log import AccessLog
from guarddog_gui.serve.served_accounts import ServedAccounts
from guarddog_gui.serve.values.live_values import LiveValues
from guarddog_gui.serve.values.refreshes import ValueRefreshes
from guarddog_gui.serve.wsgi_app import ServeApp
from tests.builders import SECRET, SHOP
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import FakeAccountStore, FakeClock
from tests.in_memory_services import ScriptedServices

KEY, OTHER_KEY, METRICS_KEY = "gdk_" + "a" * 43, "gdk_" + "b" * 43, "gdk_" + "c" * 43
OTHER = Account("wx00000000000000aa", "Other")


class FakeClientKeyStore:
    """Keys in memory."""

    def __init__(self, *keys: ClientKey) -> None:
        self.keys = keys

    def load(self) -> tuple[ClientKey, ...]:
        return self.keys

    def stamp(self) -> object:
        return self.keys

    def update(self, edit: Any) -> None:
        self.keys = edit(self.keys)


@dataclass
class Answered:
    """Answer to a request."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class InMemoryServer:
    """Application with the accounts SHOP and OTHER, a client for SHOP, one for all and one for the metrics."""

    services: ScriptedServices = field(default_factory=ScriptedServices)
    monotonic: FakeClock = field(default_factory=FakeClock)
    rate: int = 600
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys = FakeClientKeyStore(
            ClientKey("shop", hash_key(KEY), (SHOP.appid,)),
            ClientKey("all", hash_key(OTHER_KEY), all_accounts=True),
            ClientKey("prometheus", hash_key(METRICS_KEY), metrics=True),
        )
        services = self.services
        services.accounts = FakeAccountStore(SHOP, OTHER)
        services.secrets.stored[SHOP.appid] = Secret(SECRET)
        self.exported: list[Account] = []
        refreshes = ValueRefreshes(
            dog_files=services.dogs, clock=services.clock, make_refresher=lambda: services.refresher,
            accounts_changed_at=lambda: 0.0, export=self.exported.append,
        )  # fmt: skip
        self.values = LiveValues(services.dogs, refreshes.refresh, services.clock, self.monotonic, 8)
        clients = Clients(self.keys, self.monotonic, self.rate)
        self.served = ServedAccounts(services.accounts, clients, self.values, CATALOGUE, services.clock, self.monotonic)
        self.access_log = AccessLog(self.lines.append, self.monotonic)
        names = HostNames(("127.0.0.1",))
        self.app = ServeApp(self.served, services.dogs, names, self.access_log, lambda: 3)

    def ask(
        self, method: str, path: str, query: dict[str, str] | None = None, *, body: bytes = b"", key: str = "",
        address: str = "127.0.0.1", **headers: str,
    ) -> Answered:  # fmt: skip
        """Send a request; `headers` are names as in a WSGI environment."""
        answered: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Any:
            answered.extend((int(status[:3]), dict(headers)))

        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": urlencode(query or {}),
            "wsgi.input": io.BytesIO(body), "REMOTE_ADDR": address, "HTTP_HOST": "127.0.0.1:4364", **headers,
        }  # fmt: skip
        if key:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        parts = self.app(environ, start_response)
        return Answered(answered[0], answered[1], b"".join(parts))

    def get_token(self, key: str = KEY, appid: str = SHOP.appid, **more: str) -> Any:
        query = {"grant_type": "client_credential", "appid": appid, "secret": key, **more}
        return self.ask("GET", "/cgi-bin/token", query).json

    def post_stable(self, **fields: object) -> Any:
        body = {"grant_type": "client_credential", "appid": SHOP.appid, "secret": KEY, **fields}
        return self.ask("POST", "/cgi-bin/stable_token", body=json.dumps(body).encode()).json

    def log_lines(self) -> list[str]:
        self.access_log.start()
        self.access_log.stop()
        return "\n".join(self.lines).splitlines()


def wait_until(is_true: Any, timeout_s: float = 5.0) -> None:
    end = time.monotonic() + timeout_s
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.005)
