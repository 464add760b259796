"""Several computers with several processes each, and the judge of what they were given."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.sandbox.accounts import FULL_LIFETIME_S
from guarddog_gui.sandbox.server import SandboxServer

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("machine_program.py")
END_TIMEOUT_S = 600
GRACE_S = 300  # of a life of two hours: WeChat accepts a replaced token for that long


class Judge:
    """Log of what the sandbox has issued, by the true clock."""

    def __init__(self, wechat: SandboxServer) -> None:
        self.wechat = wechat
        self.life_s = wechat.accounts[0].life
        self.token_calls = 0
        self._issued: dict[str, float] = {}  # value: when it was issued
        self._lock = threading.Lock()
        self._answer = wechat.rules.answer
        wechat.rules.answer = self._watch  # type: ignore[method-assign]

    def _watch(
        self, method: str, path: str, query: Mapping[str, str], body: bytes, ip: str, content_type: str = ""
    ) -> tuple[int, Any]:
        status, fields = self._answer(method, path, query, body, ip, content_type)
        if path.endswith("/stable_token") and isinstance(fields, dict) and "access_token" in fields:
            with self._lock:
                self.token_calls += 1
                self._issued.setdefault(fields["access_token"], time.time())
        return status, fields

    @property
    def issued_count(self) -> int:
        return len(self._issued)

    def died_at(self, value: str) -> float:
        """Return when WeChat stopped accepting a value: at its end, or the grace after it was replaced."""
        issued_at = self._issued[value]
        later = [at for at in self._issued.values() if at > issued_at]
        grace_s = GRACE_S * self.life_s / FULL_LIFETIME_S
        return min(issued_at + self.life_s, min(later, default=issued_at + self.life_s) + grace_s)

    def dead_reads(self, reads: Iterable["Read"]) -> list["Read"]:
        """Return the reads that began when their value was dead already."""
        return [read for read in reads if read.value and read.began_at > self.died_at(read.value)]


class Read(NamedTuple):
    """One request of a process for the token; an empty value is none."""

    pid: int
    began_at: float
    ended_at: float
    value: str


@dataclass
class Machine:
    """A running `machine_program`, with all its processes."""

    process: subprocess.Popen[str]
    reads: list[Read] = field(default_factory=list)

    def collect(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            words = line.split()
            if len(words) == 4:
                value = "" if words[3] == "-" else words[3]
                self.reads.append(Read(int(words[0]), float(words[1]), float(words[2]), value))

    @property
    def pids(self) -> list[int]:
        """Process ids of those that have read something."""
        return sorted({read.pid for read in self.reads})


class Machines:
    """Homes on one disk that act as computers: what they share is the Redis alone."""

    def __init__(self, folder: Path, wechat: SandboxServer, redis_url: str) -> None:
        self._folder = folder
        self._wechat = wechat
        self._redis_url = redis_url
        self.shop = wechat.accounts[0]
        self.machines: list[Machine] = []
        self._threads: list[threading.Thread] = []

    def add(
        self,
        name: str,
        *,
        role: SharingRole = SharingRole.LEADER,
        process_count: int = 4,
        seconds: float,
        clock_offset_s: float = 0.0,
        lock_ms: int = 0,
    ) -> Machine:
        home = self._folder / name
        account = Account(self.shop.appid, "Shop", sharing=Sharing(role, self._redis_url))
        container = make_container({"GUARDDOG_HOME": str(home)}, time.time, api_base=self._wechat.base_url)
        container.accounts.update(lambda _: (account,))
        secret = self.shop.secret if role is SharingRole.LEADER else ""
        min_ttl = GRACE_S * 0.75 * self.shop.life / FULL_LIFETIME_S  # a slow answer must not make it too early
        numbers = [process_count, seconds, f"{min_ttl:.3f}", clock_offset_s, lock_ms]
        machine = self._start([str(home), self._wechat.base_url, self.shop.appid, secret, *map(str, numbers)])
        self.machines.append(machine)
        return machine

    def _start(self, arguments: list[str]) -> Machine:
        process = subprocess.Popen(
            [sys.executable, str(PROGRAM), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        return Machine(process)

    def run(self) -> None:
        """Let all begin at once; returns at once."""
        for each in self.machines:
            assert each.process.stdout is not None
            assert each.process.stdout.readline() == "ready\n"
            thread = threading.Thread(target=each.collect, daemon=True)
            thread.start()
            self._threads.append(thread)
        for each in self.machines:
            assert each.process.stdin is not None
            each.process.stdin.write("\n")
            each.process.stdin.flush()

    def join(self) -> list[Read]:
        """Wait for the ends; return all that was asked for."""
        for each in self.machines:
            each.process.wait(timeout=END_TIMEOUT_S)
        for thread in self._threads:
            thread.join(timeout=10)
        self._close_pipes()
        return [read for each in self.machines for read in each.reads]

    def kill(self) -> None:
        for each in self.machines:
            for pid in each.pids if each.process.poll() is None else ():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            each.process.kill()
            each.process.wait()
        self._close_pipes()

    def _close_pipes(self) -> None:
        for each in self.machines:
            for pipe in (each.process.stdin, each.process.stdout):
                if pipe is not None:
                    pipe.close()
