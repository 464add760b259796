"""Check for other programs that renew the values of an account, and who they are as far as that can be known."""

import os
from pathlib import Path

from guarddog_gui.adapters.files.config_files import AccountsFile, SettingsFile
from guarddog_gui.adapters.health.paths import find_other_owner
from guarddog_gui.adapters.health.processes import find_engines, find_open_files
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.health_checks.containers import check_container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.route import normalize_api_base
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.health.findings import Finding, HealthCheck
from guarddog_gui.domain.health.other_writers import ENTRIES_MAX, find_other_writers
from guarddog_gui.domain.health.results import EngineProcess
from guarddog_gui.services.messages.health.findings import nothing_found_finding
from guarddog_gui.services.messages.health.writers import other_guard_dog_finding, other_writers_findings


def check_other_writers(context: CommandContext) -> tuple[Finding, ...]:
    with check_container(context) as container:
        accounts = container.accounts.load_read_only()
        findings = [finding for account in accounts for finding in _writers_of(container, account, context)]
        findings += _other_guard_dogs(container, accounts, context)
    return tuple(findings) or (nothing_found_finding(HealthCheck.FOREIGN_WRITES, context.messages),)


def _writers_of(container: Container, account: Account, context: CommandContext) -> list[Finding]:
    findings: list[Finding] = []
    for kind in account.token_kinds:
        entries = container.history.latest(account.appid, kind.value, ENTRIES_MAX)
        writers = find_other_writers(entries, container.clock())
        if writers.is_empty:
            continue
        path = container.dog_files.path(account, kind)
        owner = find_other_owner(path)
        programs = find_open_files(frozenset({os.fspath(path.parent)})) if writers.write_count else ()
        findings += other_writers_findings(account, kind, writers, owner, programs, context.messages)
    return findings


def _other_guard_dogs(container: Container, accounts: tuple[Account, ...], context: CommandContext) -> list[Finding]:
    """Report a running Guard Dog with other folders that refreshes one of these accounts at the same WeChat, too."""
    own = {account.appid: account for account in accounts}
    findings = []
    for engine in find_engines() or ():
        if os.path.realpath(engine.data_dir) == os.path.realpath(container.paths.data_dir):
            continue
        try:
            others = AccountsFile(Path(engine.config_dir, "accounts.json")).load_read_only()
            api_base = normalize_api_base(engine.api_base or _api_base_in_settings(engine))
        except (FileError, BadInput):
            continue
        if api_base != container.api_base:  # a test against a sandbox renews nothing of WeChat
            continue
        shared = [own[account.appid] for account in others if account.appid in own]
        findings += [other_guard_dog_finding(account, engine, context.messages) for account in shared]
    return findings


def _api_base_in_settings(engine: EngineProcess) -> str:
    return SettingsFile(Path(engine.config_dir, "settings.json")).load_read_only().api_base
