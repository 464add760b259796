"""The verdict on all findings together."""

import pytest

from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck, Verdict, verdict


def finding(status: CheckStatus, *, is_temporary: bool = False) -> Finding:
    return Finding(HealthCheck.FILES, status, "what", "todo", is_temporary)


FINE = finding(CheckStatus.OK)
SKIPPED = finding(CheckStatus.NOT_CHECKED)
DOUBTFUL, BAD = finding(CheckStatus.WARNING), finding(CheckStatus.FAILED)
PASSING, PASSING_DOUBT = finding(CheckStatus.FAILED, is_temporary=True), finding(CheckStatus.WARNING, is_temporary=True)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ((), Verdict.WELL),
        ((FINE, SKIPPED), Verdict.WELL),
        ((FINE, DOUBTFUL), Verdict.USER_ACTION_REQUIRED),
        ((BAD,), Verdict.USER_ACTION_REQUIRED),
        ((FINE, PASSING), Verdict.TEMPORARY),
        ((PASSING_DOUBT, SKIPPED), Verdict.TEMPORARY),
        ((PASSING, DOUBTFUL), Verdict.USER_ACTION_REQUIRED),
    ],
)
def test_all_is_well_only_without_any_problem(findings: tuple[Finding, ...], expected: Verdict) -> None:
    assert verdict(findings) is expected
