"""Findings about the accounts: the list, their values and renewals, and their export targets."""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import AccountStatus, KeyStatus, Renewal
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry
from guarddog_gui.services.messages.exports import export_status_message
from guarddog_gui.services.messages.health.findings import make_finding
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.texts import join_sentences


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


class RenewalCircumstances(Struct, frozen=True):
    """What decides whether a value that does not work will be renewed without the user.

    `now` and `paused_until` are Unix seconds. `is_running` is None where it is unknown whether the tray app or
    `watch` runs.
    """

    now: float
    paused_until: float | None
    is_running: bool | None
    errcode_catalog: ErrcodeCatalog

    @property
    def is_paused(self) -> bool:
        return self.paused_until is not None and self.paused_until > self.now


def renewal_findings(
    status: AccountStatus, unproven: frozenset[TokenKind], circumstances: RenewalCircumstances, messages: Messages
) -> tuple[Finding, ...]:
    """Return a finding for each key whose value does not work or whose renewal fails.

    `unproven` are the keys whose file has a value of another program, which is not used.
    """
    findings = (_renewal_finding(status.account, key, unproven, circumstances, messages) for key in status.keys)
    return tuple(filter(None, findings))


def _renewal_finding(
    account: Account,
    key: KeyStatus,
    unproven: frozenset[TokenKind],
    circumstances: RenewalCircumstances,
    messages: Messages,
) -> Finding | None:
    record, is_unproven = key.usable_record(circumstances.now), key.kind in unproven
    if key.failure is not None and (record is None or key.renewal is not Renewal.OK):
        return _failure_finding(account, key, key.failure, circumstances, messages)
    if record is not None or (key.record is None and not is_unproven):
        return None  # a value that was never fetched is fetched when it is needed
    names = {"name": account.name, "key": key.kind.value}
    if is_unproven:
        summary = messages.text(
            "{name}: The value in {key}.dog is of another program. It is not proven to belong to this account, "
            "so it is not used.",
            **names,
        )
    elif key.is_refused:
        summary = messages.text("{name}: WeChat refuses the value in {key}.dog: another program replaced it.", **names)
    else:
        time = messages.format_time(key.record.expires_at) if key.record is not None else ""
        summary = messages.text("{name}: The value in {key}.dog ended at {time}.", **names, time=time)
    return make_finding(
        HealthCheck.RENEWAL,
        CheckStatus.WARNING,
        Message(summary, _advice_for_missing_engine(circumstances, messages)),
        is_temporary=bool(circumstances.is_running) and not circumstances.is_paused,
    )


def _failure_finding(
    account: Account, key: KeyStatus, failure: HistoryEntry, circumstances: RenewalCircumstances, messages: Messages
) -> Finding:
    next_at = key.next_attempt_at if circumstances.is_running else None
    message = messages.for_entry(failure, next_at=next_at, platform=account.platform)
    record = key.usable_record(circumstances.now)
    names = {"name": account.name, "key": key.kind.value}
    introduction = (
        messages.text("{name}: {key} has no value that works.", **names)
        if record is None
        else messages.text(
            "{name}: {key} works until {time}, and its renewal fails.",
            **names,
            time=messages.format_time(record.expires_at),
        )
    )
    code = exit_code_for_entry(failure, circumstances.errcode_catalog)
    return make_finding(
        HealthCheck.RENEWAL,
        CheckStatus.FAILED if record is None else CheckStatus.WARNING,
        replace(message, summary=join_sentences(introduction, message.summary)),
        is_temporary=code is ExitCode.TRY_LATER and key.renewal is not Renewal.STOPPED,
    )


def _advice_for_missing_engine(circumstances: RenewalCircumstances, messages: Messages) -> str:
    if circumstances.is_paused:
        return messages.text("Refreshing is paused: let it go on in the tray's menu, or run guarddogctl refresh.")
    if circumstances.is_running:
        return messages.text("Nothing: the running Guard Dog renews it in a moment.")
    return messages.text(
        "Start guarddog-gui or guarddogctl watch, which keep it fresh; guarddogctl refresh gets a new one now."
    )


def failed_export_finding(account: Account, status: ExportStatus, messages: Messages) -> Finding:
    message = export_status_message(status, messages)
    named = replace(message, summary=f"{account.name}: {message.summary}")
    return make_finding(HealthCheck.EXPORTS, CheckStatus.WARNING, named)
