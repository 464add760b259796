"""`doctor`: check everything that Guard Dog needs; the report is fit for a public bug report."""

import getpass
import logging
import platform
import re
import time
from argparse import Namespace
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from guarddog_gui import __version__
from guarddog_gui.adapters.blocking_call import start_blocking_call
from guarddog_gui.adapters.health.network import check_network
from guarddog_gui.adapters.health.paths import check_custom_folder, check_file, check_folder
from guarddog_gui.adapters.health.session import PROBE_APPID, check_keyring, check_tray
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.table import GREEN, GREY, RED, YELLOW, colourize, display_width, pad, should_use_colours
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health import CheckStatus, Finding, HealthCheck, KeyringProbeResult, PathProbeResult
from guarddog_gui.domain.printable import printable
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages import health as checkup
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.provenance.tracked_files import count_foreign_writes

TIMEOUT_S = 14.0  # for all checks together
_HOME_LENGTH_MIN = 2  # characters: replacing the root folder would hide nothing

_SYMBOLS = {CheckStatus.OK: "✓", CheckStatus.WARNING: "?", CheckStatus.FAILED: "✗", CheckStatus.NOT_CHECKED: "–"}
_COLOURS = {CheckStatus.OK: GREEN, CheckStatus.WARNING: YELLOW, CheckStatus.FAILED: RED, CheckStatus.NOT_CHECKED: GREY}
_EXIT_CODES = {  # the worst first
    HealthCheck.ACCOUNTS: ExitCode.FILE_ERROR,
    HealthCheck.FILES: ExitCode.FILE_ERROR,
    HealthCheck.KEYRING: ExitCode.KEYRING_ERROR,
    HealthCheck.API_BASE: ExitCode.USER_ACTION_REQUIRED,
    HealthCheck.CLOCK: ExitCode.USER_ACTION_REQUIRED,
}
_EXIT_CODES_WORST_FIRST = (*dict.fromkeys(_EXIT_CODES.values()), ExitCode.TRY_LATER)

log = logging.getLogger(__name__)
CheckFunction = Callable[[], tuple[Finding, ...]]


def register(command: CommandDefinition) -> None:
    command.add_json_flag()
    command.set_examples(f"{PROGRAM} doctor", f"{PROGRAM} doctor --json > report.json")


def run(context: CommandContext, args: Namespace, *, timeout_s: float = TIMEOUT_S) -> ExitCode:
    """Run all checks in parallel and print their findings; a check that hangs becomes a finding, too."""
    checks: dict[HealthCheck, CheckFunction] = {
        HealthCheck.VERSIONS: lambda: (_check_versions(),),
        HealthCheck.ACCOUNTS: lambda: (_check_accounts(context),),
        HealthCheck.KEYRING: lambda: (checkup.keyring_finding(_inspect_keyring(context), context.messages),),
        HealthCheck.FILES: lambda: _check_files(context),
        HealthCheck.FOREIGN_WRITES: lambda: _check_foreign_writers(context),
        HealthCheck.EXPORTS: lambda: _check_exports(context),
        HealthCheck.NETWORK: lambda: _check_network(context),
        HealthCheck.TRAY: lambda: (checkup.tray_finding(check_tray(context.terminal.environ), context.messages),),
    }
    findings = [_anonymize_finding(finding) for finding in _run_in_parallel(checks, timeout_s, context.messages)]
    if args.json:
        context.terminal.write_json([_json_fields(finding) for finding in findings])
    else:
        _print_findings(context, findings)
    failed_checks = [finding.check for finding in findings if finding.status is CheckStatus.FAILED]
    codes = {_EXIT_CODES.get(check, ExitCode.TRY_LATER) for check in failed_checks}
    return next((code for code in _EXIT_CODES_WORST_FIRST if code in codes), ExitCode.SUCCESS)


def _run_in_parallel(
    check_functions: dict[HealthCheck, CheckFunction], timeout_s: float, messages: Messages
) -> list[Finding]:
    """Return the findings in the order of the checks. Daemon threads that hang are abandoned."""
    deadline = time.monotonic() + timeout_s
    futures = {check: start_blocking_call(run, thread_name="checkup") for check, run in check_functions.items()}
    findings: list[Finding] = []
    for check, future in futures.items():
        try:
            findings += future.result(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            findings.append(checkup.timeout_finding(check, messages))
        except Exception:
            log.exception("the check of %s ended by a mistake of its own", check)
            findings.append(checkup.make_finding(check, CheckStatus.FAILED, messages.for_crash()))
    return findings


def _check_versions() -> Finding:
    try:
        qt = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        qt = "–"
    what = f"Guard Dog {__version__} · Python {platform.python_version()} · PySide6 {qt} · {platform.platform()}"
    return checkup.make_finding(HealthCheck.VERSIONS, CheckStatus.OK, Message(what))


def _check_accounts(context: CommandContext) -> Finding:
    accounts = context.container.accounts
    try:
        known = accounts.load()
    except FileError as error:
        return checkup.make_finding(HealthCheck.ACCOUNTS, CheckStatus.FAILED, context.messages.for_file_error(error))
    if accounts.is_damaged:
        copy = str(accounts.damaged_backup or context.container.paths.accounts_file)
        return checkup.make_finding(HealthCheck.ACCOUNTS, CheckStatus.FAILED, context.messages.for_damaged_file(copy))
    return checkup.accounts_finding(known, context.messages)


def _inspect_keyring(context: CommandContext) -> KeyringProbeResult:
    store = context.terminal.secret_store
    if store is None:
        return check_keyring()
    answer = store.get(PROBE_APPID)
    return KeyringProbeResult((), answer if isinstance(answer, KeyringIsLocked | KeyringIsDown) else None)


def _check_files(context: CommandContext) -> tuple[Finding, ...]:
    container = context.container
    paths, accounts = container.paths, container.accounts.load_read_only()
    folders = (paths.config_dir, paths.data_dir, paths.log_dir, paths.locks_dir)
    files = (paths.accounts_file, paths.settings_file, paths.history_file)
    results: list[PathProbeResult] = [*map(check_folder, folders), *map(check_file, files)]
    damaged: list[Finding] = []
    for account in accounts:
        results.append(check_file(container.account_locks.lock_path(account.appid)))
        dog_paths = {kind: container.dog_files.path(account, kind) for kind in account.token_kinds}
        probe_folder = check_folder if account.dog_dir is None else check_custom_folder
        results.append(probe_folder(dog_paths[account.token_kinds[0]].parent))
        for kind, path in dog_paths.items():
            file = check_file(path)
            results.append(file)
            if file.exists and not file.error and container.dog_files.read(account, kind) is None:
                damaged.append(checkup.damaged_dog_file_finding(file.path, context.messages))
    return (*checkup.path_findings(tuple(results), context.messages), *damaged)


def _check_foreign_writers(context: CommandContext) -> tuple[Finding, ...]:
    now = context.container.clock()
    findings = []
    for account in context.container.accounts.load_read_only():
        for kind in account.token_kinds:
            count = count_foreign_writes(context.container.history, account.appid, kind, now)
            if count:
                findings.append(checkup.foreign_writes_finding(account, kind, count, context.messages))
    return tuple(findings) or (checkup.nothing_found_finding(HealthCheck.FOREIGN_WRITES, context.messages),)


def _check_exports(context: CommandContext) -> tuple[Finding, ...]:
    exporter = context.container.make_exporter()
    findings = [
        checkup.failed_export_finding(account, report, context.messages)
        for account in context.container.accounts.load_read_only()
        for report in exporter.statuses(account)
        if report.error is not None
    ]
    return tuple(findings) or (checkup.nothing_found_finding(HealthCheck.EXPORTS, context.messages),)


def _check_network(context: CommandContext) -> tuple[Finding, ...]:
    if context.container.api_base_error is not None:
        return checkup.bad_address_findings(context.container.api_base_error, context.messages)
    result = check_network(context.container.api_base, context.terminal.environ, context.container.clock)
    return checkup.network_findings(result, context.messages)


def _anonymize_finding(finding: Finding) -> Finding:
    home, user = current_home_dir(), current_user_name()
    summary, advice = (anonymize(text, home_dir=home, user_name=user) for text in (finding.summary, finding.advice))
    return Finding(finding.check, finding.status, summary, advice)


def anonymize(text: str, *, home_dir: str, user_name: str) -> str:
    """Replace the home folder by ~, and the user name in other paths by …."""
    if len(home_dir) >= _HOME_LENGTH_MIN:
        text = re.sub(rf"{re.escape(home_dir)}(?![\w-])", "~", text, flags=re.ASCII)
    if user_name:
        text = re.sub(rf"(?<=[/\\]){re.escape(user_name)}(?![\w-])", "…", text, flags=re.ASCII)
    return text


def current_home_dir() -> str:
    return _or_empty(lambda: str(Path.home()))


def current_user_name() -> str:
    return _or_empty(getpass.getuser)


def _or_empty(lookup: Callable[[], str]) -> str:
    try:
        return lookup()
    except (OSError, KeyError, RuntimeError, ImportError):  # all that Python raises if there is none
        return ""


def _json_fields(finding: Finding) -> dict[str, str]:
    state = finding.status.value
    return {"check": finding.check.value, "state": state, "what": finding.summary, "todo": finding.advice}


def _print_findings(context: CommandContext, findings: list[Finding]) -> None:
    say, terminal = context.messages.text, context.terminal
    with_colours = should_use_colours(terminal.stdout, terminal.environ)
    states = {status: f"{_SYMBOLS[status]} {say(name)}" for status, name in checkup.CHECK_STATUS_NAMES.items()}
    checks = {check: say(name) for check, name in checkup.CHECK_NAMES.items()}
    state_width, check_width = (max(map(display_width, each.values())) for each in (states, checks))
    indent = " " * (state_width + check_width + 4)
    for finding in findings:
        state = pad(states[finding.status], state_width)
        if with_colours:
            state = colourize(state, _COLOURS[finding.status])
        line = f"{pad(checks[finding.check], check_width)}  {printable(finding.summary)}"
        terminal.write_styled(f"{state}  {line}\n")
        if finding.advice:
            terminal.write_line(f"{indent}{finding.advice}")
