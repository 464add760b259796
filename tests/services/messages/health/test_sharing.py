"""Findings about shared accounts."""

from guarddog_gui.domain.health.findings import CheckStatus
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.services.messages.health.sharing import sharing_findings
from tests.services.messages.languages import ENGLISH, SHOP


def test_all_is_well_without_a_failure() -> None:
    (finding,) = sharing_findings(SHOP, (), ENGLISH)
    assert (finding.status, finding.is_problem) == (CheckStatus.OK, False)


def test_a_failure_names_the_account_and_may_pass_by_itself() -> None:
    failures = tuple(
        map(SharingFailure, (SharingProblem.UNREACHABLE, SharingProblem.PASSWORD_WRONG, SharingProblem.EVICTION))
    )
    findings = sharing_findings(SHOP, failures, ENGLISH)
    assert [finding.is_temporary for finding in findings] == [True, False, False]
    assert [finding.status for finding in findings] == [CheckStatus.FAILED, CheckStatus.FAILED, CheckStatus.WARNING]
    assert all(finding.summary.startswith("Shop: ") and finding.advice for finding in findings)
