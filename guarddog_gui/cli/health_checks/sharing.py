"""Check of the Redis of each shared account."""

from functools import partial

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.health_checks.containers import check_container
from guarddog_gui.cli.health_checks.runner import run_in_groups
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health.findings import Finding, HealthCheck
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.health.findings import timeout_finding
from guarddog_gui.services.messages.health.sharing import sharing_findings

_SHARING_TIMEOUT_S = 8.0


def check_sharing(context: CommandContext) -> tuple[Finding, ...]:
    """Report what is wrong with each shared account; nothing if there is none."""
    with check_container(context) as container:
        try:
            accounts = [account for account in container.accounts.load_read_only() if account.sharing is not None]
        except FileError:
            return ()  # another check reports it
        results = run_in_groups([[partial(_failures_of, container, each)] for each in accounts], _SHARING_TIMEOUT_S)
    findings: list[Finding] = []
    for account, result in zip(accounts, results, strict=True):
        if result:
            findings += sharing_findings(account, result[0], context.messages)
        else:
            findings.append(timeout_finding(HealthCheck.SHARING, context.messages))
    return tuple(findings)


def _failures_of(container: Container, account: Account) -> tuple[SharingFailure, ...]:
    failures = container.shared_store.check(account)
    if failures:
        return failures
    found = container.shared_store.look(account, None)
    if isinstance(found, SharingFailure):
        return (found,)
    is_missing = dict(found).get(TokenKind.ACCESS_TOKEN) is None
    return (SharingFailure(SharingProblem.NO_LEADER),) if is_missing and account.is_follower else ()
