"""Ten hours of real proportions beside another server on the same accounts: is every value that is handed out alive?

libfaketime makes 60 seconds of one (or 30), for all programs and the sandbox's WeChat alike. The hours take 10 and 20
minutes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.domain.tokens.record import TokenKind
from tests.hard import ten_hours
from tests.hard.results import ROOT, PromiseRecorder

pytestmark = pytest.mark.only_on("linux")

PROMISE = "11. Never another account's value, never a dead one"
HOURS, SPEED = 10, 60
# Time limits shrink with the clock: at 60 seconds a second a busy machine lets half of the checks of a classic token
# time out, which is no property of the program. The stable endpoint needs no checks.
CLASSIC_SPEED = 30
# On the classic endpoint each call of the other server ends the token here after five minutes, and no notice comes: the
# programs that run check the token every minute. A file cannot do so when it is read. (The library, which stands for a
# web server here, asks for its values every half minute.)
CLASSIC_DEAD_FILE_MAX_S = 90.0
START_S = 120  # real seconds for adding the accounts on a busy machine


@pytest.fixture(scope="module")
def faketime() -> str:
    path = shutil.which("faketime")
    if path is None:
        pytest.skip("faketime is not installed")
    return path


def let_hours_pass(faketime: str, folder: Path, endpoint: str, hours: float, speed: int) -> dict[str, Any]:
    command = [
        faketime, "-f", f"+0 x{speed}", sys.executable, "-m", ten_hours.__name__, str(folder), endpoint, str(hours),
    ]  # fmt: skip
    paths = (str(Path(__file__).with_name("accelerated")), str(ROOT), os.environ.get("PYTHONPATH", ""))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "NO_FAKE_STAT": "1"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=hours * 3600 / speed + START_S, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return {**result, "speed": speed}


def count(tallies: list[dict[str, Any]], name: str) -> int:
    return sum(tally[name] for tally in tallies)


def describe(result: dict[str, Any], tallies: list[dict[str, Any]]) -> str:
    without_value = sum(number for tally in tallies for reason, number in tally["refusals"].items() if reason != "due")
    return (
        f"{result['hours']:.1f} hours at {result['speed']} seconds a second; {count(tallies, 'past_life')} tickets after their two hours that"
        f" WeChat still accepts; {without_value} times a reason instead of a value; {result['intrusions']} times"
        f" another account's token written into the folders; calls: {result['calls']}"
    )


@pytest.mark.parametrize(
    ("endpoint", "speed", "dead_file_max_s", "what"),
    [
        ("stable", SPEED, 0.0, "stable_token, wechatpy beside it"),
        ("classic", CLASSIC_SPEED, CLASSIC_DEAD_FILE_MAX_S, "classic endpoint, wechatpy on the same beside it"),
    ],
    ids=["stable", "classic"],
)
def test_beside_another_server_no_value_is_dead_or_foreign(
    promise: PromiseRecorder,
    kept_folder: Path,
    faketime: str,
    endpoint: str,
    speed: int,
    dead_file_max_s: float,
    what: str,
) -> None:
    result = let_hours_pass(faketime, kept_folder, endpoint, promise.scaled(HOURS * 10) / 10, speed)
    bad_tallies = []
    for mode in ten_hours.MODES:
        tallies = [tally for tally in result["tallies"] if tally["home"] == mode]
        bad = [tally for tally in tallies if has_failed(tally, dead_file_max_s)]
        failures = count(bad, "dead") + count(bad, "of_another_account")
        tries = count(tallies, "good") + count(tallies, "dead") + count(tallies, "of_another_account")
        note = describe(result, tallies)
        if dead_file_max_s:
            files = [tally for tally in tallies if is_token_file(tally)]
            longest_s = max((tally["longest_dead_s"] for tally in files), default=0.0)
            note = (
                f"a token in a .dog file may be dead for {dead_file_max_s:.0f} s: {count(files, 'dead')} reads of"
                f" {count(files, 'good') + count(files, 'dead')}, {longest_s:.0f} s at most; {note}"
            )
        ways = f"{what}, {mode} running: library, token, sign, exec, .dog files"
        promise.record(PROMISE, ways, tries=tries, failures=failures, note=note)
        bad_tallies += bad
    assert result["crashes"] == []
    assert bad_tallies == [], "\n".join(f"{tally['way']}: {tally['examples']}" for tally in bad_tallies)


def is_token_file(tally: dict[str, Any]) -> bool:
    return bool(tally["way"] == f"file {TokenKind.ACCESS_TOKEN}")


def has_failed(tally: dict[str, Any], dead_file_max_s: float) -> bool:
    is_excused = is_token_file(tally) and tally["longest_dead_s"] <= dead_file_max_s
    return bool(tally["of_another_account"] or (tally["dead"] and not is_excused))
