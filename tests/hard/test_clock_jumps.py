"""Sleep and clock jumps under the running engine: no value that is dead is ever handed out or shown as usable."""

from __future__ import annotations

import glob
import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice, product
from pathlib import Path
from typing import NamedTuple

import pytest
from _pytest.outcomes import Failed

from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.expiry import FUTURE_TOLERANCE_S
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.desktop.logind import FakeLogind, private_logind
from tests.desktop.processes import stop_process, wait_until
from tests.hard.results import PromiseRecorder

pytestmark = pytest.mark.only_on("linux")

PROMISE, WHAT = (
    "4. Sleep and clock",
    "wall clock jumped under `watch`, `token` and followers, with the network up and down",
)
HOUR_S, DAY_S = 3600, 86400
LIBRARIES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")
TOKEN = TokenKind.ACCESS_TOKEN
OFFLINE_LOOKS = 3
RECOVERY_MAX_S = 60.0
STARTED_AFTER_S = 3.0
TRIES = 30  # each case once


class Jump(NamedTuple):
    """How far a clock moves: that of this computer and WeChat's. `before_s` is how wrong ours is at first."""

    name: str
    before_s: int
    after_s: int
    wechat_s: int
    is_sleep: bool


JUMPS = (
    Jump("sleep of 8 h", 0, 8 * HOUR_S, 8 * HOUR_S, is_sleep=True),
    Jump("sleep of 30 days", 0, 30 * DAY_S, 30 * DAY_S, is_sleep=True),
    Jump("set back by 1 h", HOUR_S, 0, 0, is_sleep=False),
    Jump("set ahead by 8 h", 0, 8 * HOUR_S, 0, is_sleep=False),
    Jump("set ahead by 30 days", 0, 30 * DAY_S, 0, is_sleep=False),
)
# how wrong the clock was when the file was written, beside the jump's own error
FILES = {"fresh": 0, "stale": -3 * HOUR_S, "from the future": 5 * HOUR_S}


class JumpingHome:
    """Home whose programs run under libfaketime with the offset in a file; WeChat has a clock of its own."""

    def __init__(self, folder: Path, library: str, logind: FakeLogind) -> None:
        self.wechat_offset_s = 0
        self._offset_file = folder / "offset"
        self.offset_s = 0
        self.set_offset(0)
        self.handed_out = 0
        self.slow_commands = 0
        self.wrong: list[str] = []
        self.wechat = SandboxServer(lambda: time.time() + self.wechat_offset_s).start()
        self.cli = SubprocessCli(folder, self.wechat)
        self.cli.environ |= {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(self._offset_file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "DBUS_SYSTEM_BUS_ADDRESS": logind.bus,
        }
        self.dog_file = folder / "guarddog" / "data" / "dogs" / self.cli.shop.appid / f"{TOKEN}.dog"

    def set_offset(self, seconds: int) -> None:
        """Move the clock of all programs of this home; the file is replaced, because they read it all the time."""
        self.offset_s = seconds
        new = self._offset_file.with_suffix(".new")
        new.write_text(f"{seconds:+d}s", "ascii")
        new.replace(self._offset_file)

    def read_as_follower(self) -> str | None:
        """Return the value that npm guard_dog would use: its end, less `ahead`, has not passed by this clock."""
        record = self.read_record()
        now = time.time() + self.offset_s
        return record.value if record is not None and now < record.expires_at - record.ahead else None

    def read_record(self) -> TokenRecord | None:
        try:
            return dog_format.parse_token_record(self.dog_file.read_text("utf-8"))
        except FileNotFoundError:
            return None

    def has_no_future_value(self) -> bool:
        """Return True once `watch`, which may start slowly, has judged the file by the clock from before the jump."""
        record = self.read_record()
        return record is None or record.generated_at <= time.time() + self.offset_s + FUTURE_TOLERANCE_S

    def is_alive(self, value: str) -> bool:
        token = self.wechat.rules._checks._tokens_by_value.get(value)
        return token is not None and token.errcode(time.time() + self.wechat_offset_s) == 0

    def set_network(self, *, is_up: bool) -> None:
        self.wechat.faults.clear()
        if not is_up:
            self.wechat.faults.add(Fault(FaultKind.RESET), times=1_000_000)

    def look(self, moment: str) -> None:
        """Ask as a script, a follower and a user of `status` do, and judge what they get."""
        self._judge(f"follower {moment}", self.read_as_follower())
        try:
            asked, status = self.cli("token"), self.cli("status", "--json")
        except subprocess.TimeoutExpired:  # on a busy machine; no value is a right answer here
            self.slow_commands += 1
            return
        self._judge(f"token {moment}", asked.stdout.strip() if asked.returncode == 0 else None)
        record = self.read_record()
        rows = [row for row in json.loads(status.stdout) if row["name"] == TOKEN] if status.returncode == 0 else []
        is_usable = any(row["usable"] for row in rows)
        if is_usable and record is not None and rows[0]["fingerprint"] == fingerprint(record.value):
            self._judge(f"status {moment}", record.value)

    def _judge(self, way: str, value: str | None) -> None:
        if value is None:
            return
        self.handed_out += 1
        if not self.is_alive(value):
            self.wrong.append(f"{way}: a dead value")

    @contextmanager
    def watch(self) -> Iterator[None]:
        process = subprocess.Popen(
            [GUARDDOGCTL, "watch"], env=self.cli.environ, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        try:
            yield
        finally:
            if process.poll() is not None:
                self.wrong.append(f"watch ended with {process.returncode}")
            stop_process(process)


@pytest.fixture(scope="module")
def libfaketime() -> str:
    found = [path for pattern in LIBRARIES for path in glob.glob(pattern)]  # noqa: PTH207 - the pattern is absolute
    if not found:
        pytest.skip("faketime is not installed")
    return found[0]


@pytest.fixture
def logind(kept_folder: Path) -> Iterator[FakeLogind]:
    with private_logind(kept_folder) as logind:
        yield logind


def jump_once(home: JumpingHome, logind: FakeLogind, jump: Jump, file: str, *, is_up_at_wake: bool) -> float:
    """Let the clock jump under a running `watch`; return the seconds until a living value is there again."""
    added = home.cli.add_account("--no-check")
    assert added.returncode == 0, added
    home.set_offset(jump.before_s + FILES[file])
    refreshed = home.cli("refresh", home.cli.shop.appid)
    assert refreshed.returncode == 0, refreshed
    home.set_offset(jump.before_s)
    if file != "fresh":  # a value that must not be used any more, so that its use shows
        home.wechat.rules.revoke_tokens(home.cli.shop.appid)
        home.set_network(is_up=False)
    with home.watch():
        time.sleep(STARTED_AFTER_S)
        wait_until(home.has_no_future_value, "the end of a value from the future", timeout_s=RECOVERY_MAX_S)
        if jump.is_sleep:
            logind.suspend()
        home.set_network(is_up=is_up_at_wake)
        home.wechat_offset_s += jump.wechat_s
        home.set_offset(jump.after_s)
        if jump.is_sleep:
            logind.resume()
        if not is_up_at_wake:
            for number in range(OFFLINE_LOOKS):
                home.look(f"offline, look {number}")
            home.set_network(is_up=True)
        up_at = time.monotonic()
        wait_until(lambda: is_recovered(home), "a living value in the file", timeout_s=RECOVERY_MAX_S)
        seconds = time.monotonic() - up_at
        home.look("at the end")
    return seconds


def is_recovered(home: JumpingHome) -> bool:
    value = home.read_as_follower()
    return value is not None and home.is_alive(value)


def test_after_a_jump_of_the_clock_no_dead_value_is_handed_out(
    promise: PromiseRecorder, kept_folder: Path, libfaketime: str, logind: FakeLogind, secrets_in_play: set[str]
) -> None:
    cases = list(product(JUMPS, FILES, (True, False)))
    wanted = promise.scaled(TRIES, least=2)
    wrong: list[str] = []
    slowest: Counter[str] = Counter()
    handed_out = slow_commands = 0
    for number, (jump, file, is_up_at_wake) in enumerate(islice(cycle(cases), wanted)):
        folder = kept_folder / f"{number}"
        folder.mkdir()
        home = JumpingHome(folder, libfaketime, logind)
        secrets_in_play.add(home.cli.shop.secret)
        name = f"{jump.name}, {file} file, network {'up' if is_up_at_wake else 'down'}"
        try:
            seconds = jump_once(home, logind, jump, file, is_up_at_wake=is_up_at_wake)
            slowest[jump.name] = max(slowest[jump.name], round(seconds))
        except (Failed, AssertionError) as error:
            home.wrong.append(str(error))
        finally:
            home.wechat.stop()
        handed_out += home.handed_out
        slow_commands += home.slow_commands
        wrong += [f"{name}: {text}" for text in home.wrong]
        longest = ", ".join(f"{jump_name} {spent} s" for jump_name, spent in slowest.items())
        note = f"{handed_out} values handed out, {slow_commands} commands took over a minute; longest time until a living value with the network up: {longest}"
        promise.record(PROMISE, WHAT, tries=number + 1, failures=len(wrong), note=note)
    assert wrong == []
