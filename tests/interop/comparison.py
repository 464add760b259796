"""Comparison of npm guard_dog and guarddog_gui.guard_dog ("ours") under the same ten faults.

Run as a module, it writes the table into resources/docs/python-library.md:

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

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.interop.token_check import is_token_valid

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "resources" / "docs" / "python-library.md"
CLIENT_COMMANDS = {
    "npm": ["node", str(HERE / "compared" / "npm.js")],
    "ours": [sys.executable, str(HERE / "compared" / "guarddog.py")],
}
LIFETIME_S = 4  # tokens are refreshed two seconds before they expire
OBSERVATION_S = 7.0
FAULT_DELAY_S = 0.5  # from the first value to the fault, if it is not injected at the start
FIRST_VALUE_TIMEOUT_S = 10.0
STUCK_AFTER_S = 1.5  # a key without a valid value for this long at the end, after the fault, is stuck
GETS_PER_SECOND = 20
KEY = "ACCESS_TOKEN"
TABLE_BEGIN, TABLE_END = "<!-- comparison: begin -->\n", "<!-- comparison: end -->\n"


class ScenarioContext:
    """Folder and sandbox of one run, with the faults that a scenario may cause."""

    def __init__(self, folder: Path, wechat: SandboxServer) -> None:
        self.folder = folder
        self.wechat = wechat
        self.dog_path = folder / f"{KEY}.dog"

    def fetch_token(self) -> str:
        """Fetch a token as another program does."""
        account = self.wechat.accounts[0]
        query = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
        _, fields = self.wechat.rules.handle("GET", "/cgi-bin/token", query, b"", "127.0.0.1")
        return str(fields["access_token"])

    def write_dog(self, value: str, generated_at: float) -> None:
        """Write a `.dog` file as another program does, by atomic replacement."""
        dog = {"data": value, "expires_in": LIFETIME_S, "gen_time": int(generated_at * 1000), "dir": "", "ahead": 2}
        new_file = self.dog_path.with_suffix(".new")
        new_file.write_text(json.dumps(dog, separators=(",", ":")))
        new_file.replace(self.dog_path)

    def plan_fault(self, kind: FaultKind, times: int, number: int = 0) -> None:
        self.wechat.faults.add(Fault(kind, number=number), times=times, endpoint="/cgi-bin/token")


def no_action(_: ScenarioContext) -> None: ...


@dataclass(frozen=True)
class Scenario:
    """A fault: `prepare` runs before the programs start, `inject` once they have a value."""

    name: str
    prepare: Callable[[ScenarioContext], object] = no_action
    inject: Callable[[ScenarioContext], object] = no_action
    program_count: int = 1
    lifetime_s: int = LIFETIME_S
    uncounted_failures: int = 0  # planned calls that fail before the sandbox counts them
    observation_s: float = OBSERVATION_S


def refresh_from_another_program(context: ScenarioContext) -> None:
    """Fetch new tokens and write them into the same file, like another program."""
    for _ in range(3):
        context.write_dog(context.fetch_token(), time.time())
        time.sleep(1.5)


def remove_folder(context: ScenarioContext) -> None:
    shutil.rmtree(context.folder)


SCENARIOS = (
    Scenario(
        "WeChat is busy (-1) at the first load", lambda s: s.plan_fault(FaultKind.ERRCODE, 1, -1), uncounted_failures=1
    ),
    Scenario(
        "two refreshes meet a reset connection", inject=lambda s: s.plan_fault(FaultKind.RESET, 2), uncounted_failures=2
    ),
    Scenario(
        "a captive portal answers two refreshes",
        inject=lambda s: s.plan_fault(FaultKind.CAPTIVE_PORTAL, 2),
        uncounted_failures=2,
    ),
    Scenario("WeChat leaves one refresh without an answer", inject=lambda s: s.plan_fault(FaultKind.HANG, 1)),
    Scenario("another program refreshes the same file", inject=refresh_from_another_program),
    Scenario("the existing file is from the future", lambda s: s.write_dog("90_dead", time.time() + 10**7)),
    Scenario("the existing file is cut off", lambda s: s.dog_path.write_text('{"data":"90_de')),
    Scenario("the folder is removed", inject=remove_folder),
    Scenario("four programs start at once", program_count=4),
    Scenario("a lifetime of 30 days", lifetime_s=30 * 24 * 3600, observation_s=2.0),
)


@dataclass(frozen=True)
class Score:
    """Result of one run: share of gets that returned a valid token, calls for a token, stuck keys."""

    valid_fraction: float
    calls: int
    stuck_keys: int


class ClientProcess:
    """A running program that calls `get` repeatedly, and its results."""

    def __init__(self, context: ScenarioContext, command: list[str]) -> None:
        account = context.wechat.accounts[0]
        arguments = [context.wechat.base_url, account.appid, account.secret, str(context.folder)]
        self.get_count = 0
        self.valid_count = 0
        self.first_get_at = self.last_valid_at = 0.0
        self._context = context
        self._process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._thread = Thread(target=self._read_output)
        self._thread.start()

    def _read_output(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line == "?\n":
                self.first_get_at = self.first_get_at or time.monotonic()
                self.get_count += 1
            elif is_token_valid(self._context.wechat, line.strip()):
                self.valid_count += 1
                self.last_valid_at = time.monotonic()

    def expected_gets(self, until: float) -> float:
        """Return the number of gets; for a program that has ended by itself, those it would have made."""
        if self._process.poll() is None:
            return self.get_count
        return (until - self.first_get_at) * GETS_PER_SECOND

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._thread.join()


def run_scenario(scenario: Scenario, program: str) -> Score:
    """Run one program, or several instances of it, under one fault."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        SandboxServer(time.time, lifetime_s=scenario.lifetime_s) as wechat,
    ):
        context = ScenarioContext(Path(name), wechat)
        scenario.prepare(context)
        calls_before = wechat.rules.call_counts["/cgi-bin/token"]
        clients = [ClientProcess(context, CLIENT_COMMANDS[program]) for _ in range(scenario.program_count)]
        wait_for_first_value(lambda: all(client.get_count for client in clients))
        until = time.monotonic() + scenario.observation_s
        if scenario.inject is not no_action:
            wait_for_first_value(lambda: all(client.valid_count for client in clients))
            time.sleep(FAULT_DELAY_S)
            scenario.inject(context)
        time.sleep(max(0.0, until - time.monotonic()))
        stuck = sum(client.last_valid_at < until - STUCK_AFTER_S for client in clients)
        valid_fraction = sum(client.valid_count for client in clients) / sum(
            client.expected_gets(until) for client in clients
        )
        for client in clients:
            client.stop()
        uncounted_calls = scenario.uncounted_failures - sum(left for _, left, _ in wechat.faults.pending())
        return Score(
            min(1.0, valid_fraction), wechat.rules.call_counts["/cgi-bin/token"] - calls_before + uncounted_calls, stuck
        )


def wait_for_first_value(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + FIRST_VALUE_TIMEOUT_S
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)


def run_comparison(scenarios: tuple[Scenario, ...] = SCENARIOS) -> dict[str, dict[str, Score]]:
    """Return the scores by scenario and program. Most run in parallel, the busiest ones last."""
    runs = [(scenario, program) for scenario in scenarios for program in CLIENT_COMMANDS]
    with ThreadPoolExecutor(max_workers=18) as pool:
        scores = list(pool.map(lambda run: run_scenario(*run), runs))
    by_scenario: dict[str, dict[str, Score]] = {scenario.name: {} for scenario in scenarios}
    for (scenario, program), score in zip(runs, scores, strict=True):
        by_scenario[scenario.name][program] = score
    return by_scenario


def format_table(scores: dict[str, dict[str, Score]]) -> str:
    """Return the table of the documentation in Markdown."""
    lines = [
        "| fault | valid, npm | valid, Python | calls, npm | calls, Python | stuck, npm | stuck, Python |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, by in scores.items():
        npm, ours = by["npm"], by["ours"]
        lines.append(
            f"| {name} | {npm.valid_fraction:.0%} | {ours.valid_fraction:.0%} | {npm.calls} | {ours.calls}"
            f" | {npm.stuck_keys} | {ours.stuck_keys} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(TABLE_BEGIN)
    _, _, after = rest.partition(TABLE_END)
    table = format_table(run_comparison())
    sys.stdout.write(table)
    DOCUMENT.write_text(f"{before}{TABLE_BEGIN}{table}{TABLE_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # the sandbox logs every fault
    main()
