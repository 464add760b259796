"""npm guard_dog and ours under the same ten faults; run as a module it puts the table into the README.

python -m tests.interop.comparison
"""

import json
import logging
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from guarddog_gui.sandbox.faults.fault import Fault, How
from guarddog_gui.sandbox.server import SandboxServer

HERE = Path(__file__).parent
README = HERE.parents[1] / "README.md"
PROGRAMS = {
    "npm": ["node", str(HERE / "compared" / "npm.js")],
    "ours": [sys.executable, str(HERE / "compared" / "ours.py")],
}
LIFE_S = 4  # a refresh comes two seconds before the end
WATCHED_S = 7.0
STRIKE_S = 0.5  # after the first value: when the fault happens, if not at the start
PATIENCE_S = 10.0  # for the first value, where there has to be one
SETTLED_S = 1.5  # at the end, when every fault is over: a key that gives nothing then is wedged
GETS_A_SECOND = 20
KEY = "ACCESS_TOKEN"
BEGIN, END = "<!-- comparison: begin -->\n", "<!-- comparison: end -->\n"


class Stage:
    """The folder and the WeChat of one run."""

    def __init__(self, folder: Path, wechat: SandboxServer) -> None:
        self.folder = folder
        self.wechat = wechat
        self.file = folder / f"{KEY}.dog"

    def fetch(self) -> str:
        """A token as another program gets it."""
        account = self.wechat.accounts[0]
        query = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
        _, fields = self.wechat.rules.handle("GET", "/cgi-bin/token", query, b"", "127.0.0.1")
        return str(fields["access_token"])

    def put(self, value: str, born: float) -> None:
        """A whole file, as another program writes it."""
        dog = {"data": value, "expires_in": LIFE_S, "gen_time": int(born * 1000), "dir": "", "ahead": 2}
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(dog, separators=(",", ":")))
        fresh.replace(self.file)

    def fail(self, how: How, times: int, number: int = 0) -> None:
        self.wechat.faults.fail(Fault(how, number=number), times=times, endpoint="/cgi-bin/token")

    def is_alive(self, token: str) -> bool:
        query = {"access_token": token}
        _, fields = self.wechat.rules.handle("GET", "/cgi-bin/getcallbackip", query, b"", "127.0.0.1")
        return "ip_list" in fields


def nothing(_: Stage) -> None: ...


@dataclass(frozen=True)
class Scenario:
    """A fault: how it is prepared before the programs start, and what strikes them once they have a value."""

    name: str
    prepare: Callable[[Stage], object] = nothing
    strike: Callable[[Stage], object] = nothing
    programs: int = 1
    life: int = LIFE_S
    failures: int = 0  # planned calls that fail before WeChat counts them
    watched_s: float = WATCHED_S


def take_over(stage: Stage) -> None:
    """Another program fetches tokens of its own and writes them into the same file."""
    for _ in range(3):
        stage.put(stage.fetch(), time.time())
        time.sleep(1.5)


def take_away(stage: Stage) -> None:
    shutil.rmtree(stage.folder)


SCENARIOS = (
    Scenario("WeChat is busy (-1) at the first load", lambda s: s.fail(How.ERRCODE, 1, -1), failures=1),
    Scenario("two refreshes meet a reset connection", strike=lambda s: s.fail(How.RESET, 2), failures=2),
    Scenario("a captive portal answers two refreshes", strike=lambda s: s.fail(How.HTML, 2), failures=2),
    Scenario("WeChat leaves one refresh without an answer", strike=lambda s: s.fail(How.HANG, 1)),
    Scenario("another program refreshes the same file", strike=take_over),
    Scenario("the file at hand is from the future", lambda s: s.put("90_dead", time.time() + 10**7)),
    Scenario("the file at hand is cut off", lambda s: s.file.write_text('{"data":"90_de')),
    Scenario("the folder is removed", strike=take_away),
    Scenario("four programs start at once", programs=4),
    Scenario("a life of 30 days", life=30 * 24 * 3600, watched_s=2.0),
)


@dataclass(frozen=True)
class Score:
    """What came of one run: share of gets with a live token, calls for a token, keys that gave no more."""

    live: float
    calls: int
    wedged: int


class Reader:
    """A program under way, and what its gets have brought."""

    def __init__(self, stage: Stage, command: list[str]) -> None:
        account = stage.wechat.accounts[0]
        arguments = [stage.wechat.base, account.appid, account.secret, str(stage.folder)]
        self.asked = 0
        self.live = 0
        self.began_at = self.last_at = 0.0
        self._stage = stage
        self._process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._thread = Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line == "?\n":
                self.began_at = self.began_at or time.monotonic()
                self.asked += 1
            elif self._stage.is_alive(line.strip()):
                self.live += 1
                self.last_at = time.monotonic()

    def gets(self, until: float) -> float:
        """How many there were, or would have been had the program not ended by itself."""
        return self.asked if self._process.poll() is None else (until - self.began_at) * GETS_A_SECOND

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._thread.join()


def run(scenario: Scenario, program: str) -> Score:
    """One program, or several of a kind, under one fault."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        SandboxServer(time.time, life=scenario.life) as wechat,
    ):
        stage = Stage(Path(name), wechat)
        scenario.prepare(stage)
        calls_before = wechat.rules.calls["/cgi-bin/token"]
        readers = [Reader(stage, PROGRAMS[program]) for _ in range(scenario.programs)]
        wait_until(lambda: all(reader.asked for reader in readers))
        until = time.monotonic() + scenario.watched_s
        if scenario.strike is not nothing:
            wait_until(lambda: all(reader.live for reader in readers))
            time.sleep(STRIKE_S)
            scenario.strike(stage)
        time.sleep(max(0.0, until - time.monotonic()))
        wedged = sum(reader.last_at < until - SETTLED_S for reader in readers)
        live = sum(reader.live for reader in readers) / sum(reader.gets(until) for reader in readers)
        for reader in readers:
            reader.end()
        failed = scenario.failures - sum(left for _, left, _ in wechat.faults.planned())
        return Score(min(1.0, live), wechat.rules.calls["/cgi-bin/token"] - calls_before + failed, wedged)


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so() and time.monotonic() < until:
        time.sleep(0.01)


def compared(scenarios: tuple[Scenario, ...] = SCENARIOS) -> dict[str, dict[str, Score]]:
    """The scores by fault and program; nearly all at the same time, the busiest at the end."""
    runs = [(scenario, program) for scenario in scenarios for program in PROGRAMS]
    with ThreadPoolExecutor(max_workers=18) as pool:
        scores = list(pool.map(lambda one: run(*one), runs))
    found: dict[str, dict[str, Score]] = {scenario.name: {} for scenario in scenarios}
    for (scenario, program), score in zip(runs, scores, strict=True):
        found[scenario.name][program] = score
    return found


def table(scores: dict[str, dict[str, Score]]) -> str:
    """The table of the README."""
    lines = [
        "| fault | live, npm | live, ours | calls, npm | calls, ours | wedged, npm | wedged, ours |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, by in scores.items():
        npm, ours = by["npm"], by["ours"]
        lines.append(
            f"| {name} | {npm.live:.0%} | {ours.live:.0%} | {npm.calls} | {ours.calls}"
            f" | {npm.wedged} | {ours.wedged} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    made = table(compared())
    sys.stdout.write(made)
    README.write_text(f"{before}{BEGIN}{made}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # the sandbox tells of every fault
    main()
