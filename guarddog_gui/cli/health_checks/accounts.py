"""Checks of the accounts: the list, the values and their renewal, and the export targets."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from guarddog_gui.adapters.health.mounts import read_mounts
from guarddog_gui.adapters.health.processes import find_engines
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.health_checks.containers import check_container
from guarddog_gui.cli.health_checks.folders import mount_point_of
from guarddog_gui.cli.health_checks.runner import run_in_groups
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.domain.refresh import retries
from guarddog_gui.domain.refresh.status import build_account_status
from guarddog_gui.services.messages.health.accounts import (
    RenewalCircumstances,
    accounts_finding,
    failed_export_finding,
    renewal_findings,
)
from guarddog_gui.services.messages.health.findings import make_finding, nothing_found_finding, timeout_finding

_RENEWAL_TIMEOUT_S = 8.0


def check_accounts(context: CommandContext) -> tuple[Finding, ...]:
    with check_container(context) as container:
        try:
            accounts = container.accounts.load()
        except FileError as error:
            return (make_finding(HealthCheck.ACCOUNTS, CheckStatus.FAILED, context.messages.for_file_error(error)),)
        if container.accounts.is_damaged:
            copy = str(container.accounts.damaged_backup or container.paths.accounts_file)
            return (make_finding(HealthCheck.ACCOUNTS, CheckStatus.FAILED, context.messages.for_damaged_file(copy)),)
        if container.accounts.is_newer_version:
            newer = FileError(container.accounts.location, FileErrorReason.NEWER_VERSION)
            return (make_finding(HealthCheck.ACCOUNTS, CheckStatus.WARNING, context.messages.for_file_error(newer)),)
    return (accounts_finding(accounts, context.messages),)


def check_renewal(context: CommandContext) -> tuple[Finding, ...]:
    """Report each value that does not work, and each renewal that fails."""
    with check_container(context) as container:
        engines = find_engines()
        data_dir = str(container.paths.data_dir)
        is_running = None if engines is None else any(engine.data_dir == data_dir for engine in engines)
        circumstances = RenewalCircumstances(
            container.clock(), container.settings.load().paused_until, is_running, container.errcode_catalog
        )
        findings, has_hung = _renewal_of_accounts(container, circumstances, context)
    if has_hung:
        findings.append(timeout_finding(HealthCheck.RENEWAL, context.messages))
    return tuple(findings) or (nothing_found_finding(HealthCheck.RENEWAL, context.messages),)


def _renewal_of_accounts(
    container: Container, circumstances: RenewalCircumstances, context: CommandContext
) -> tuple[list[Finding], bool]:
    """Return the findings, and whether the folder of an account hangs."""
    mounts = read_mounts()
    groups: dict[str, list[Callable[[], tuple[Finding, ...]]]] = {}
    for account in container.accounts.load_read_only():
        mount_point = mount_point_of(mounts, Path(container.dog_files.directory(account)))
        check = partial(_renewal_of_account, container, account, circumstances, context)
        groups.setdefault(mount_point, []).append(check)
    results = run_in_groups(list(groups.values()), _RENEWAL_TIMEOUT_S)
    findings = [finding for group in results for found in group for finding in found]
    has_hung = any(len(done) < len(calls) for done, calls in zip(results, groups.values(), strict=True))
    return findings, has_hung


def _renewal_of_account(
    container: Container, account: Account, circumstances: RenewalCircumstances, context: CommandContext
) -> tuple[Finding, ...]:
    records = {kind: container.own_values.read(account, kind) for kind in account.token_kinds}
    retry_states = {
        kind: retries.retry_state_from_history(
            container.history.latest(account.appid, kind, retries.RETRY_HISTORY_MAX), container.errcode_catalog
        )
        for kind in account.token_kinds
    }
    status = build_account_status(account, records, retry_states, circumstances.now)
    unproven = frozenset(
        kind
        for kind in account.token_kinds
        if records[kind] is None and container.dog_files.read(account, kind) is not None
    )
    return renewal_findings(status, unproven, circumstances, context.messages)


def check_exports(context: CommandContext) -> tuple[Finding, ...]:
    with check_container(context) as container:
        exporter = container.make_exporter()
        findings = [
            failed_export_finding(account, report, context.messages)
            for account in container.accounts.load_read_only()
            for report in exporter.statuses(account)
            if report.error is not None
        ]
    return tuple(findings) or (nothing_found_finding(HealthCheck.EXPORTS, context.messages),)
