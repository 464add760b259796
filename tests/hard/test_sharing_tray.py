"""The tray app with shared accounts while Redis is frozen, killed and gone: its main thread does not notice."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import SubprocessCli
from tests.desktop.guarddog_program import StartProgram
from tests.desktop.processes import wait_until
from tests.desktop.tray_host import FakeTrayHost
from tests.hard.results import PromiseRecorder
from tests.hard.test_server_faults import TrayUnderFaults, all_fresh, make_accounts, running_tray
from tests.sharing.redis_server import RedisServer

pytestmark = pytest.mark.only_on("linux")

PROMISE = "14. Many machines"
ACCOUNTS = 12
FROZEN_S = 30
ROUNDS = 2


def problems_of(tray: TrayUnderFaults) -> set[str | None]:
    return {row["sharing"]["problem"] for row in tray.statuses().values()}


def test_the_main_thread_does_not_wait_for_redis(
    promise: PromiseRecorder,
    kept_folder: Path,
    secrets_in_play: set[str],
    start_program: StartProgram,
    tray_host: FakeTrayHost,
) -> None:
    wrong: list[str] = []
    with SandboxServer(time.time) as wechat, tempfile.TemporaryDirectory(prefix="gd-redis-") as folder:
        server = RedisServer(Path(folder)).start()
        cli = SubprocessCli(kept_folder, wechat)
        accounts = make_accounts([f"account {number}" for number in range(ACCOUNTS)], cli)
        for account in accounts.values():
            wechat.rules.set_account(account)
        secrets_in_play.update(account.secret for account in accounts.values())
        sharing = Sharing(SharingRole.LEADER, server.url)
        container = Container(cli.environ, time.time)
        container.accounts.update(lambda listed: tuple(replace(each, sharing=sharing) for each in listed))
        with running_tray(start_program, cli, tray_host) as tray:
            wait_until(lambda: all_fresh(tray), "the first tokens", timeout_s=120)
            for _ in range(promise.scaled(ROUNDS)):
                server.freeze()
                wait_until(lambda: "redis no answer" in problems_of(tray), "the reason", timeout_s=90)
                time.sleep(FROZEN_S)
                wrong += [] if all_fresh(tray) else ["a value is missing while Redis is frozen"]
                server.thaw()
                wait_until(lambda: problems_of(tray) == {None}, "recovery", timeout_s=90)
                server.kill()
                wait_until(lambda: "redis unreachable" in problems_of(tray), "the reason", timeout_s=90)
                server.start()
                wait_until(lambda: problems_of(tray) == {None}, "recovery", timeout_s=90)
                wait_until(lambda: len(server.keys()) >= ACCOUNTS, "the values in the empty Redis", timeout_s=90)
            server.freeze()
            beats = tray.judge_heartbeats()
        server.kill()
        wrong += tray.wrong
    what = f"tray app with {ACCOUNTS} shared accounts: Redis frozen for {FROZEN_S} s, killed, restarted empty; quit while it is frozen"
    promise.record(PROMISE, what, tries=promise.scaled(ROUNDS), failures=wrong, note=beats)
    assert wrong == []
