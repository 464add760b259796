"""A command line in this process: real files, the sandbox as WeChat, a clock that a test moves."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.cli.context import NobodyToAsk, Terminal
from guarddog_gui.cli.main import main
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.server import SandboxServer
from tests.fakes import FakeClock, FakeSecrets


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shell:
    """Runs commands in the home of one person; `typed` is what that person types unseen, if asked."""

    def __init__(self, home: Path, wechat: SandboxServer, clock: FakeClock) -> None:
        self.home = home
        self.wechat = wechat
        self.clock = clock
        self.secrets = FakeSecrets()
        self.environ = {"GUARDDOG_HOME": str(home), "GUARDDOG_API_BASE": wechat.base, "GUARDDOG_LANG": "en"}
        self.typed: str | None = None
        self.asked = ""
        self.said = ""  # the words of the last command, also of one that became another program

    def __call__(self, *argv: str, stdin: str = "", **environ: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        terminal = Terminal(
            self.environ | environ, io.StringIO(stdin), out, err, self.clock, self._ask_hidden, self.secrets
        )
        try:
            code = main(list(argv), terminal)
        finally:
            self.said = err.getvalue()
        return Ran(code, out.getvalue(), err.getvalue())

    def _ask_hidden(self, prompt: str) -> str:
        self.asked = prompt
        if self.typed is None:
            raise NobodyToAsk
        return self.typed

    @property
    def shop(self) -> SandboxAccount:
        return self.wechat.accounts[0]

    @property
    def mini(self) -> SandboxAccount:
        return self.wechat.accounts[2]

    def add(self, account: SandboxAccount | None = None, name: str = "Shop", *more: str) -> Ran:
        account = account or self.shop
        return self(
            "accounts", "add", "--appid", account.appid, "--name", name, "--secret-stdin", *more,
            stdin=account.secret + "\n",
        )  # fmt: skip

    def dog(self, key: str = "ACCESS_TOKEN", account: SandboxAccount | None = None) -> Path:
        return self.home / "data" / "dogs" / (account or self.shop).appid / f"{key}.dog"

    def value(self, key: str = "ACCESS_TOKEN", account: SandboxAccount | None = None) -> str:
        return str(json.loads(self.dog(key, account).read_text(encoding="utf-8"))["data"])


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def wechat(clock: FakeClock) -> Iterator[SandboxServer]:
    with SandboxServer(clock) as server:
        yield server


@pytest.fixture
def guarddogctl(home: Path, wechat: SandboxServer, clock: FakeClock) -> Shell:
    return Shell(home, wechat, clock)
