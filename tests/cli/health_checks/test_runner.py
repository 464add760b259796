"""Checks side by side, some of which hang."""

import threading
import time
from collections.abc import Callable

from guarddog_gui.cli.health_checks.runner import run_checks, run_in_groups
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from tests.services.messages.languages import ENGLISH


def fine(check: HealthCheck) -> Callable[[], tuple[Finding, ...]]:
    return lambda: (Finding(check, CheckStatus.OK, f"{check} is fine"),)


def hang() -> tuple[Finding, ...]:
    time.sleep(30)
    return ()


def fail() -> tuple[Finding, ...]:
    raise ZeroDivisionError


def test_findings_come_in_the_order_of_the_checks_whatever_hangs_or_fails() -> None:
    checks = {
        HealthCheck.FILES: hang,
        HealthCheck.VERSIONS: fine(HealthCheck.VERSIONS),
        HealthCheck.TRAY: fail,
        HealthCheck.FONTS: fine(HealthCheck.FONTS),
    }
    started_at = time.monotonic()

    findings = run_checks(checks, 1.0, ENGLISH)

    assert time.monotonic() - started_at < 6
    assert [finding.check for finding in findings] == list(checks)
    files, versions, tray, fonts = findings
    assert (files.summary, files.is_temporary) == ("This check did not end in time.", True)
    assert versions == Finding(HealthCheck.VERSIONS, CheckStatus.OK, "versions is fine")
    assert tray.status is CheckStatus.FAILED
    assert fonts.status is CheckStatus.OK


def test_a_call_that_hangs_ends_its_group_only() -> None:
    released = threading.Event()

    def wait() -> str:
        released.wait(30)
        return "late"

    groups: list[list[Callable[[], str]]] = [[lambda: "a", wait, lambda: "b"], [lambda: "c", lambda: "d"], []]

    assert run_in_groups(groups, 0.5) == [["a"], ["c", "d"], []]
    released.set()
