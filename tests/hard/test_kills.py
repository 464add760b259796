"""Kill the engine and the command line at random moments, while Node and Python read all their files."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.server import SandboxServer
from tests.hard.killed_home import ForkingCli, KilledHome, set_lives
from tests.hard.results import PromiseRecorder

pytestmark = pytest.mark.only_on("linux")

KILLS_EACH_HOME = 50
PROMISE, WHAT = "2. No torn file", "kill -9 at a random moment of watch, refresh, accounts add and remove, settings"


def test_killed_programs_leave_nothing_torn_lost_or_behind(
    promise: PromiseRecorder, kept_folder: Path, secrets_in_play: set[str]
) -> None:
    wanted = promise.scaled(2000)
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    wrong: list[str] = []
    reads: dict[str, int] = {}
    killed: Counter[str] = Counter()
    started_at = time.monotonic()
    with SandboxServer(time.time) as wechat, ForkingCli(kept_folder / "output.txt") as runner:
        set_lives(wechat)
        wechat.rules.set_limit("/cgi-bin/token", QuotaLimit(1_000_000))
        secrets_in_play.update(account.secret for account in wechat.accounts)
        for number in range(1000):
            folder = kept_folder / f"{number}"
            folder.mkdir(mode=0o700)
            home = KilledHome(folder, wechat)
            home.set_up(runner)
            with home.readers(wrong, reads):
                for _ in range(KILLS_EACH_HOME * 2):
                    arguments, stdin, longest_s = home.make_order(chance)
                    end = runner.run(home.cli, *arguments, kill_after_s=chance.uniform(0, longest_s), stdin=stdin)
                    if not end.killed:
                        continue
                    killed[" ".join(arguments[:2]) if arguments[0] == "accounts" else arguments[0]] += 1
                    wrong += [f"{arguments}: {text}" for text in home.check_next_start(runner)]
                    if killed.total() % KILLS_EACH_HOME == 0 or killed.total() >= wanted:
                        break
            wrong += home.check_end(runner)
            note = (
                f"{', '.join(f'{name}: {count}' for name, count in sorted(killed.items()))};"
                f" {reads['Node']:,} reads in Node and {reads['Python']:,} in Python beside it;"
                f" {time.monotonic() - started_at:.0f} s"
            )
            promise.record(PROMISE, WHAT, tries=killed.total(), failures=wrong, note=note)
            if killed.total() >= wanted:
                break
    assert wrong == []
