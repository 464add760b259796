"""`doctor`: whether everything that Guard Dog needs is as it should be; fit for a bug report."""

import json
import logging
import platform
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from importlib import metadata

from guarddog_gui import __version__
from guarddog_gui.adapters.health.keyring import PROBE_APPID, check_keyring
from guarddog_gui.adapters.health.network import check_network
from guarddog_gui.adapters.health.paths import check_custom_folder, check_file, check_folder
from guarddog_gui.adapters.health.tray import check_tray
from guarddog_gui.cli import colours
from guarddog_gui.cli.anonymize import anonymize, current_home_dir, current_user_name
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.table import display_width, pad
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health import CheckStatus, Finding, HealthCheck, KeyringProbeResult, PathProbeResult
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.foreign_writes import count_foreign_writes
from guarddog_gui.services.messages import health as checkup
from guarddog_gui.services.messages.message import Message, Messages

TIMEOUT_S = 14.0  # for all checks together, whatever hangs

_SYMBOLS = {
    CheckStatus.OK: "✓",
    CheckStatus.WARNING: "?",
    CheckStatus.FAILED: "✗",
    CheckStatus.NOT_CHECKED: "–",
}
_EXIT_CODES = {
    HealthCheck.ACCOUNTS: ExitCode.FILE_ERROR,
    HealthCheck.FILES: ExitCode.FILE_ERROR,
    HealthCheck.KEYRING: ExitCode.KEYRING_ERROR,
    HealthCheck.API_BASE: ExitCode.USER_ACTION_REQUIRED,
    HealthCheck.CLOCK: ExitCode.USER_ACTION_REQUIRED,
}
_EXIT_CODES_WORST_FIRST = (
    ExitCode.FILE_ERROR,
    ExitCode.KEYRING_ERROR,
    ExitCode.USER_ACTION_REQUIRED,
    ExitCode.TRY_LATER,
)

log = logging.getLogger(__name__)
CheckFunction = Callable[[], tuple[Finding, ...]]


def run_doctor(context: CommandContext, *, as_json: bool, timeout_s: float = TIMEOUT_S) -> ExitCode:
    """Everything is looked at side by side; what does not answer in time is a finding, too."""
    looks: dict[HealthCheck, CheckFunction] = {
        HealthCheck.VERSIONS: lambda: (_check_versions(),),
        HealthCheck.ACCOUNTS: lambda: (_check_accounts(context),),
        HealthCheck.KEYRING: lambda: (checkup.keyring_finding(_inspect_keyring(context), context.messages),),
        HealthCheck.FILES: lambda: _check_files(context),
        HealthCheck.FOREIGN_WRITES: lambda: _check_foreign_writers(context),
        HealthCheck.EXPORTS: lambda: _check_exports(context),
        HealthCheck.NETWORK: lambda: _check_network(context),
        HealthCheck.TRAY: lambda: (
            checkup.tray_finding(check_tray(context.terminal.environ), context.messages),
        ),
    }
    findings = [
        _anonymize_finding(finding) for finding in _run_in_parallel(looks, timeout_s, context.messages)
    ]
    if as_json:
        _print_json(context, findings)
    else:
        _print_findings(context, findings)
    codes = {
        _EXIT_CODES.get(finding.check, ExitCode.TRY_LATER)
        for finding in findings
        if finding.status is CheckStatus.FAILED
    }
    return next((code for code in _EXIT_CODES_WORST_FIRST if code in codes), ExitCode.SUCCESS)


# -- side by side ----------------------------------------------------------------------------------


def _run_in_parallel(
    check_functions: dict[HealthCheck, CheckFunction], timeout_s: float, messages: Messages
) -> list[Finding]:
    """The findings in the order of the looks. Threads that hang are left behind; they end with us."""
    until = time.monotonic() + timeout_s
    begun = [(check, _start_in_thread(look)) for check, look in check_functions.items()]
    findings: list[Finding] = []
    for check, future in begun:
        try:
            findings += future.result(max(0.0, until - time.monotonic()))
        except TimeoutError:
            findings.append(checkup.timeout_finding(check, messages))
        except Exception:
            log.exception("the check of %s ended by a mistake of its own", check)
            findings.append(checkup.make_finding(check, CheckStatus.FAILED, messages.for_crash()))
    return findings


def _start_in_thread(check_function: CheckFunction) -> Future[tuple[Finding, ...]]:
    future: Future[tuple[Finding, ...]] = Future()

    def work() -> None:
        try:
            future.set_result(check_function())
        except BaseException as error:  # noqa: BLE001 - it belongs to the thread that waits
            future.set_exception(error)

    threading.Thread(target=work, name="checkup", daemon=True).start()
    return future


# -- the looks -------------------------------------------------------------------------------------


def _check_versions() -> Finding:
    try:
        qt = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        qt = "–"
    python, system = platform.python_version(), platform.platform()
    what = f"Guard Dog {__version__} · Python {python} · PySide6 {qt} · {system}"
    return checkup.make_finding(HealthCheck.VERSIONS, CheckStatus.OK, Message(what))


def _check_accounts(context: CommandContext) -> Finding:
    accounts = context.container.accounts
    try:
        known = accounts.load()
    except FileError as trouble:
        return checkup.make_finding(
            HealthCheck.ACCOUNTS, CheckStatus.FAILED, context.messages.for_file_error(trouble)
        )
    if accounts.is_damaged:
        kept = str(accounts.damaged_backup or context.container.paths.accounts_file)
        return checkup.make_finding(
            HealthCheck.ACCOUNTS, CheckStatus.FAILED, context.messages.for_damaged_file(kept)
        )
    return checkup.accounts_finding(known, context.messages)


def _inspect_keyring(context: CommandContext) -> KeyringProbeResult:
    given = context.terminal.secret_store
    if given is None:
        return check_keyring()
    answer = given.get(PROBE_APPID)
    return KeyringProbeResult((), answer if isinstance(answer, KeyringIsLocked | KeyringIsDown) else None)


def _check_files(context: CommandContext) -> tuple[Finding, ...]:
    stores = context.container
    places, dogs, accounts = stores.paths, stores.dog_files, stores.accounts.load_read_only()
    folders = (places.config_dir, places.data_dir, places.log_dir, places.locks_dir)
    files = (places.accounts_file, places.settings_file, places.history_file)
    seen: list[PathProbeResult] = [*map(check_folder, folders), *map(check_file, files)]
    damaged: list[Finding] = []
    for account in accounts:
        seen.append(check_file(stores.account_locks.lock_path(account.appid)))
        paths = {kind: dogs.path(account, kind) for kind in account.token_kinds}
        look = check_folder if account.dog_dir is None else check_custom_folder
        seen.append(look(paths[account.token_kinds[0]].parent))
        for kind, path in paths.items():
            file = check_file(path)
            seen.append(file)
            if file.exists and not file.error and dogs.read(account, kind) is None:
                damaged.append(checkup.damaged_dog_file_finding(file.path, context.messages))
    return (*checkup.path_findings(tuple(seen), context.messages), *damaged)


def _check_foreign_writers(context: CommandContext) -> tuple[Finding, ...]:
    now = context.container.clock()
    findings = []
    for account in context.container.accounts.load_read_only():
        for kind in account.token_kinds:
            times = count_foreign_writes(context.container.history, account.appid, kind, now)
            if times:
                findings.append(checkup.foreign_writes_finding(account, kind, times, context.messages))
    return tuple(findings) or (checkup.no_foreign_writes_finding(context.messages),)


def _check_exports(context: CommandContext) -> tuple[Finding, ...]:
    outlets = context.container.make_exporter()
    findings = [
        checkup.failed_export_finding(account, report, context.messages)
        for account in context.container.accounts.load_read_only()
        for report in outlets.statuses(account)
        if report.error is not None
    ]
    return tuple(findings) or (checkup.exports_ok_finding(context.messages),)


def _check_network(context: CommandContext) -> tuple[Finding, ...]:
    if context.container.api_base_error is not None:
        return checkup.bad_address_findings(context.container.api_base_error, context.messages)
    seen = check_network(context.container.api_base, context.terminal.environ, context.container.clock)
    return checkup.network_findings(seen, context.messages)


# -- the report ------------------------------------------------------------------------------------


def _anonymize_finding(finding: Finding) -> Finding:
    home, user = current_home_dir(), current_user_name()
    what, todo = (
        anonymize(text, home_dir=home, user_name=user) for text in (finding.summary, finding.advice)
    )
    return Finding(finding.check, finding.status, what, todo)


def _print_json(context: CommandContext, findings: list[Finding]) -> None:
    fields = [
        {
            "check": finding.check.value,
            "state": finding.status.value,
            "what": finding.summary,
            "todo": finding.advice,
        }
        for finding in findings
    ]
    context.terminal.write_line(json.dumps(fields, ensure_ascii=False, indent=2))


def _print_findings(context: CommandContext, findings: list[Finding]) -> None:
    say, terminal = context.messages.text, context.terminal
    with_colours = colours.should_use_colours(terminal.stdout, terminal.environ)
    states = {
        status: f"{_SYMBOLS[status]} {say(name)}" for status, name in checkup.CHECK_STATUS_NAMES.items()
    }
    checks = {check: say(name) for check, name in checkup.CHECK_NAMES.items()}
    state_width, check_width = (max(map(display_width, each.values())) for each in (states, checks))
    indent = " " * (state_width + check_width + 4)
    for finding in findings:
        state = pad(states[finding.status], state_width)
        if with_colours:
            state = colours.colourize(state, finding.status)
        terminal.write_line(f"{state}  {pad(checks[finding.check], check_width)}  {finding.summary}")
        if finding.advice:
            terminal.write_line(f"{indent}{finding.advice}")
