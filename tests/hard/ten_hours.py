"""Program that lets ten hours pass beside another server, and judges every value that is handed out.

It runs under `faketime -f '+0 x60'`, as all programs that it starts do: they share one clock, with WeChat's real
lives. Three homes have an account each: in one nothing but the library runs, in the others `watch` or the tray app.
The other server, wechatpy, refreshes all three accounts. Now and then a program writes the token of another account
into the folders. The last line of the output is the result as JSON.

Arguments: a folder, the endpoint (stable or classic) and the hours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.hard import library_user, peer_server
from tests.hard.handed_out import Judge

TOKEN, TICKET = TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET
MODES = ("library", "watch", "tray")
PASSED_ON = ("FAKETIME", "FAKETIME_SHARED", "LD_PRELOAD", "NO_FAKE_STAT")
FOLLOWER_PAUSE_S = 20.0
COMMAND_TIMEOUT_S = 3600  # a minute
INTRUDER_PAUSE_S = 40 * 60.0
INTRUDER_SETTLES_S = 300.0  # a follower that reads the file itself sees the other value until it is put back
SHOP_URL = "https://shop.example.cn/p?id=1"
EXEC_SCRIPT = 'printf "%s %s" "$WECHAT_ACCESS_TOKEN" "$WECHAT_JSAPI_TICKET"'


class Home:
    """A home with one account, and the programs that run in it."""

    def __init__(self, mode: str, folder: Path, wechat: SandboxServer, account: SandboxAccount, endpoint: str) -> None:
        self.mode = mode
        self.account = account
        folder.mkdir(parents=True)
        cli = SubprocessCli(folder, wechat, COMMAND_TIMEOUT_S)
        cli.environ |= {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self.environ = cli.environ
        self.run = cli
        self.dogs = folder / "guarddog" / "data" / "dogs" / account.appid
        self.written_by_others_at = 0.0
        options = ("--appid", account.appid, "--name", "Shop", "--endpoint", endpoint, "--no-check", "--secret-stdin")
        added = self.run("accounts", "add", *options, stdin=f"{account.secret}\n", LD_PRELOAD="")
        if added.returncode != 0:
            raise SystemExit(f"accounts add: {added.stdout}{added.stderr}")

    def command(self) -> list[str]:
        match self.mode:
            case "watch":
                return [GUARDDOGCTL, "watch"]
            case "tray":
                return [str(Path(GUARDDOGCTL).with_name("guarddog-gui"))]
            case _:
                return [sys.executable, "-m", library_user.__name__, self.account.appid]

    def dog_file(self, kind: TokenKind) -> Path:
        return self.dogs / f"{kind}.dog"


class World:
    """The sandbox's WeChat, the homes, and the threads that ask for values."""

    def __init__(self, folder: Path, endpoint: str, hours: float) -> None:
        self.endpoint = endpoint
        self.wechat = SandboxServer(time.time).start()
        self.wechat.rules.set_limit("/cgi-bin/token", QuotaLimit(1_000_000))
        shops = self.wechat.accounts
        *ours, self.stranger = [
            replace(shops[0], appid=f"wx{number:016x}", name=f"Shop {number}") for number in range(1, 5)
        ]
        for account in (*ours, self.stranger):
            self.wechat.rules.set_account(account)
        self.homes = [
            Home(mode, folder / mode, self.wechat, account, endpoint) for mode, account in zip(MODES, ours, strict=True)
        ]
        self.started_at = time.time()
        self.ends_at = self.started_at + hours * 3600
        self.judge = Judge(self.wechat.rules, self.started_at)
        self.intrusions = 0
        self.processes: list[subprocess.Popen[str]] = []
        self.crashes: list[str] = []

    def run(self) -> None:
        threads = [
            threading.Thread(target=self._repeat, args=(task,), daemon=True)
            for task in (self._ask_commands, self._read_as_follower, self._write_strange_token)
        ]
        self._start_programs(folder_of_outputs=self.homes[0].dogs.parents[4])
        for thread in threads:
            thread.start()
        while time.time() < self.ends_at:
            time.sleep(60)
        for process in self.processes:
            if process.poll() is not None:
                self.crashes.append(f"{process.args!r} ended with {process.returncode}")
            process.terminate()
        self.wechat.stop()

    def _start_programs(self, folder_of_outputs: Path) -> None:
        for home in self.homes:
            is_library = home.mode == "library"
            output = subprocess.PIPE if is_library else (folder_of_outputs / f"{home.mode}.txt").open("w")
            environ = home.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(folder_of_outputs)}
            process = subprocess.Popen(
                home.command(),
                env=environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
            )
            self.processes.append(process)
            if is_library:
                threading.Thread(target=self._read_library, args=(home, process), daemon=True).start()
        credentials = [f"{home.account.appid}:{home.account.secret}" for home in self.homes]
        command = [sys.executable, "-m", peer_server.__name__, self.wechat.base_url, self.endpoint, *credentials]
        peer_output = (folder_of_outputs / "peer.txt").open("w")
        self.processes.append(subprocess.Popen(command, stdout=peer_output, stderr=subprocess.STDOUT, text=True))

    def _repeat(self, task: Callable[[], None]) -> None:
        while time.time() < self.ends_at:
            task()

    # -- ways of asking ----------------------------------------------------------------------------

    def _read_library(self, home: Home, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for text in process.stdout:
            if not text.startswith("{"):
                self.crashes.append(text.strip())
                continue
            line = json.loads(text)
            if "value" in line:
                appid, kind = home.account.appid, TokenKind(line["kind"])
                self.judge.judge(home.mode, f"library {kind}", appid, kind, line["value"], line["at"])
            else:
                self.judge.refused(home.mode, f"library {line['kind']}", line["error"])

    def _ask_commands(self) -> None:
        for home in self.homes:
            self._ask(home, "token", lambda output: {TOKEN: output.strip()}, "token")
            self._ask(home, "token --key", lambda output: {TICKET: output.strip()}, "token", "--key", TICKET)
            self._ask(home, "sign", _signed_ticket, "sign", SHOP_URL, "--json")
            words = ("exec", "--", "sh", "-c", EXEC_SCRIPT)
            self._ask(home, "exec", lambda output: dict(zip((TOKEN, TICKET), output.split(), strict=False)), *words)

    def _ask(self, home: Home, way: str, parse: Callable[[str], dict[TokenKind, str]], *arguments: str) -> None:
        """Judge by the moment of the start: a start takes a minute of this clock."""
        at = time.time()
        if at >= self.ends_at:
            return
        done = home.run(*arguments)
        if done.returncode != 0:
            self.judge.refused(home.mode, way, f"exit {done.returncode}")
            return
        for kind, value in parse(done.stdout).items():
            self.judge.judge(home.mode, way, home.account.appid, kind, value, at)

    def _read_as_follower(self) -> None:
        """Read the files as npm guard_dog does: a value is used until `ahead` before its end."""
        for home in self.homes:
            for kind in (TOKEN, TICKET):
                try:
                    record = dog_format.parse_token_record(home.dog_file(kind).read_text("utf-8"))
                except (OSError, ValueError):
                    record = None
                now = time.time()
                if record is None or now >= record.expires_at - record.ahead:
                    self.judge.refused(home.mode, f"file {kind}", "due")
                elif kind is TOKEN and now - home.written_by_others_at < INTRUDER_SETTLES_S:
                    self.judge.refused(home.mode, f"file {kind}", "another program wrote")
                else:
                    self.judge.judge(home.mode, f"file {kind}", home.account.appid, kind, record.value, now)
        time.sleep(FOLLOWER_PAUSE_S)

    def _write_strange_token(self) -> None:
        time.sleep(INTRUDER_PAUSE_S)
        query = {"grant_type": "client_credential", "appid": self.stranger.appid, "secret": self.stranger.secret}
        _, fields = self.wechat.rules.handle("GET", "/cgi-bin/token", query, b"", "127.0.0.1")
        for home in self.homes:
            record = TokenRecord(fields["access_token"], fields["expires_in"], int(time.time() * 1000), "/", 2)
            home.written_by_others_at = time.time()
            home.dog_file(TOKEN).write_text(dog_format.format_token_record(record), "utf-8")
            self.intrusions += 1

    def result(self) -> dict[str, object]:
        tallies = [
            {"home": home, "way": way, **tally.to_json()} for (home, way), tally in sorted(self.judge.tallies.items())
        ]
        return {
            "hours": (time.time() - self.started_at) / 3600,
            "tallies": tallies,
            "intrusions": self.intrusions,
            "calls": dict(self.wechat.rules.call_counts),
            "crashes": self.crashes,
        }


def _signed_ticket(output: str) -> dict[TokenKind, str]:
    """Return the ticket of a signature: it is in the string that was signed."""
    after = output.partition("jsapi_ticket=")[2]
    return {TICKET: after.partition("&")[0].partition("\\u0026")[0]}


def main(folder: str, endpoint: str, hours: str) -> None:
    world = World(Path(folder), endpoint, float(hours))
    world.run()
    sys.stdout.write(json.dumps(world.result()) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
