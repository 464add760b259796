"""Faults of the server under the running tray app: reasons in words, recovery, main thread, memory."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.server import SandboxServer
from tests.adapters import certificates
from tests.adapters.fault_server import ConnectionScript, close_socket, drip_tls, hang, http_response, reply_with, reset
from tests.adapters.http.test_client import FAULTS
from tests.adapters.http.test_errors import close_after_first_bytes
from tests.cli.subprocess_cli import SubprocessCli
from tests.desktop.guarddog_program import StartProgram
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess
from tests.desktop.tray_host import FakeTrayHost
from tests.hard import heartbeat as heartbeat_module
from tests.hard import heartbeat_tray
from tests.hard.fault_front import FaultFront
from tests.hard.heartbeat import HeartbeatReader
from tests.hard.results import ROOT, PromiseRecorder

pytestmark = pytest.mark.only_on("linux")

PROMISE = "3. No server answer breaks it"
LIFE_S = 40  # seconds; each account asks for a new token once in this time
STALL_MAX_MS = 50.0
ROUNDS = 5
SETTLED_ROUND = 3  # until then caches fill and modules are loaded
GROWTH_MAX_KB = 4 * 1024  # after that
QUIT_MAX_S = 6.0  # twice what is promised: the machine is busy
BODIES = {
    "errcode and token": b'{"errcode":0,"errmsg":"ok","access_token":"","expires_in":7200}',
    "an unknown errcode": b'{"errcode":-1,"errmsg":"system error"}',
    "control characters in errmsg": b'{"errcode":-1,"errmsg":"\\u0000\\u001b[2J\\u202e system busy"}',
    "an errmsg of 1 MB": b'{"errcode":-1,"errmsg":"' + b"x" * 60_000 + b'"}',
}
ALL_FAULTS: dict[str, ConnectionScript] = {
    **{name: script for name, (script, _) in FAULTS.items()},
    **{name: reply_with(http_response(body)) for name, body in BODIES.items()},
}


class TrayUnderFaults:
    """Running tray app with many accounts, and what can be seen of it; an idle program beside it for comparison."""

    def __init__(self, program: ProgramProcess, cli: SubprocessCli, heartbeat: Path, idle_heartbeat: Path) -> None:
        self.program = program
        self.wrong: list[str] = []
        self._cli = cli
        self._heartbeat = HeartbeatReader(heartbeat)
        self._idle_heartbeat = HeartbeatReader(idle_heartbeat)

    def statuses(self) -> dict[str, dict[str, Any]]:
        result = self._cli("status", "--json")
        assert result.returncode == 0, result
        return {row["appid"]: row for row in json.loads(result.stdout)}

    def judge_heartbeats(self) -> str:
        """Add what is wrong to `wrong`, and describe the heartbeats.

        The main thread must never compute for 50 ms. On a machine that is not busy it must not be away for so long more
        often than an idle program; on a busy one it also waits for workers that have the interpreter's lock and no
        processor, which is no measure of this program.
        """
        beats, idle_beats = self._heartbeat.read(), self._idle_heartbeat.read()
        away = [away for away, _ in beats if away > STALL_MAX_MS]
        idle_away = [away for away, _ in idle_beats if away > STALL_MAX_MS]
        busiest = max((busy for _, busy in beats), default=0.0)
        self.wrong += [f"the main thread computed for {busy} ms" for _, busy in beats if busy > STALL_MAX_MS]
        load = os.getloadavg()[1]
        if load <= (os.cpu_count() or 1) and len(away) > 2 * len(idle_away) + 3:
            self.wrong.append(f"the main thread was away for {away} ms, an idle program for {idle_away} ms")
        return (
            f"{len(beats) // 4} s of heartbeats: computed for {busiest:.0f} ms at most; away above 50 ms {len(away)} times,"
            f" an idle program beside it {len(idle_away)} times; load of the machine {load:.0f}"
        )

    def memory_kb(self) -> int:
        """Return the memory that no file is mapped to: PSS would depend on the programs beside it."""
        rollup = Path(f"/proc/{self.program.pid}/smaps_rollup").read_text("ascii")
        return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Anonymous:"))


def make_accounts(names: list[str], cli: SubprocessCli) -> dict[str, SandboxAccount]:
    """Add an account for each name to the home and the keyring file; return them by name."""
    accounts = {
        name: SandboxAccount(f"wx{number:016x}", secrets.token_hex(16), name, Platform.MINI_PROGRAM, life=LIFE_S)
        for number, name in enumerate(names, 1)
    }
    Container(cli.environ, time.time).accounts.update(
        lambda _: tuple(
            Account(account.appid, f"{number}", Platform.MINI_PROGRAM)
            for number, account in enumerate(accounts.values(), 1)
        )
    )
    keyring = {f"guarddog:{account.appid} appsecret": account.secret for account in accounts.values()}
    cli.keyring_file.write_text(json.dumps(keyring), "utf-8")
    return accounts


@contextmanager
def running_tray(start_program: StartProgram, cli: SubprocessCli, tray_host: FakeTrayHost) -> Iterator[TrayUnderFaults]:
    heartbeat, idle_heartbeat = cli.home / "heartbeat.txt", cli.home / "idle.txt"
    environ = {name: value for name, value in cli.environ.items() if not name.startswith(("DBUS", "PATH"))}
    environ["PYTHONPATH"] += f":{ROOT}"
    program = start_program(
        sys.executable, "-m", heartbeat_tray.__name__, TEST_HEARTBEAT_FILE=str(heartbeat), **environ
    )
    idle = start_program(sys.executable, "-m", heartbeat_module.__name__, str(idle_heartbeat), PYTHONPATH=str(ROOT))
    tray = TrayUnderFaults(program, cli, heartbeat, idle_heartbeat)
    with tray_host.wait_for_item():
        yield tray
    idle.stop()
    began_at = time.monotonic()
    program.send_signal(signal.SIGTERM)
    code = program.wait_for_exit(timeout_s=60)
    took_s = time.monotonic() - began_at
    if code != 0 or program.output or took_s > QUIT_MAX_S:
        tray.wrong.append(f"it ended with {code} after {took_s:.1f} s: {program.output}")


def all_fresh(tray: TrayUnderFaults) -> bool:
    return all(row["state"] in ("fresh", "due soon") for row in tray.statuses().values())


def test_faults_of_the_server_are_told_in_words_and_pass(
    promise: PromiseRecorder,
    kept_folder: Path,
    secrets_in_play: set[str],
    start_program: StartProgram,
    tray_host: FakeTrayHost,
) -> None:
    rounds = promise.scaled(ROUNDS)
    names = list(ALL_FAULTS)
    wrong: list[str] = []
    with SandboxServer(time.time) as wechat:
        front = FaultFront(int(wechat.base_url.rpartition(":")[2]))
        cli = SubprocessCli(kept_folder, wechat)
        cli.environ["GUARDDOG_API_BASE"] = front.server.base
        accounts = make_accounts(names, cli)
        for account in accounts.values():
            wechat.rules.set_account(account)
        secrets_in_play.update(account.secret for account in accounts.values())
        with front.server, running_tray(start_program, cli, tray_host) as tray:
            wait_until(lambda: all_fresh(tray), "the first tokens", timeout_s=120)
            memory = [tray.memory_kb()]
            for number in range(rounds):
                wrong += [f"round {number}: {text}" for text in play_round(front, accounts, tray)]
                memory.append(tray.memory_kb())
            if memory[-1] - memory[min(SETTLED_ROUND, rounds)] > GROWTH_MAX_KB:
                wrong.append(f"memory grew: {memory}")
            beats = tray.judge_heartbeats()
        wrong += tray.wrong
        log = Path(cli.environ["GUARDDOG_HOME"], "logs", "guarddog.log").read_text("utf-8")
        wrong += ["a traceback in the log"] if "Traceback" in log else []
    promise.record(
        PROMISE,
        "faults of a real socket under the running tray app: words, recovery, main thread below 50 ms, memory",
        tries=rounds * len(names),
        failures=wrong,
        note=f"{len(names)} faults, {rounds} times; anonymous memory {' → '.join(f'{kb / 1024:.0f}' for kb in memory)} MB;"
        f" {beats}",
    )
    assert wrong == []


def play_round(front: FaultFront, accounts: dict[str, SandboxAccount], tray: TrayUnderFaults) -> list[str]:
    """Disturb all accounts until each has failed; then wait until all are fresh again."""
    wrong: list[str] = []
    front.disturbed.clear()
    began_at = time.time()
    front.faults = {account.appid: ALL_FAULTS[name] for name, account in accounts.items()}
    deadline = time.monotonic() + 240
    failing: dict[str, str] = {}
    while len(failing) < len(accounts) and time.monotonic() < deadline:
        time.sleep(1)
        for appid, row in tray.statuses().items():
            if row["last_error"]:
                failing[appid] = row["last_error"]
    for name, account in accounts.items():
        words = failing.get(account.appid, "")
        if not words or " " not in words or any(not letter.isprintable() for letter in words):
            wrong.append(f"{name}: no words ({words!r}), disturbed {front.disturbed.get(account.appid, 0)} times")
    front.faults = {}
    deadline = time.monotonic() + 240
    late = tray.statuses()
    while late and time.monotonic() < deadline:  # each has to be fresh once: with lives of seconds not all are at once
        time.sleep(1)
        fresh = {appid for appid, row in tray.statuses().items() if row["state"] in ("fresh", "due soon")}
        late = {appid: row for appid, row in late.items() if appid not in fresh}
    wrong += [
        f"{name}: not fresh {time.time() - began_at:.0f} s later: {late[account.appid]['state']},"
        f" {late[account.appid]['last_error']}"
        for name, account in accounts.items()
        if account.appid in late
    ]
    return wrong


def wait_for(condition: Callable[[], Any], seconds: float) -> Any:
    """Return the first true value of the condition, or its last value at the end of the time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return value


def tls_faults(
    folder: Path, authority: certificates.CertificateAuthority
) -> dict[str, Callable[[socket.socket], socket.socket | None]]:
    """Return what the server does instead of a good handshake."""
    other = folder / "other"
    other.mkdir()
    unknown = certificates.make_authority(other)
    contexts = {
        "expired": certificates.server_context(folder, authority, "127.0.0.1", valid_until_days=-1),
        "not yet valid": certificates.server_context(folder, authority, "127.0.0.1", valid_from_days=9000),
        "of another host": certificates.server_context(folder, authority, "api.weixin.qq.com"),
        "signed by itself": certificates.server_context(folder, None, "127.0.0.1"),
        "of an unknown authority": certificates.server_context(folder, unknown, "127.0.0.1"),
    }
    scripts: dict[str, ConnectionScript] = {
        "plain HTTP on the TLS port": lambda c: c.sendall(http_response(b"{}", status="400 Bad")),
        "garbage": lambda c: c.sendall(b"\x00" * 500),
        "closed": close_socket,
        "reset": reset,
        "closed after the first word": close_after_first_bytes,
        "hangs in the handshake": hang,
        "drips the handshake": drip_tls,
    }
    return {
        **{name: partial(wrap, context) for name, context in contexts.items()},
        **{name: partial(run_script, script) for name, script in scripts.items()},
    }


def wrap(context: ssl.SSLContext, connection: socket.socket) -> socket.socket:
    return context.wrap_socket(connection, server_side=True)


def run_script(script: ConnectionScript, connection: socket.socket) -> None:
    script(connection)


def test_faults_of_tls_are_told_in_words_and_pass(
    promise: PromiseRecorder,
    kept_folder: Path,
    secrets_in_play: set[str],
    start_program: StartProgram,
    tray_host: FakeTrayHost,
) -> None:
    authority = certificates.make_authority(kept_folder)
    good = certificates.server_context(kept_folder, authority, "127.0.0.1")
    handshakes = tls_faults(kept_folder, authority)
    wrong: list[str] = []
    with SandboxServer(time.time) as wechat:
        front = FaultFront(int(wechat.base_url.rpartition(":")[2]))
        front.handshake = partial(wrap, good)
        cli = SubprocessCli(kept_folder, wechat)
        cli.environ["GUARDDOG_API_BASE"] = front.server.base.replace("http:", "https:")
        cli.environ["SSL_CERT_FILE"] = str(authority.file)
        accounts = make_accounts(["one"], cli)
        wechat.rules.set_account(replace(accounts["one"], life=10))
        secrets_in_play.update(account.secret for account in accounts.values())
        with front.server, running_tray(start_program, cli, tray_host) as tray:
            wait_until(lambda: all_fresh(tray), "the first token", timeout_s=60)
            healthy = front.handshake
            for name, handshake in handshakes.items():
                front.handshake = handshake
                words = wait_for(lambda: next(iter(tray.statuses().values()))["last_error"], 60)
                if not words or " " not in words:
                    wrong.append(f"{name}: no words ({words!r})")
                front.handshake = healthy
                if not wait_for(lambda: all_fresh(tray), 120):
                    wrong.append(f"{name}: not fresh two minutes later")
            note = tray.judge_heartbeats()
        wrong += tray.wrong
    promise.record(
        PROMISE,
        "faults of TLS under the running tray app: words, recovery, main thread",
        tries=len(handshakes),
        failures=wrong,
        note=note,
    )
    assert wrong == []
