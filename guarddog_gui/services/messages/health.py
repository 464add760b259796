"""Findings of `doctor`: what each check has found, and what to do about it."""

from collections.abc import Mapping

from msgspec.structs import replace

from guarddog_gui.domain import health
from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.errors import BadApiBase, FileError
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.health import CheckStatus, ConnectionStep, Finding, HealthCheck, TrayProbeResult
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import FailureKind
from guarddog_gui.services.messages.exports import export_status_message
from guarddog_gui.services.messages.message import Message, Messages

CHECK_NAMES: Mapping[HealthCheck, str] = {
    HealthCheck.VERSIONS: N_("versions"),
    HealthCheck.ACCOUNTS: N_("accounts"),
    HealthCheck.KEYRING: N_("keyring"),
    HealthCheck.FILES: N_("files"),
    HealthCheck.FOREIGN_WRITES: N_("writers"),
    HealthCheck.EXPORTS: N_("also written"),
    HealthCheck.API_BASE: N_("address"),
    HealthCheck.PROXY: N_("proxy"),
    HealthCheck.NETWORK: N_("network"),
    HealthCheck.CLOCK: N_("clock"),
    HealthCheck.TRAY: N_("tray"),
}
CHECK_STATUS_NAMES: Mapping[CheckStatus, str] = {
    CheckStatus.OK: N_("ok"),
    CheckStatus.WARNING: N_("doubtful"),
    CheckStatus.FAILED: N_("bad"),
    CheckStatus.NOT_CHECKED: N_("not checked"),
}
FAILED_STEPS: Mapping[ConnectionStep, str] = {
    ConnectionStep.DNS: N_("The name {host} was not found."),
    ConnectionStep.CONNECTION: N_("{host} was found (addresses: {addresses}); none of them takes a connection."),
    ConnectionStep.TLS: N_("{host} takes connections; the TLS handshake failed."),
}
TRAY_RESULTS: Mapping[TrayProbeResult, tuple[CheckStatus, str, str]] = {
    TrayProbeResult.HOST: (CheckStatus.OK, N_("The desktop has a place for the icon."), ""),
    TrayProbeResult.NO_HOST: (
        CheckStatus.WARNING,
        N_(
            "No panel shows icons by StatusNotifier; the icon needs an old-style tray, else the window opens by itself."
        ),
        N_("On GNOME, install the AppIndicator extension."),
    ),
    TrayProbeResult.NO_BUS: (
        CheckStatus.WARNING,
        N_("There is no session bus, by which desktops show icons."),
        N_("Start Guard Dog in the session of the desktop, not by sudo or su."),
    ),
    TrayProbeResult.NOT_ANSWERING: (
        CheckStatus.WARNING,
        N_("The session bus does not answer."),
        N_("Log out and in again."),
    ),
    TrayProbeResult.NO_DESKTOP: (CheckStatus.NOT_CHECKED, N_("There is no desktop here."), ""),
    TrayProbeResult.NOT_LINUX: (
        CheckStatus.NOT_CHECKED,
        N_("Not checked on this system: it always has a place for icons."),
        "",
    ),
}
_CheckResult = tuple[CheckStatus, Message]
NOTHING_FOUND: Mapping[HealthCheck, str] = {
    HealthCheck.FOREIGN_WRITES: N_("No other program has refreshed anything in the last hour."),
    HealthCheck.EXPORTS: N_("Every other place that is written to has the latest values."),
}


def make_finding(check: HealthCheck, status: CheckStatus, message: Message) -> Finding:
    """Make a finding of a message; its code goes behind the summary."""
    summary = f"{message.summary} ({message.code})" if message.code else message.summary
    return Finding(check, status, summary, message.advice)


def accounts_finding(accounts: tuple[Account, ...], messages: Messages) -> Finding:
    if not accounts:
        message = messages.message(
            "There is no account yet.", "Add one: guarddogctl accounts add --appid ID --name NAME"
        )
        return make_finding(HealthCheck.ACCOUNTS, CheckStatus.WARNING, message)
    mini_programs = sum(account.platform is Platform.MINI_PROGRAM for account in accounts)
    message = messages.message(
        "Accounts: {all} (official: {official}, mini programs: {mini}).",
        all=len(accounts),
        official=len(accounts) - mini_programs,
        mini=mini_programs,
    )
    return make_finding(HealthCheck.ACCOUNTS, CheckStatus.OK, message)


def keyring_finding(result: health.KeyringProbeResult, messages: Messages) -> Finding:
    names = ", ".join(result.backend_names)
    if result.error is None:
        message = messages.message("The keyring answers: {names}.", names=names or "–")
        return make_finding(HealthCheck.KEYRING, CheckStatus.OK, message)
    message = messages.for_keyring_result(result.error)
    code = ", ".join(filter(None, (names, message.code)))
    return make_finding(HealthCheck.KEYRING, CheckStatus.FAILED, replace(message, code=code))


def path_findings(paths: tuple[health.PathProbeResult, ...], messages: Messages) -> tuple[Finding, ...]:
    """Return a finding for each path that cannot be used or is not private; one for all if there is none."""
    problems = dict.fromkeys(filter(None, (_path_problem(path, messages) for path in paths)))
    if problems:
        return tuple(make_finding(HealthCheck.FILES, status, message) for status, message in problems)
    existing = sum(path.exists for path in paths)
    message = messages.message(
        "{there} folders and files are private and can be used; {later} will be made when they are needed.",
        there=existing,
        later=len(paths) - existing,
    )
    return (make_finding(HealthCheck.FILES, CheckStatus.OK, message),)


def _path_problem(result: health.PathProbeResult, messages: Messages) -> _CheckResult | None:
    if result.error:
        return CheckStatus.FAILED, messages.for_file_error(FileError(result.path, result.error))
    if not result.is_owned_by_user:
        return CheckStatus.FAILED, messages.message(
            "{path} belongs to another user.",
            "Take it over with chown, or remove it. Do not run Guard Dog with sudo.",
            path=result.path,
        )
    if result.is_accessible_to_others:
        return CheckStatus.WARNING, messages.message(
            "{path} is open to other users of this computer (mode {mode}).",
            "Take their rights away: chmod go= in front of its path.",
            path=result.path,
            mode=f"{result.mode:04o}",
        )
    return None


def damaged_dog_file_finding(path: str, messages: Messages) -> Finding:
    message = messages.message(
        "{path} is damaged and counts as absent.",
        "Nothing: the next refresh replaces it. If it comes back, another program writes it.",
        path=path,
    )
    return make_finding(HealthCheck.FILES, CheckStatus.WARNING, message)


def foreign_writes_finding(account: Account, kind: TokenKind, write_count: int, messages: Messages) -> Finding:
    return _account_warning(HealthCheck.FOREIGN_WRITES, account, messages.for_foreign_writes(kind, write_count))


def failed_export_finding(account: Account, status: ExportStatus, messages: Messages) -> Finding:
    return _account_warning(HealthCheck.EXPORTS, account, export_status_message(status, messages))


def _account_warning(check: HealthCheck, account: Account, message: Message) -> Finding:
    named = replace(message, summary=f"{account.name}: {message.summary}")
    return make_finding(check, CheckStatus.WARNING, named)


def nothing_found_finding(check: HealthCheck, messages: Messages) -> Finding:
    return make_finding(check, CheckStatus.OK, messages.message(NOTHING_FOUND[check]))


def network_findings(result: health.NetworkProbeResult, messages: Messages) -> tuple[Finding, ...]:
    return (
        make_finding(HealthCheck.PROXY, *_proxy_result(result, messages)),
        make_finding(HealthCheck.NETWORK, *_connection_result(result, messages)),
        make_finding(HealthCheck.CLOCK, *_clock_result(result, messages)),
    )


def bad_address_findings(error: BadApiBase, messages: Messages) -> tuple[Finding, ...]:
    """Return the findings in place of `network_findings` if the address of the WeChat API cannot be used."""
    not_called = messages.message("The way to WeChat was not walked: its address cannot be used.")
    return (
        make_finding(HealthCheck.API_BASE, CheckStatus.FAILED, messages.for_bad_input(error)),
        make_finding(HealthCheck.NETWORK, CheckStatus.NOT_CHECKED, not_called),
        make_finding(HealthCheck.CLOCK, *_unknown_time(messages)),
    )


def _proxy_result(result: health.NetworkProbeResult, messages: Messages) -> _CheckResult:
    if not result.proxy:
        return CheckStatus.OK, messages.message("No proxy: {host} is called directly.", host=result.host)
    message = messages.message(
        "Calls go through {proxy} (from {source})."
        if result.proxy_variable
        else "Calls go through {proxy} (a setting of the system).",
        proxy=result.proxy,
        source=result.proxy_variable,
    )
    if result.failure is None or result.failure.kind is not FailureKind.PROXY:
        return CheckStatus.OK, message
    reason = messages.for_failed_query(result.failure)
    return CheckStatus.FAILED, Message(f"{message.summary} {reason.summary}", reason.advice, result.failure.detail)


def _connection_result(result: health.NetworkProbeResult, messages: Messages) -> _CheckResult:
    failure, step = result.failure, result.failed_step
    if failure is None:
        return CheckStatus.OK, messages.message(
            "{host} was found, connected to and answers ({ms} ms).", host=result.host, ms=result.took_ms
        )
    if failure.kind is FailureKind.PROXY:
        return CheckStatus.NOT_CHECKED, messages.message("What lies behind the proxy cannot be reached.")
    message = replace(messages.for_failed_query(failure), code=failure.detail or failure.kind)
    if step is not None and step is not ConnectionStep.ANSWER:
        summary = messages.text(FAILED_STEPS[step], host=result.host, addresses=result.address_count)
        message = replace(message, summary=summary)
    return CheckStatus.FAILED, message


def _clock_result(result: health.NetworkProbeResult, messages: Messages) -> _CheckResult:
    if result.clock_skew_s is None:
        return _unknown_time(messages)
    minutes = policy.clock_skew_minutes(result.clock_skew_s)
    if minutes:
        return CheckStatus.FAILED, messages.for_clock_skew(minutes)
    seconds = max(1, round(abs(result.clock_skew_s)))
    return CheckStatus.OK, messages.message("The clock agrees with WeChat's to {seconds} s.", seconds=seconds)


def _unknown_time(messages: Messages) -> _CheckResult:
    return CheckStatus.NOT_CHECKED, messages.message("No answer told what time it is.")


def tray_finding(result: TrayProbeResult, messages: Messages) -> Finding:
    status, summary, advice = TRAY_RESULTS[result]
    return make_finding(HealthCheck.TRAY, status, messages.message(summary, advice))


def timeout_finding(check: HealthCheck, messages: Messages) -> Finding:
    message = messages.message(
        "This check did not end in time.",
        "Something that it needs hangs: look at disks of the network, the keyring and the network itself.",
    )
    return make_finding(check, CheckStatus.FAILED, message)
