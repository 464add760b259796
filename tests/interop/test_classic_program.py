"""The Node program that npm guard_dog was written for: alone with WeChat, and beside Guard Dog."""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread

import pytest

from guarddog_gui.adapters.files.dog_files import AccountDogFiles
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
    """How small the world is: seconds of the test, of a life, and how long before its end it is replaced.

    As in the great one, a change is seen well within the time for which old values are still taken: a ticket
    of unknown age for half a life after its end.
    """

    lasts: int
    life: int
    ahead: int
    follower_s: int  # how often the follower looks; 2 as it is published


SCALE = TimeScale(600, 30, 22, 2) if os.environ.get("LONG_RUN") else TimeScale(12, 8, 6, 1)


class ShortLivedSandboxAccount(SandboxAccount):
    """Its lives are seconds, and a new token can be had for most of one."""

    @property
    def overlap_s(self) -> float:
        return self.life * 5 / 6


@dataclass
class ReadValues:
    """What the `get`s of one key gave; those of a value that WeChat refused are `dead`."""

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
        return self.sandbox.rules.is_ticket_accepted(self.appid, value)


class NodeLoaderProcess:
    """The Node program while it runs; every value that it gets is judged at once."""

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
        """What it complained about."""
        with self._process as process:
            assert process.stdin is not None
            assert process.stderr is not None
            process.stdin.close()
            self._reader.join()
            return process.stderr.read()

    def wait_for(self, count: int) -> None:
        """Until each key had so many different values."""
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


def test_alone_it_gets_both_from_the_sandbox_and_we_read_what_it_keeps(sandbox: SandboxServer, tmp_path: Path) -> None:
    shop = sandbox.accounts[0]
    user = NodeLoaderProcess("classic", sandbox, shop.appid, classic_environ(sandbox, tmp_path, shop))
    try:
        user.wait_for(1)
    finally:
        complaints = user.stop()

    assert complaints == ""
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


def test_alone_it_asks_again_before_the_end(sandbox: SandboxServer, tmp_path: Path) -> None:
    shop = replace(sandbox.accounts[0], life=3)
    sandbox.rules.set_account(shop)
    user = NodeLoaderProcess("classic", sandbox, shop.appid, classic_environ(sandbox, tmp_path, shop))
    try:
        user.wait_for(2)
    finally:
        user.stop()


def test_alone_it_is_silent_for_good_after_one_refusal(sandbox: SandboxServer, tmp_path: Path) -> None:
    """Its loader returns without a word, as all of them do: that is why there is a follower."""
    shop = sandbox.accounts[0]
    sandbox.faults.add(Fault(FaultKind.ERRCODE, -1), endpoint="token")
    user = NodeLoaderProcess("classic", sandbox, shop.appid, classic_environ(sandbox, tmp_path, shop))
    time.sleep(1)
    complaints = user.stop()

    assert "errcode: -1" in complaints
    assert [gets.count for gets in user.seen.values()] == [0, 0]
    assert list(tmp_path.iterdir()) == []


# Beside Guard Dog.


@dataclass
class NodeAndCli:
    """One account, with the Node program that follows its files and `guarddogctl token` beside it."""

    person: SubprocessCli
    shop: SandboxAccount
    own_folder: Path | None
    ours: dict[str, ReadValues] = field(init=False)
    user: NodeLoaderProcess = field(init=False)

    def start(self) -> None:
        sandbox, appid = self.person.wechat, self.shop.appid
        self.ours = {kind.value: ReadValues(sandbox, appid, kind) for kind in BOTH}
        followed = self.person.home / "guarddog" / "data" / "dogs" / appid
        environ = {
            "FOLLOWER": str(follower_at(self.person.home)),
            "FOLLOWED": str(followed),
            "DOGS": str(self.own_folder or followed),
        }
        self.user = NodeLoaderProcess("following", sandbox, appid, environ)

    def get(self) -> None:
        """As `guarddogctl token` does: the short way, or else the long one."""
        for key, gets in self.ours.items():
            command = [self.shop.appid, "--key", key]
            value = read_fresh_token(command, self.person.environ, time.time())
            gets.note(value or self.person("token", *command).stdout.strip())


def follower_at(folder: Path) -> Path:
    """The follower in a world of this scale; nothing else of it is changed."""
    text = resource_path("snippets/follower.js").read_text(encoding="utf-8")
    scaled, places = re.subn(r"(?<=const AGAIN_S = )\d+", str(SCALE.follower_s), text)
    assert places == 1
    file = folder / "follower.js"
    file.write_text(scaled, encoding="utf-8")
    return file


@contextmanager
def guard_dog_at_work(person: SubprocessCli) -> Iterator[None]:
    """The tray's engine, with no window."""
    with subprocess.Popen([GUARDDOGCTL, "watch"], env=person.environ, stdout=subprocess.DEVNULL) as watch:
        try:
            yield
        finally:
            watch.terminate()


def test_side_by_side_no_get_on_either_side_gives_a_dead_value(sandbox: SandboxServer, tmp_path: Path) -> None:
    """One Node program keeps its copies in a folder of its own; the other writes them over our files."""
    person = SubprocessCli(tmp_path, sandbox)
    own_folder = tmp_path / "own"
    own_folder.mkdir()
    sandbox.rules.set_limit("/cgi-bin/getcallbackip", QuotaLimit(10**9))
    pairs = []
    for shop, folder in zip(sandbox.accounts, (own_folder, None), strict=False):
        brief = ShortLivedSandboxAccount(shop.appid, shop.secret, shop.name, life=SCALE.life)
        sandbox.rules.set_account(brief)
        added = person(
            "accounts", "add", "--appid", brief.appid, "--name", brief.name, "--ahead", str(SCALE.ahead), "--secret-stdin",
            stdin=brief.secret + "\n",
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
        pairs.append(NodeAndCli(person, brief, folder))

    with guard_dog_at_work(person), ExitStack() as ending:
        for pair in pairs:
            pair.start()
            ending.callback(pair.user.stop)
        until = time.monotonic() + SCALE.lasts
        while time.monotonic() < until:
            for pair in pairs:
                pair.get()
            time.sleep(0.02)

    for pair in pairs:
        for gets in (*pair.user.seen.values(), *pair.ours.values()):
            assert gets.dead == []
            assert gets.count > 5 * SCALE.lasts
            assert gets.longest_wait < SCALE.ahead, "a key that nobody answers is wedged"
            assert len(gets.values) > 1, "nothing was refreshed"
