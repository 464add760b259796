"""Findings of `doctor` about shared accounts."""

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.sharing.problems import LASTING_PROBLEMS, SharingProblem
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.services.messages.health.findings import make_finding
from guarddog_gui.services.messages.message import Message, Messages

_DOUBTFUL = frozenset({SharingProblem.EVICTION, SharingProblem.CLOCK})


def sharing_findings(account: Account, failures: tuple[SharingFailure, ...], messages: Messages) -> tuple[Finding, ...]:
    """Return one finding per failure, or one that all is well."""
    if not failures:
        text = messages.text(
            "{name}: Redis answers and allows what this {role} needs.",
            name=account.name,
            role=messages.role_name(account.role),
        )
        return (make_finding(HealthCheck.SHARING, CheckStatus.OK, Message(text)),)
    return tuple(_finding(account, failure, messages) for failure in failures)


def _finding(account: Account, failure: SharingFailure, messages: Messages) -> Finding:
    message = messages.for_sharing_failure(failure)
    status = CheckStatus.WARNING if failure.problem in _DOUBTFUL else CheckStatus.FAILED
    is_temporary = failure.problem not in LASTING_PROBLEMS
    named = replace(message, summary=f"{account.name}: {message.summary}")
    return make_finding(HealthCheck.SHARING, status, named, is_temporary=is_temporary)
