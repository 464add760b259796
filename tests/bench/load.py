"""The tray app under load, and what it costs: a sandbox with many accounts whose values live for seconds."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S
from guarddog_gui.sandbox.accounts import FULL_LIFETIME_S, SandboxAccount
from guarddog_gui.sandbox.server import SandboxServer
from tests.bench.process_figures import memory_mb

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = __file__.partition("/tests/")[0]


def sandbox_account(number: int, life_s: int = FULL_LIFETIME_S) -> SandboxAccount:
    return SandboxAccount(f"wx{number:016x}", f"{number:032x}", f"Account {number}", life=life_s)


class LoadedTray:
    """A running tray app with many accounts, and the embedded WeChat that it asks."""

    def __init__(
        self,
        folder: Path,
        account_count: int,
        life_s: int,
        *,
        environ: dict[str, str] | None = None,
        show: bool = False,
    ) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self._folder = folder
        self._show = show
        self._environ = environ or {"QT_QPA_PLATFORM": "offscreen", "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        self.accounts = tuple(sandbox_account(number, life_s) for number in range(1, account_count + 1))
        self.wechat = SandboxServer(time.time)
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.wechat.start()
        for account in self.accounts:
            self.wechat.rules.set_account(account)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.wechat.stop()

    def start(self) -> None:
        ahead = STABLE_AHEAD_MAX_S * self.accounts[0].life // FULL_LIFETIME_S
        configuration = {
            "api_base": self.wechat.base_url,
            "show": self._show,
            "accounts": [
                {"appid": account.appid, "secret": account.secret, "name": account.name, "ahead": ahead}
                for account in self.accounts
            ],
        }
        path = self._folder / "configuration.json"
        path.write_text(json.dumps(configuration), "utf-8")
        environ = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(self._folder),
            "DBUS_SYSTEM_BUS_ADDRESS": "disabled:",
            **self._environ,
            "GUARDDOG_HOME": str(self.home),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.measured_tray", str(path)],
            cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def stop(self) -> int:
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.terminate()
        try:
            code = self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        return code

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def send(self, command: str) -> Any:
        assert self._process is not None
        commands, answers = self._process.stdin, self._process.stdout
        assert commands is not None
        assert answers is not None
        commands.write(f"{command}\n")
        commands.flush()
        return json.loads(answers.readline())

    def wait_until(self, is_true: Callable[[dict[str, Any]], bool], timeout_s: float = 120.0) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_s
        worst = 0.0
        while True:
            report: dict[str, Any] = self.send("report")
            worst = max(worst, report["longest_ms"])
            if is_true(report) or time.monotonic() > deadline:
                return {**report, "longest_ms": worst}
            time.sleep(0.1)

    def pss_mb(self) -> float:
        return memory_mb(self.pid, "Pss")

    def history_rows(self) -> int:
        path = self.home / "data" / "history.sqlite3"
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return int(db.execute("SELECT count(*) FROM attempt").fetchone()[0])
        finally:
            db.close()
