"""Ten hours of real proportions beside another server on the same accounts: is every value that is handed out alive?

libfaketime makes 60 seconds of one, for all programs and the sandbox's WeChat alike. The hours take ten minutes.
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

from guarddog_gui.domain.tokens.expiry import OLD_TOKEN_GRACE_S
from tests.hard import ten_hours
from tests.hard.results import ROOT, PromiseRecorder

pytestmark = pytest.mark.only_on("linux")

PROMISE = "11. Never another account's value, never a dead one"
HOURS, SPEED = 10, 60
# Time limits shrink with the clock: at 60 seconds a second a busy machine lets half of the checks time out, which is
# no property of the program. The stable endpoint needs no checks.
CLASSIC_HOURS, CLASSIC_SPEED = 3, 20
START_S = 120  # real seconds for adding the accounts on a busy machine
# On the classic endpoint each call of the other server ends the token here after five minutes, and no notice comes:
# the engine checks it every five minutes (a tick later at most), and fetches another one.
CLASSIC_DEAD_MAX_S = OLD_TOKEN_GRACE_S + 120


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


def test_beside_a_server_on_stable_token_no_value_is_dead_or_foreign(
    promise: PromiseRecorder, kept_folder: Path, faketime: str
) -> None:
    result = let_hours_pass(faketime, kept_folder, "stable", promise.scaled(HOURS * 10) / 10, SPEED)
    for mode in ten_hours.MODES:
        tallies = [tally for tally in result["tallies"] if tally["home"] == mode]
        bad = count(tallies, "dead") + count(tallies, "of_another_account")
        tries = count(tallies, "good") + bad
        what = f"stable_token, wechatpy beside it, {mode} running: library, token, sign, exec, .dog files"
        promise.record(PROMISE, what, tries=tries, failures=bad, note=describe(result, tallies))
    assert result["crashes"] == []
    assert [tally for tally in result["tallies"] if tally["dead"] or tally["of_another_account"]] == []


def test_beside_a_server_on_the_classic_endpoint_a_token_is_dead_for_minutes_at_most(
    promise: PromiseRecorder, kept_folder: Path, faketime: str
) -> None:
    """Both servers end each other's tokens. Promised here: live tickets, no foreign value, and a limit with an engine."""
    result = let_hours_pass(faketime, kept_folder, "classic", promise.scaled(CLASSIC_HOURS * 10) / 10, CLASSIC_SPEED)
    late: list[dict[str, Any]] = []
    for mode in ten_hours.MODES:
        tallies = [tally for tally in result["tallies"] if tally["home"] == mode]
        tries = count(tallies, "good") + count(tallies, "dead") + count(tallies, "of_another_account")
        limit_s = CLASSIC_DEAD_MAX_S if mode != "library" else float("inf")
        failed = [tally for tally in tallies if tally["of_another_account"] or is_dead_for_too_long(tally, limit_s)]
        longest_s = max(tally["longest_dead_s"] for tally in tallies)
        promised = (
            f"a dead token for {limit_s:.0f} s at most" if mode != "library" else "nothing of tokens, as no engine"
        )
        note = (
            f"promised: live tickets, no foreign value, {promised}; {count(tallies, 'dead')} tokens were dead, the"
            f" longest for {longest_s:.0f} s; {describe(result, tallies)}"
        )
        what = f"classic endpoint, wechatpy on the same beside it, {mode} running"
        promise.record(PROMISE, what, tries=tries, failures=len(failed), note=note)
        late += failed
    assert result["crashes"] == []
    assert late == []


def is_dead_for_too_long(tally: dict[str, Any], limit_s: float) -> bool:
    is_of_ticket = "TICKET" in tally["way"] or tally["way"] in ("sign", "token --key")
    return bool(tally["dead"]) and (is_of_ticket or tally["longest_dead_s"] > limit_s)
