"""`doctor`: check everything that Guard Dog needs; the report is fit for a public bug report."""

import getpass
import platform
import re
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path

from msgspec.structs import replace

from guarddog_gui import __version__
from guarddog_gui.adapters.health.network import check_network
from guarddog_gui.adapters.health.session import PROBE_APPID, check_keyring
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.health_checks.accounts import check_accounts, check_exports, check_renewal
from guarddog_gui.cli.health_checks.desktop import check_chinese_fonts, check_copying, check_libraries, check_tray_host
from guarddog_gui.cli.health_checks.folders import check_folders
from guarddog_gui.cli.health_checks.network import check_account_routes, check_own_addresses
from guarddog_gui.cli.health_checks.runner import CheckFunction, run_checks
from guarddog_gui.cli.health_checks.sharing import check_sharing
from guarddog_gui.cli.health_checks.writers import check_other_writers
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.tables.columns import GREEN, GREY, RED, YELLOW, colourize, display_width, pad, should_use_colours
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck, Verdict, verdict
from guarddog_gui.domain.health.results import KeyringProbeResult
from guarddog_gui.domain.printable import printable
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.health.findings import (
    CHECK_NAMES,
    CHECK_STATUS_NAMES,
    keyring_finding,
    make_finding,
)
from guarddog_gui.services.messages.health.network import bad_address_findings, network_findings
from guarddog_gui.services.messages.message import Message

TIMEOUT_S = 14.0  # for all checks together
_HOME_LENGTH_MIN = 2  # characters: replacing the root folder would hide nothing

_SYMBOLS = {CheckStatus.OK: "✓", CheckStatus.WARNING: "?", CheckStatus.FAILED: "✗", CheckStatus.NOT_CHECKED: "–"}
_COLOURS = {CheckStatus.OK: GREEN, CheckStatus.WARNING: YELLOW, CheckStatus.FAILED: RED, CheckStatus.NOT_CHECKED: GREY}
_EXIT_CODES = {
    Verdict.WELL: ExitCode.SUCCESS,
    Verdict.USER_ACTION_REQUIRED: ExitCode.USER_ACTION_REQUIRED,
    Verdict.TEMPORARY: ExitCode.TRY_LATER,
}


def register(command: CommandDefinition) -> None:
    command.add_json_flag()
    command.set_examples(f"{PROGRAM} doctor", f"{PROGRAM} doctor --json > report.json")


def run(context: CommandContext, args: Namespace, *, timeout_s: float = TIMEOUT_S) -> ExitCode:
    """Run all checks in parallel and print their findings; a check that hangs becomes a finding, too.

    Return SUCCESS only if all is well, TRY_LATER if all that is not will pass without the user.
    """
    checks: dict[HealthCheck, CheckFunction] = {
        HealthCheck.VERSIONS: _check_versions,
        HealthCheck.ACCOUNTS: partial(check_accounts, context),
        HealthCheck.RENEWAL: partial(check_renewal, context),
        HealthCheck.KEYRING: lambda: (keyring_finding(_inspect_keyring(context), context.messages),),
        HealthCheck.FILES: partial(check_folders, context),
        HealthCheck.FOREIGN_WRITES: partial(check_other_writers, context),
        HealthCheck.EXPORTS: partial(check_exports, context),
        HealthCheck.SHARING: partial(check_sharing, context),
        HealthCheck.NETWORK: partial(_check_network, context),
        HealthCheck.OWN_ADDRESS: partial(check_own_addresses, context),
        HealthCheck.LIBRARIES: partial(check_libraries, context),
        HealthCheck.TRAY: partial(check_tray_host, context),
        HealthCheck.CLIPBOARD: partial(check_copying, context),
        HealthCheck.FONTS: partial(check_chinese_fonts, context),
    }
    findings = [_anonymize_finding(finding) for finding in run_checks(checks, timeout_s, context.messages)]
    if args.json:
        context.terminal.write_json([_json_fields(finding) for finding in findings])
    else:
        _print_findings(context, findings)
    return _EXIT_CODES[verdict(findings)]


def _check_versions() -> tuple[Finding, ...]:
    try:
        qt = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        qt = "–"
    what = f"Guard Dog {__version__} · Python {platform.python_version()} · PySide6 {qt} · {platform.platform()}"
    return (make_finding(HealthCheck.VERSIONS, CheckStatus.OK, Message(what)),)


def _inspect_keyring(context: CommandContext) -> KeyringProbeResult:
    store = context.terminal.secret_store
    if store is None:
        return check_keyring()
    answer = store.get(PROBE_APPID)
    return KeyringProbeResult((), answer if isinstance(answer, KeyringIsLocked | KeyringIsDown) else None)


def _check_network(context: CommandContext) -> tuple[Finding, ...]:
    if context.container.api_base_error is not None:
        return bad_address_findings(context.container.api_base_error, context.messages)
    result = check_network(context.container.api_base, context.terminal.environ, context.container.clock)
    return (*network_findings(result, context.messages), *check_account_routes(context))


def _anonymize_finding(finding: Finding) -> Finding:
    home, user = current_home_dir(), current_user_name()
    summary, advice = (anonymize(text, home_dir=home, user_name=user) for text in (finding.summary, finding.advice))
    return replace(finding, summary=summary, advice=advice)


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
    states = {status: f"{_SYMBOLS[status]} {say(name)}" for status, name in CHECK_STATUS_NAMES.items()}
    checks = {check: say(name) for check, name in CHECK_NAMES.items()}
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
