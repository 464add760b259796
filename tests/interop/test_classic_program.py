"""A typical Node program with npm guard_dog: alone with WeChat, and beside Guard Dog."""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from msgspec.structs import replace

from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.cli.fast_token import read_fresh_token
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.interop.node import INTEROP_FOLDER, require_node_package
from tests.interop.token_check import is_token_valid

pytestmark = pytest.mark.interop

BOTH = (TokenKind.ACCESS_TOKEN, TokenKind.JSAPI_TICKET)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Shortened times in seconds: of the test, of a value's lifetime and of its refresh before it expires.

    As with WeChat's real times, a new value is noticed while the old one is still accepted: a ticket of
    unknown age for half a lifetime after its expiry.
    """

    duration_s: int
    lifetime_s: int
    ahead_s: int
    follower_s: int  # polling interval of the follower; 2 in the published snippet


SCALE = TimeScale(600, 30, 22, 2) if os.environ.get("LONG_RUN") else TimeScale(12, 8, 6, 1)


class ShortLivedSandboxAccount(SandboxAccount, frozen=True):
    """Account whose values live for seconds, with an overlap of most of that time."""

    @property
    def overlap_s(self) -> float:
        return self.life * 5 / 6


@dataclass
class ReadValues:
    """Values that `get` returned for one key; `dead` are those that WeChat refused."""

    sandbox: SandboxServer
    appid: str
    kind: TokenKind
    count: int = 0
    dead: list[str] = field(default_factory=list)
    values: set[str] = field(default_factory=set)
    longest_wait: float = 0.0
    at: float = field(default_factory=time.monotonic)

    def note(self, value: str) -> None:
        before, self.at = self.at, time.monotonic()
        self.longest_wait = max(self.longest_wait, self.at - before)
        self.count += 1
        self.values.add(value)
        if not self._is_alive(value):
            self.dead.append(value)

    def _is_alive(self, value: str) -> bool:
        if self.kind is TokenKind.ACCESS_TOKEN:
            return is_token_valid(self.sandbox, value)
        return value in self.sandbox.rules.accepted_tickets(self.appid)


class NodeLoaderProcess:
    """The running Node program; each value that it gets is checked immediately."""

    def __init__(self, modules: str, sandbox: SandboxServer, appid: str, environ: Mapping[str, str]) -> None:
        self.seen = {kind.value: ReadValues(sandbox, appid, kind) for kind in BOTH}
        command = [
            require_node_package("guard_dog"),
            str(INTEROP_FOLDER / "classic" / "user.js"),
            str(INTEROP_FOLDER / modules),
        ]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, env={"PATH": os.environ["PATH"], **environ}, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            key, _, value = line.rstrip("\n").partition(" ")
            self.seen[key].note(value)

    def stop(self) -> str:
        """Stop the program and return its error output."""
        with self._process as process:
            assert process.stdin is not None
            assert process.stderr is not None
            process.stdin.close()
            self._reader.join()
            return process.stderr.read()

    def wait_for(self, count: int) -> None:
        """Wait until each key has had this many different values."""
        until = time.monotonic() + 15
        while any(len(gets.values) < count for gets in self.seen.values()):
            assert time.monotonic() < until, self.seen
            time.sleep(0.02)


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


def classic_environ(sandbox: SandboxServer, folder: Path, account: SandboxAccount) -> dict[str, str]:
    return {
        "WECHAT_API": sandbox.base_url,
        "WECHAT_APPID": account.appid,
        "WECHAT_SECRET": account.secret,
        "DOGS": str(folder),
    }


# Alone.


def test_alone_it_gets_both_values_and_writes_files_that_we_read(sandbox: SandboxServer, tmp_path: Path) -> None:
    shop = sandbox.accounts[0]
    user = NodeLoaderProcess("classic", sandbox, shop.appid, classic_environ(sandbox, tmp_path, shop))
    try:
        user.wait_for(1)
    finally:
        errors = user.stop()

    assert errors == ""
    dogs, account = AccountDogFiles(tmp_path / "not used"), Account(shop.appid, "Shop", dog_dir=str(tmp_path))
    for kind in BOTH:
        record = dogs.read(account, kind)
        assert record is not None
        assert user.seen[kind].values == {record.value}
        assert user.seen[kind].dead == []
        assert (record.expires_in, record.directory) == (7200, str(tmp_path))
        assert 7195 < record.remaining_s(time.time()) <= 7200
    assert sandbox.rules.call_counts["/cgi-bin/token"] == 1
    assert sandbox.rules.call_counts["/cgi-bin/ticket/getticket"] == 1


def test_alone_it_refreshes_before_expiry(sandbox: SandboxServer, tmp_path: Path) -> None:
    shop = replace(sandbox.accounts[0], life=3)
    sandbox.rules.set_account(shop)
    user = NodeLoaderProcess("classic", sandbox, shop.appid, classic_environ(sandbox, tmp_path, shop))
    try:
        user.wait_for(2)
    finally:
        user.stop()


def test_alone_it_is_stuck_after_one_refusal(sandbox: SandboxServer, tmp_path: Path) -> None:
    """Typical loaders do not call their handler after an error: that is why the follower exists."""
    shop = sandbox.accounts[0]
    sandbox.faults.add(Fault(FaultKind.ERRCODE, -1), endpoint="token")
    user = NodeLoaderProcess("classic", sandbox, shop.appid, classic_environ(sandbox, tmp_path, shop))
    time.sleep(1)
    errors = user.stop()

    assert "errcode: -1" in errors
    assert [gets.count for gets in user.seen.values()] == [0, 0]
    assert list(tmp_path.iterdir()) == []


# Beside Guard Dog.


@dataclass
class NodeAndCli:
    """Node program that follows the files of one account, and `guarddogctl token` for the same account."""

    ctl: SubprocessCli
    shop: SandboxAccount
    own_folder: Path | None
    ours: dict[str, ReadValues] = field(init=False)
    user: NodeLoaderProcess = field(init=False)

    def start(self) -> None:
        sandbox, appid = self.ctl.wechat, self.shop.appid
        self.ours = {kind.value: ReadValues(sandbox, appid, kind) for kind in BOTH}
        followed = self.ctl.home / "guarddog" / "data" / "dogs" / appid
        environ = {
            "FOLLOWER": str(follower_at(self.ctl.home)),
            "FOLLOWED": str(followed),
            "DOGS": str(self.own_folder or followed),
        }
        self.user = NodeLoaderProcess("following", sandbox, appid, environ)

    def get(self) -> None:
        """Read each value as `guarddogctl token` does: by its fast path, or else by the command."""
        for key, gets in self.ours.items():
            command = [self.shop.appid, "--key", key]
            value = read_fresh_token(command, self.ctl.environ, time.time())
            gets.note(value or self.ctl("token", *command).stdout.strip())


def follower_at(folder: Path) -> Path:
    """Write a copy of the follower whose polling interval is scaled."""
    text = resource_path("snippets/follower.js").read_text(encoding="utf-8")
    scaled, replacements = re.subn(r"(?<=const AGAIN_S = )\d+", str(SCALE.follower_s), text)
    assert replacements == 1
    file = folder / "follower.js"
    file.write_text(scaled, encoding="utf-8")
    return file


@contextmanager
def guard_dog_at_work(ctl: SubprocessCli) -> Iterator[None]:
    """Run the background engine, as the tray app does, without a window."""
    with subprocess.Popen([GUARDDOGCTL, "watch"], env=ctl.environ, stdout=subprocess.DEVNULL) as watch:
        try:
            yield
        finally:
            watch.terminate()


def test_side_by_side_no_get_of_either_program_returns_a_dead_value(sandbox: SandboxServer, tmp_path: Path) -> None:
    """One Node program keeps its copies in a separate folder, the other overwrites Guard Dog's files."""
    ctl = SubprocessCli(tmp_path, sandbox)
    own_folder = tmp_path / "own"
    own_folder.mkdir()
    sandbox.rules.set_limit("/cgi-bin/getcallbackip", QuotaLimit(10**9))
    pairs = []
    for shop, folder in zip(sandbox.accounts, (own_folder, None), strict=False):
        short_lived = ShortLivedSandboxAccount(shop.appid, shop.secret, shop.name, life=SCALE.lifetime_s)
        sandbox.rules.set_account(short_lived)
        added = ctl(
            "accounts", "add", "--appid", short_lived.appid, "--name", short_lived.name, "--ahead", str(SCALE.ahead_s), "--secret-stdin",
            stdin=short_lived.secret + "\n",
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
        pairs.append(NodeAndCli(ctl, short_lived, folder))

    with guard_dog_at_work(ctl), ExitStack() as ending:
        for pair in pairs:
            pair.start()
            ending.callback(pair.user.stop)
        until = time.monotonic() + SCALE.duration_s
        while time.monotonic() < until:
            for pair in pairs:
                pair.get()
            time.sleep(0.02)

    for pair in pairs:
        for gets in (*pair.user.seen.values(), *pair.ours.values()):
            assert gets.dead == []
            assert gets.count > 5 * SCALE.duration_s
            assert gets.longest_wait < SCALE.ahead_s, "a key without answer is stuck"
            assert len(gets.values) > 1, "nothing was refreshed"
