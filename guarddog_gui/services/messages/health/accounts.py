"""Findings about the accounts: the list, their values and renewals, and their export targets."""

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.exports import export_status_message
from guarddog_gui.services.messages.health.findings import make_finding
from guarddog_gui.services.messages.message import Message, Messages


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


def foreign_writes_finding(account: Account, kind: TokenKind, write_count: int, messages: Messages) -> Finding:
    return _account_warning(HealthCheck.FOREIGN_WRITES, account, messages.for_foreign_writes(kind, write_count))


def failed_export_finding(account: Account, status: ExportStatus, messages: Messages) -> Finding:
    return _account_warning(HealthCheck.EXPORTS, account, export_status_message(status, messages))


def _account_warning(check: HealthCheck, account: Account, message: Message) -> Finding:
    named = replace(message, summary=f"{account.name}: {message.summary}")
    return make_finding(check, CheckStatus.WARNING, named)
