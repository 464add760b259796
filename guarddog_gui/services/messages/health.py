"""The verdicts of an examination in words: what each thing that was seen means, and what to do about it."""

from dataclasses import replace

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.errors import BadApiBase, FileError
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.health import (
    CheckStatus,
    ConnectionStep,
    Finding,
    HealthCheck,
    KeyringProbeResult,
    NetworkProbeResult,
    PathProbeResult,
    TrayProbeResult,
)
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import FailureKind
from guarddog_gui.services.messages.exports import export_status_message
from guarddog_gui.services.messages.message import Message, Messages

_TRAY_HEALTH = {
    TrayProbeResult.HOST: CheckStatus.OK,
    TrayProbeResult.NO_HOST: CheckStatus.WARNING,
    TrayProbeResult.NO_BUS: CheckStatus.WARNING,
    TrayProbeResult.NOT_ANSWERING: CheckStatus.WARNING,
    TrayProbeResult.NO_DESKTOP: CheckStatus.NOT_CHECKED,
    TrayProbeResult.NOT_LINUX: CheckStatus.NOT_CHECKED,
}


def make_finding(check: HealthCheck, health: CheckStatus, message: Message) -> Finding:
    """A sentence as a finding."""
    what = f"{message.summary} ({message.code})" if message.code else message.summary
    return Finding(check, health, what, message.advice)


def accounts_finding(accounts: tuple[Account, ...], messages: Messages) -> Finding:
    """How many there are."""
    if not accounts:
        said = Message(
            messages.text("There is no account yet."),
            messages.text("Add one: guarddogctl accounts add --appid ID --name NAME"),
        )
        return make_finding(HealthCheck.ACCOUNTS, CheckStatus.WARNING, said)
    mini = sum(account.platform is Platform.MINI_PROGRAM for account in accounts)
    what = messages.text(
        "Accounts: {all} (official: {official}, mini programs: {mini}).",
        all=len(accounts),
        official=len(accounts) - mini,
        mini=mini,
    )
    return make_finding(HealthCheck.ACCOUNTS, CheckStatus.OK, Message(what))


def keyring_finding(result: KeyringProbeResult, messages: Messages) -> Finding:
    """Whether it answers, and which it is."""
    names = ", ".join(result.backend_names)
    if result.error is None:
        return make_finding(
            HealthCheck.KEYRING,
            CheckStatus.OK,
            Message(messages.text("The keyring answers: {names}.", names=names or "–")),
        )
    said = messages.for_keyring_result(result.error)
    code = ", ".join(filter(None, (names, said.code)))
    return make_finding(HealthCheck.KEYRING, CheckStatus.FAILED, Message(said.summary, said.advice, code))


def path_findings(paths: tuple[PathProbeResult, ...], messages: Messages) -> tuple[Finding, ...]:
    """A finding for each that is not as it should be; one for all where there is none."""
    findings = tuple(dict.fromkeys(filter(None, (_path_finding(path, messages) for path in paths))))
    if findings:
        return findings
    there = sum(path.exists for path in paths)
    what = messages.text(
        "{there} folders and files are private and can be used; {later} will be made when they are needed.",
        there=there,
        later=len(paths) - there,
    )
    return (make_finding(HealthCheck.FILES, CheckStatus.OK, Message(what)),)


def _path_finding(result: PathProbeResult, messages: Messages) -> Finding | None:
    if result.error:
        trouble = FileError(result.path, result.error)
        return make_finding(HealthCheck.FILES, CheckStatus.FAILED, messages.for_file_error(trouble))
    if not result.is_owned_by_user:
        return _finding_for_key(
            messages, HealthCheck.FILES, CheckStatus.FAILED, "checkup-not-ours", path=result.path
        )
    if result.is_accessible_to_others:
        mode = f"{result.mode:04o}"
        return _finding_for_key(
            messages, HealthCheck.FILES, CheckStatus.WARNING, "checkup-open", path=result.path, mode=mode
        )
    return None


def damaged_dog_file_finding(path: str, messages: Messages) -> Finding:
    """A `.dog` file that is there and holds no value."""
    return _finding_for_key(messages, HealthCheck.FILES, CheckStatus.WARNING, "checkup-damaged", path=path)


def foreign_writes_finding(
    account: Account, kind: TokenKind, write_count: int, messages: Messages
) -> Finding:
    """Another program has refreshed a key so many times within an hour."""
    said = messages.for_foreign_writes(kind, write_count)
    return make_finding(
        HealthCheck.FOREIGN_WRITES,
        CheckStatus.WARNING,
        replace(said, summary=f"{account.name}: {said.summary}"),
    )


def no_foreign_writes_finding(messages: Messages) -> Finding:
    """Nobody else refreshes anything."""
    return make_finding(
        HealthCheck.FOREIGN_WRITES,
        CheckStatus.OK,
        Message(messages.text("No other program has refreshed anything in the last hour.")),
    )


def failed_export_finding(account: Account, status: ExportStatus, messages: Messages) -> Finding:
    """Another place that has not got the values of an account."""
    said = export_status_message(status, messages)
    return make_finding(
        HealthCheck.EXPORTS, CheckStatus.WARNING, replace(said, summary=f"{account.name}: {said.summary}")
    )


def exports_ok_finding(messages: Messages) -> Finding:
    """All of them have."""
    return make_finding(
        HealthCheck.EXPORTS,
        CheckStatus.OK,
        Message(messages.text("Every other place that is written to has the latest values.")),
    )


def network_findings(result: NetworkProbeResult, messages: Messages) -> tuple[Finding, ...]:
    """The proxy, the way to WeChat, and the clock that its answer tells."""
    return (
        _proxy_finding(result, messages),
        _connection_finding(result, messages),
        _clock_finding(result, messages),
    )


def bad_address_findings(error: BadApiBase, messages: Messages) -> tuple[Finding, ...]:
    """In place of the way to WeChat, which begins with its address."""
    return (
        make_finding(HealthCheck.API_BASE, CheckStatus.FAILED, messages.for_bad_input(error)),
        _finding_for_key(messages, HealthCheck.NETWORK, CheckStatus.NOT_CHECKED, "checkup-no-address"),
        _finding_for_key(messages, HealthCheck.CLOCK, CheckStatus.NOT_CHECKED, "checkup-no-date"),
    )


def _proxy_finding(result: NetworkProbeResult, messages: Messages) -> Finding:
    if not result.proxy:
        return make_finding(
            HealthCheck.PROXY,
            CheckStatus.OK,
            Message(messages.text("No proxy: {host} is called directly.", host=result.host)),
        )
    if result.proxy_variable:
        what = messages.text(
            "Calls go through {proxy} (from {source}).", proxy=result.proxy, source=result.proxy_variable
        )
    else:
        what = messages.text("Calls go through {proxy} (a setting of the system).", proxy=result.proxy)
    if result.failure is None or result.failure.kind is not FailureKind.PROXY:
        return make_finding(HealthCheck.PROXY, CheckStatus.OK, Message(what))
    why = messages.for_failed_query(result.failure)
    return make_finding(
        HealthCheck.PROXY,
        CheckStatus.FAILED,
        Message(f"{what} {why.summary}", why.advice, result.failure.detail),
    )


def _connection_finding(result: NetworkProbeResult, messages: Messages) -> Finding:
    silence, step = result.failure, result.failed_step
    if silence is None:
        what = messages.text(
            "{host} was found, connected to and answers ({ms} ms).", host=result.host, ms=result.took_ms
        )
        return make_finding(HealthCheck.NETWORK, CheckStatus.OK, Message(what))
    if silence.kind is FailureKind.PROXY:
        return _finding_for_key(
            messages, HealthCheck.NETWORK, CheckStatus.NOT_CHECKED, "checkup-behind-proxy"
        )
    said = messages.for_failed_query(silence)
    what = said.summary
    if step is not ConnectionStep.ANSWER:
        what = messages.text(f"checkup-no-{step}", host=result.host, addresses=result.address_count)
    return make_finding(
        HealthCheck.NETWORK, CheckStatus.FAILED, Message(what, said.advice, silence.detail or silence.kind)
    )


def _clock_finding(result: NetworkProbeResult, messages: Messages) -> Finding:
    if result.clock_skew_s is None:
        return _finding_for_key(messages, HealthCheck.CLOCK, CheckStatus.NOT_CHECKED, "checkup-no-date")
    minutes = policy.clock_skew_minutes(result.clock_skew_s)
    if minutes:
        return make_finding(HealthCheck.CLOCK, CheckStatus.FAILED, messages.for_clock_skew(minutes))
    what = messages.text(
        "The clock agrees with WeChat's to {seconds} s.", seconds=max(1, round(abs(result.clock_skew_s)))
    )
    return make_finding(HealthCheck.CLOCK, CheckStatus.OK, Message(what))


def tray_finding(result: TrayProbeResult, messages: Messages) -> Finding:
    """Whether an icon has a place."""
    return _finding_for_key(messages, HealthCheck.TRAY, _TRAY_HEALTH[result], f"checkup-tray-{result}")


def timeout_finding(check: HealthCheck, messages: Messages) -> Finding:
    """A check that did not end in time."""
    return _finding_for_key(messages, check, CheckStatus.FAILED, "checkup-hangs")


def _finding_for_key(
    messages: Messages, check: HealthCheck, health: CheckStatus, key: str, **values: object
) -> Finding:
    """The text of a key, and of that key with `-todo` behind it where there is something to do."""
    todo = f"{key}-todo"
    said = messages.text(todo, **values) if messages.message_catalog.has(todo) else ""
    return Finding(check, health, messages.text(key, **values), said)
