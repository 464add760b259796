"""A home whose programs are killed: three accounts, a guest that comes and goes, readers, and checks of what is left."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from msgspec.structs import replace

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.bootstrap.maintenance import run_maintenance
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import SubprocessCli
from tests.hard import forking_cli, reader
from tests.hard.results import ROOT
from tests.interop.node import require_node_package

GUEST = "wx00000000000000ff"
GUEST_SECRET = "0123456789abcdef0123456789abcdef"
READER_JS = Path(__file__).with_name("reader.js")


class End(NamedTuple):
    """How a command ended."""

    killed: bool
    code: int
    output: str


class ForkingCli:
    """`guarddogctl` in forks of one program, see forking_cli.py."""

    def __init__(self, output: Path) -> None:
        self._output = output
        command = [sys.executable, "-m", forking_cli.__name__]
        keyring_path = os.pathsep.join(filter(None, (str(ROOT / "tests" / "cli"), os.environ.get("PYTHONPATH"))))
        self._program = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": keyring_path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._program.communicate(timeout=60)

    def run(self, cli: SubprocessCli, *arguments: str, kill_after_s: float = 30.0, stdin: str = "") -> End:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        order = {
            "arguments": arguments,
            "environ": cli.environ,
            "stdin": stdin,
            "output": str(self._output),
            "kill_after_s": kill_after_s,
        }
        print(json.dumps(order), file=self._program.stdin, flush=True)
        result = json.loads(self._program.stdout.readline())
        return End(result["killed"], result["code"], self._output.read_text("utf-8", "replace"))


class KilledHome:
    """Home with accounts of the sandbox; the engine finds one token of a few seconds and two of two hours."""

    def __init__(self, folder: Path, wechat: SandboxServer) -> None:
        self.cli = SubprocessCli(folder, wechat)
        self.home = Path(self.cli.environ["GUARDDOG_HOME"])
        self.accounts = wechat.accounts
        self.appids = [account.appid for account in wechat.accounts]

    def set_up(self, runner: ForkingCli) -> None:
        for number, account in enumerate(self.accounts):
            endpoint = "stable" if number == 0 else "classic"
            platform = "mini-program" if number == 2 else "official"
            options = ("--name", f"Shop {number}", "--endpoint", endpoint, "--platform", platform, "--secret-stdin")
            end = runner.run(
                self.cli, "accounts", "add", "--appid", account.appid, *options, stdin=f"{account.secret}\n"
            )
            assert end.code == 0, end
        for account in self.accounts:
            end = runner.run(self.cli, "refresh", account.appid)
            assert end.code == 0, end
        assert runner.run(self.cli, "settings", "0", kill_after_s=0.2).killed

    @contextmanager
    def readers(self, wrong: list[str], counts: dict[str, int], *, is_hindered: bool = False) -> Iterator[None]:
        """Read all files in Node and in Python during the block.

        SQLite opens no database where it cannot create the companion files: `is_hindered` excuses that.
        """
        dogs = [str(file) for appid in self.appids for file in (self.home / "data" / "dogs" / appid).glob("*.dog")]
        assert len(dogs) >= len(self.appids)
        configs = [str(self.home / "config" / name) for name in ("accounts.json", "settings.json")]
        commands = {
            "Node": [require_node_package("guard_dog"), str(READER_JS), *dogs, *configs],
            "Python": [sys.executable, "-m", reader.__name__, str(self.home), *self.appids],
        }
        running = {
            name: subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for name, command in commands.items()
        }
        try:
            yield
        finally:
            for name, process in running.items():
                output, _ = process.communicate(timeout=60)
                seen = json.loads(output)
                counts[name] = counts.get(name, 0) + seen["reads"]
                wrong.extend(
                    f"{name}: {text}" for text in [*seen["wrong"], *(() if is_hindered else seen.get("unreadable", ()))]
                )

    def make_order(self, chance: random.Random) -> tuple[tuple[str, ...], str, float]:
        """Return arguments, stdin and the longest time after which the command is killed, in seconds."""
        known = chance.choice(self.appids)
        match chance.randrange(6):
            case 0 | 1:
                return ("watch",), "", 1.2
            case 2:
                return ("refresh", known), "", 0.08
            case 3:
                return ("settings", str(chance.randrange(1000))), "", 0.1
            case 4:
                name = f"Name {chance.randrange(100)}-{known}"
                return (
                    ("accounts", "add", "--appid", known, "--name", name, "--no-check", "--secret-stdin"),
                    (next(account.secret for account in self.accounts if account.appid == known) + "\n"),
                    0.15,
                )
            case _:
                if chance.randrange(2):
                    return ("accounts", "remove", GUEST, "--purge"), "", 0.03
                options = ("--name", "Guest", "--no-check", "--secret-stdin")
                return ("accounts", "add", "--appid", GUEST, *options), f"{GUEST_SECRET}\n", 0.15

    def check_next_start(self, runner: ForkingCli) -> list[str]:
        """Return what a `status` right after a kill shows to be wrong."""
        end = runner.run(self.cli, "status", "--json")
        if end.code != 0:
            return [f"the next start ended with {end.code}: {end.output[-500:]}"]
        try:
            listed = {row["appid"] for row in json.loads(end.output)}
        except json.JSONDecodeError:  # a message beside it
            return [f"the next start complains: {end.output[-500:]}"]
        return [] if listed.issuperset(self.appids) else [f"lost accounts: {set(self.appids) - listed}"]

    def check_end(self, runner: ForkingCli) -> list[str]:
        """Return what is wrong after the next starts have had time to clean up."""
        wrong = []
        for appid in self.appids:
            end = runner.run(self.cli, "refresh", appid)
            if end.code != 0:
                wrong.append(f"refresh ended with {end.code}: {end.output[-500:]}")
        end = runner.run(self.cli, "accounts", "remove", GUEST, "--purge")
        if end.code not in (0, 3):  # 3: there is none
            wrong.append(f"remove ended with {end.code}: {end.output[-500:]}")
        if GUEST in self.cli.keyring_file.read_text("utf-8"):
            wrong.append("the guest's secret is left in the keyring")
        wrong += [f"damaged: {path.name}" for path in self.home.rglob("*.damaged-*")]
        wrong += check_history(self.home)
        run_maintenance_later(self.home, self.cli.environ)
        return wrong + [f"left behind: {path.relative_to(self.home)}" for path in temporary_files(self.home)]


def check_history(home: Path) -> list[str]:
    file = home / "data" / "history.sqlite3"
    if not file.exists():
        return []
    database = sqlite3.connect(file)
    (integrity,) = database.execute("PRAGMA integrity_check").fetchone()
    database.close()
    return [] if integrity == "ok" else [f"history: {integrity}"]


def run_maintenance_later(home: Path, environ: Mapping[str, str]) -> None:
    """Do what the engine does a minute after its start, as if two minutes had passed since the kills."""
    for path in temporary_files(home):
        then = path.stat().st_mtime - 120
        os.utime(path, (then, then))
    container = Container(environ, time.time)
    assert run_maintenance(container) == ()
    container.history.close()


def temporary_files(home: Path) -> list[Path]:
    return [path for path in home.rglob(".*") if path.name.endswith(".tmp")]


def set_lives(wechat: SandboxServer) -> None:
    """Give the first account tokens of seconds, so that the engine always has something to write."""
    lives = [3, 7200, 7200]
    for account, life in zip(wechat.accounts, lives, strict=True):
        wechat.rules.set_account(replace(account, life=life))
