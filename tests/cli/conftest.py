"""Command line in this process: real files, the sandbox as WeChat, a clock that the test moves."""

import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.cli.context import NoTerminalError, Terminal
from guarddog_gui.cli.main import main
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import SubprocessCli
from tests.fakes import FakeClock, FakeSecretStore


@dataclass(frozen=True, slots=True)
class CliResult:
    """Exit code and output of a command."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


class _TerminalStream(io.StringIO):
    def isatty(self) -> bool:
        return True


class InProcessCli:
    """Run commands in one home folder; `hidden_input` answers a prompt without echo."""

    def __init__(self, home: Path, wechat: SandboxServer, clock: FakeClock) -> None:
        self.home = home
        self.wechat = wechat
        self.clock = clock
        self.secrets = FakeSecretStore()
        self.redis_passwords = MemorySecretStore()
        self.environ = {"GUARDDOG_HOME": str(home), "GUARDDOG_API_BASE": wechat.base_url, "GUARDDOG_LANG": "en"}
        self.is_terminal = False  # standard input and output are one
        self.hidden_input: str | None = None
        self.hidden_prompt = ""
        self.last_stderr = ""  # of the last command, also of one that was replaced by another program

    def __call__(self, *argv: str, stdin: str = "", **environ: str) -> CliResult:
        make = _TerminalStream if self.is_terminal else io.StringIO
        out, err = make(), io.StringIO()
        terminal = Terminal(
            self.environ | environ, make(stdin), out, err, self.clock, self._read_hidden, self.secrets,
            self.redis_passwords,
        )  # fmt: skip
        try:
            code = main(list(argv), terminal)
        finally:
            self.last_stderr = err.getvalue()
        return CliResult(code, out.getvalue(), err.getvalue())

    def _read_hidden(self, prompt: str) -> str:
        self.hidden_prompt = prompt
        if self.hidden_input is None:
            raise NoTerminalError
        return self.hidden_input

    @property
    def shop(self) -> SandboxAccount:
        return self.wechat.accounts[0]

    @property
    def mini(self) -> SandboxAccount:
        return self.wechat.accounts[2]

    def add_account(self, account: SandboxAccount | None = None, name: str = "Shop", *more: str) -> CliResult:
        account = account or self.shop
        return self(
            "accounts", "add", "--appid", account.appid, "--name", name, "--secret-stdin", *more,
            stdin=account.secret + "\n",
        )  # fmt: skip

    def count_calls(self, path: str) -> int:
        """Return how often the shop's account has called a path of WeChat's API today."""
        return self.wechat.rules.used_today(self.shop.appid, path)

    def dog_path(self, key: str = "ACCESS_TOKEN", account: SandboxAccount | None = None) -> Path:
        return self.home / "data" / "dogs" / (account or self.shop).appid / f"{key}.dog"

    def stored_value(self, key: str = "ACCESS_TOKEN", account: SandboxAccount | None = None) -> str:
        return str(json.loads(self.dog_path(key, account).read_text(encoding="utf-8"))["data"])


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def wechat(clock: FakeClock) -> Iterator[SandboxServer]:
    with SandboxServer(clock) as server:
        yield server


@pytest.fixture
def guarddogctl(home: Path, wechat: SandboxServer, clock: FakeClock) -> InProcessCli:
    return InProcessCli(home, wechat, clock)


@pytest.fixture
def ctl_with_account(guarddogctl: InProcessCli) -> InProcessCli:
    """With one account, whose token is fresh."""
    assert guarddogctl.add_account().exit_code == 0
    return guarddogctl


@pytest.fixture
def ctl_with_ticket(ctl_with_account: InProcessCli) -> InProcessCli:
    """With one account, whose token and ticket are fresh."""
    assert ctl_with_account("token", "--key", "JSAPI_TICKET").exit_code == 0
    return ctl_with_account


@pytest.fixture
def real_wechat() -> Iterator[SandboxServer]:
    """With the real clock, for commands in processes of their own."""
    with SandboxServer(time.time) as server:
        yield server


@pytest.fixture
def installed_ctl(tmp_path: Path, real_wechat: SandboxServer) -> SubprocessCli:
    """Without an account."""
    return SubprocessCli(tmp_path, real_wechat)
