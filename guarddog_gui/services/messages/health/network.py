"""Findings about the connection to WeChat: its address, the proxy, each step of the connection, and the clock."""

from collections.abc import Mapping

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.route import DIRECT, SYSTEM_PROXY, has_login
from guarddog_gui.domain.errors import BadApiBase
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.health.results import ConnectionStep, NetworkProbeResult
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.wechat.protocol import HTML, FailureKind, TransportFailure
from guarddog_gui.services.messages.health.findings import make_finding
from guarddog_gui.services.messages.message import Message, Messages

FAILED_STEPS: Mapping[ConnectionStep, str] = {
    ConnectionStep.DNS: N_("The name {host} was not found."),
    ConnectionStep.CONNECTION: N_("{host} was found (addresses: {addresses}); none of them takes a connection."),
    ConnectionStep.TLS: N_("{host} takes connections; the TLS handshake failed."),
}
_CheckResult = tuple[CheckStatus, Message]
# the network or WeChat's server is in trouble; the others need the user
_TEMPORARY_FAILURES = frozenset({
    FailureKind.OFFLINE, FailureKind.TIMEOUT, FailureKind.CUT_OFF, FailureKind.HTTP_STATUS,
    FailureKind.NOT_JSON, FailureKind.UNEXPECTED_JSON,
})  # fmt: skip


def network_findings(result: NetworkProbeResult, messages: Messages) -> tuple[Finding, ...]:
    is_temporary = result.failure is not None and _is_temporary(result.failure)
    return (
        make_finding(HealthCheck.PROXY, *_proxy_result(result, messages)),
        make_finding(HealthCheck.NETWORK, *_connection_result(result, messages), is_temporary=is_temporary),
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


def proxy_text(account: Account, messages: Messages) -> str:
    """Return the proxy that is set for an account, without a password."""
    if account.proxy == DIRECT:
        return messages.text("none, not even that of the system")
    if account.proxy == SYSTEM_PROXY:
        return messages.text("as the system has it")
    if has_login(account.proxy):
        return messages.text("{proxy} (password in the keyring)", proxy=account.proxy)
    return account.proxy


def _is_temporary(failure: TransportFailure) -> bool:
    """Return False also for a page in HTML: the user may have to log in to the network."""
    return failure.kind in _TEMPORARY_FAILURES and not (failure.kind is FailureKind.NOT_JSON and failure.detail == HTML)


def _proxy_result(result: NetworkProbeResult, messages: Messages) -> _CheckResult:
    if not result.proxy:
        return CheckStatus.OK, messages.message("No proxy: {host} is called directly.", host=result.host)
    message = messages.message(
        "Calls go through {proxy} (set for the account)."
        if result.is_account_proxy
        else "Calls go through {proxy} (from {source})."
        if result.proxy_variable
        else "Calls go through {proxy} (a setting of the system).",
        proxy=result.proxy,
        source=result.proxy_variable,
    )
    if result.failure is None or result.failure.kind is not FailureKind.PROXY:
        return CheckStatus.OK, message
    reason = messages.for_failed_query(result.failure)
    return CheckStatus.FAILED, Message(f"{message.summary} {reason.summary}", reason.advice, result.failure.detail)


def _connection_result(result: NetworkProbeResult, messages: Messages) -> _CheckResult:
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


def _clock_result(result: NetworkProbeResult, messages: Messages) -> _CheckResult:
    if result.clock_skew_s is None:
        return _unknown_time(messages)
    minutes = policy.clock_skew_minutes(result.clock_skew_s)
    if minutes:
        return CheckStatus.FAILED, messages.for_clock_skew(minutes)
    seconds = max(1, round(abs(result.clock_skew_s)))
    return CheckStatus.OK, messages.message("The clock agrees with WeChat's to {seconds} s.", seconds=seconds)


def _unknown_time(messages: Messages) -> _CheckResult:
    return CheckStatus.NOT_CHECKED, messages.message("No answer told what time it is.")
