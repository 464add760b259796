"""200 HTTP clients of `guarddogctl serve` for ten minutes, and the same of a bare waitress with a constant answer.

The values live for five minutes, so that each is refreshed under the load.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from guarddog_gui.adapters.files.client_keys_file import ClientKeysFile
from guarddog_gui.adapters.files.config_files import AccountsFile
from guarddog_gui.adapters.files.paths import get_app_paths
from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account
from guarddog_gui.domain.client_keys import ClientKey, hash_key, make_key
from guarddog_gui.sandbox.accounts import FULL_LIFETIME_S
from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.server import SandboxServer
from tests.bench.load import ROOT, sandbox_account
from tests.bench.rows import Bench, Figures, Row, Sides, Size, at_most
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli

BARE_WAITRESS = "a bare waitress with a constant answer"
CLIENTS, ACCOUNTS, LIFE_S = 200, 10, 300
BARE_PROGRAM = """
import json, socket, waitress
listener = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
body = json.dumps({"access_token": "91_" + "x" * 130, "expires_in": 7200}).encode()
def app(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
waitress.serve(app, sockets=[listener], threads=24, connection_limit=1000, _quiet=True)
"""


class ServedWechat:
    """A home with accounts and clients, and the embedded WeChat that knows the accounts."""

    def __init__(self, folder: Path, client_count: int) -> None:
        self.wechat = SandboxServer(time.time).start()
        self.environ = SubprocessCli(folder, self.wechat).environ
        self._paths = get_app_paths(self.environ)
        accounts = [sandbox_account(number, LIFE_S) for number in range(1, ACCOUNTS + 1)]
        for account in accounts:
            self.wechat.rules.set_account(account)
        self.wechat.rules.set_limit("/cgi-bin/getcallbackip", QuotaLimit(10**9))
        ahead = STABLE_AHEAD_MAX_S * LIFE_S // FULL_LIFETIME_S
        AccountsFile(self._paths.accounts_file).update(
            lambda _: tuple(Account(account.appid, account.name, ahead=ahead) for account in accounts)
        )
        secrets = {f"guarddog:{account.appid} appsecret": account.secret for account in accounts}
        Path(self.environ["TEST_KEYRING_FILE"]).write_text(json.dumps(secrets), "utf-8")
        self.clients = [(accounts[number % ACCOUNTS].appid, make_key(os.urandom(32))) for number in range(client_count)]
        keys = tuple(
            ClientKey(f"client-{number}", hash_key(key), (appid,)) for number, (appid, key) in enumerate(self.clients)
        )
        ClientKeysFile(self._paths.client_keys_file).update(lambda _: keys)


@contextmanager
def running(command: list[str], environ: dict[str, str]) -> Iterator[str]:
    """Run a server and return its address, which is its first line."""
    with subprocess.Popen(
        command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        base = server.stdout.readline().strip()
        # a server whose lines are not read would have to leave them out
        with subprocess.Popen(["cat"], stdin=server.stdout, stdout=subprocess.DEVNULL) as reader:
            yield base
            server.terminate()
            server.wait(10)
            reader.wait(10)


def run_clients(served: ServedWechat, base: str, duration_s: float) -> dict[str, Any]:
    clients = subprocess.run(
        [sys.executable, "-m", "tests.bench.http_clients", base, served.wechat.base_url, str(duration_s)],
        input=json.dumps(served.clients), capture_output=True, encoding="utf-8", cwd=ROOT, check=True,
    )  # fmt: skip
    figures: dict[str, Any] = json.loads(clients.stdout)
    return figures


def measure(served: ServedWechat, command: list[str], duration_s: float) -> Figures:
    with running(command, served.environ) as base:
        figures = run_clients(served, base, duration_s)
    sys.stdout.write(f"  {figures}\n")
    return {key: float(figures[key]) for key in ("p50", "p99", "longest", "errors", "dead")}


@contextmanager
def open_serve(size: Size) -> Iterator[Sides]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        served = ServedWechat(folder, size.choose(CLIENTS, CLIENTS, 2))
        stack.callback(served.wechat.stop)
        duration_s = float(os.environ.get("SERVE_SECONDS", "0")) or [600.0, 30.0, 0.2][list(Size).index(size)]
        ours = [GUARDDOGCTL, "serve", "--listen", "127.0.0.1:0"]
        bare = [sys.executable, "-c", BARE_PROGRAM]
        yield Sides(
            lambda: measure(served, ours, duration_s), lambda: {**measure(served, bare, duration_s / 10), "dead": 0.0}
        )


SERVE = Bench(
    "serve",
    (
        Row("p50", f"median time of an answer to {CLIENTS} clients", BARE_WAITRESS, "ms", at_most(20, "ms")),
        Row("p99", "time of 99 of 100 answers", BARE_WAITRESS, "ms", at_most(200, "ms")),
        Row("longest", "longest time of an answer", BARE_WAITRESS, "ms"),
        Row("errors", "requests without a right answer", BARE_WAITRESS, "", at_most(0, "")),
        Row("dead", "tokens that WeChat refused", BARE_WAITRESS, "", at_most(0, "")),
    ),
    rounds=1,
    quick_rounds=1,
    open=open_serve,
)
