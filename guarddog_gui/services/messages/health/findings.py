"""Names and form of the findings of `doctor`, and those that belong to no group."""

from collections.abc import Mapping

from msgspec.structs import replace

from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.health.results import KeyringProbeResult
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.services.messages.message import Message, Messages

CHECK_NAMES: Mapping[HealthCheck, str] = {
    HealthCheck.VERSIONS: N_("versions"),
    HealthCheck.ACCOUNTS: N_("accounts"),
    HealthCheck.RENEWAL: N_("renewal"),
    HealthCheck.KEYRING: N_("keyring"),
    HealthCheck.FILES: N_("files"),
    HealthCheck.FOREIGN_WRITES: N_("writers"),
    HealthCheck.EXPORTS: N_("also written"),
    HealthCheck.SHARING: N_("sharing"),
    HealthCheck.API_BASE: N_("address"),
    HealthCheck.PROXY: N_("proxy"),
    HealthCheck.NETWORK: N_("network"),
    HealthCheck.CLOCK: N_("clock"),
    HealthCheck.OWN_ADDRESS: N_("own address"),
    HealthCheck.TRAY: N_("tray"),
    HealthCheck.CLIPBOARD: N_("clipboard"),
    HealthCheck.FONTS: N_("fonts"),
    HealthCheck.LIBRARIES: N_("libraries"),
}
CHECK_STATUS_NAMES: Mapping[CheckStatus, str] = {
    CheckStatus.OK: N_("ok"),
    CheckStatus.WARNING: N_("doubtful"),
    CheckStatus.FAILED: N_("bad"),
    CheckStatus.NOT_CHECKED: N_("not checked"),
}
NOTHING_FOUND: Mapping[HealthCheck, str] = {
    HealthCheck.FOREIGN_WRITES: N_("No other program has written a value in the last 24 hours."),
    HealthCheck.RENEWAL: N_("Every value works or will be fetched when it is first needed."),
    HealthCheck.OWN_ADDRESS: N_("No answer of WeChat has named the address of this computer so far."),
    HealthCheck.EXPORTS: N_("Every other place that is written to has the latest values."),
}


def make_finding(check: HealthCheck, status: CheckStatus, message: Message, *, is_temporary: bool = False) -> Finding:
    """Make a finding of a message; its code goes behind the summary."""
    summary = f"{message.summary} ({message.code})" if message.code else message.summary
    return Finding(check, status, summary, message.advice, is_temporary)


def keyring_finding(result: KeyringProbeResult, messages: Messages) -> Finding:
    names = ", ".join(result.backend_names)
    if result.error is None:
        message = messages.message("The keyring answers: {names}.", names=names or "–")
        return make_finding(HealthCheck.KEYRING, CheckStatus.OK, message)
    message = messages.for_keyring_result(result.error)
    code = ", ".join(filter(None, (names, message.code)))
    return make_finding(HealthCheck.KEYRING, CheckStatus.FAILED, replace(message, code=code))


def nothing_found_finding(check: HealthCheck, messages: Messages) -> Finding:
    return make_finding(check, CheckStatus.OK, messages.message(NOTHING_FOUND[check]))


def timeout_finding(check: HealthCheck, messages: Messages) -> Finding:
    message = messages.message(
        "This check did not end in time.",
        "Something that it needs hangs: look at disks of the network, the keyring and the network itself.",
    )
    return make_finding(check, CheckStatus.FAILED, message, is_temporary=True)
