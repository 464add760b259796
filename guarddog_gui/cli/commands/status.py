"""`status`: print one line per token, read from disk alone."""

from argparse import Namespace
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import exit_code_of_list, no_account_message
from guarddog_gui.cli.tables.watch_table import NO_VALUE, format_state
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.targets import target_to_dict
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import KeyStatus, build_account_status
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.texts import format_iso

if TYPE_CHECKING:
    from guarddog_gui.domain.exports.reports import ExportStatus


class StatusRow(Struct, frozen=True):
    """One key of an account; `last_failure` is its last attempt if that failed, even if a value is valid."""

    account: Account
    key_status: KeyStatus
    last_failure: HistoryEntry | None


def register(command: CommandDefinition) -> None:
    command.add_json_flag()
    command.set_examples(f"{PROGRAM} status", f"{PROGRAM} status --json")


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Print the state of every key; neither keyring nor network are used."""
    now = context.container.clock()
    accounts = context.container.accounts.load()
    rows = [row for account in accounts for row in _status_rows(context.container, account, now)]
    if args.json:
        exports = {account.appid: _export_fields(context, account) for account in accounts}
        fields = [_json_fields(context, row, now) | {"outlets": exports[row.account.appid]} for row in rows]
        context.terminal.write_json(fields)
        return exit_code_of_list(context)
    if not rows:
        context.terminal.write_message(no_account_message(context))
    context.terminal.write_table([_format_row(context, row, now) for row in rows])
    keys = [row.key_status for row in rows]
    failures = [(key.failure, key.next_attempt_at) for key in keys if key.failure is not None]
    advice = (context.messages.for_entry(failure, next_at=next_at).advice for failure, next_at in failures)
    for line in dict.fromkeys(filter(None, advice)):
        context.terminal.write_message(line)
    for account in accounts:
        for _, message in _export_statuses(context, account):
            if message is not None:
                context.terminal.write_message(replace(message, summary=f"{account.name}: {message.summary}"))
    return exit_code_of_list(context)


def _status_rows(container: Container, account: Account, now: float) -> list[StatusRow]:
    records = {kind: container.own_values.read(account, kind) for kind in account.token_kinds}
    retry_states = {
        kind: policy.retry_state_from_history(
            container.history.latest(account.appid, kind, policy.RETRY_HISTORY_MAX), container.errcode_catalog
        )
        for kind in account.token_kinds
    }
    status = build_account_status(account, records, retry_states, now)
    return [StatusRow(account, key, key.failure or retry_states[key.kind].last_failure) for key in status.keys]


def _json_fields(context: CommandContext, row: StatusRow, now: float) -> dict[str, object]:
    record, failure, next_at = row.key_status.record, row.last_failure, row.key_status.next_attempt_at
    return {
        "appid": row.account.appid,
        "name": row.account.name,
        "key": row.key_status.kind.value,
        "state": row.key_status.state_of_value(now).value,
        "usable": row.key_status.usable_record(now) is not None,
        "renewal": row.key_status.renewal.value,
        "expires_at": int(record.expires_at) if record else None,
        "expires_at_iso": format_iso(record.expires_at) if record else None,
        "seconds_left": int(record.remaining_s(now)) if record else 0,
        "generated_at": int(record.generated_at) if record else None,
        "next_refresh_at": int(next_at) if next_at is not None else None,
        "last_errcode": failure.errcode if failure else None,
        "last_error": context.messages.for_entry(failure).summary if failure else None,
        "fingerprint": fingerprint(record.value) if record else None,
        "dog_file": str(context.container.dog_files.path(row.account, row.key_status.kind)),
    }


def _export_statuses(context: CommandContext, account: Account) -> list[tuple["ExportStatus", Message | None]]:
    if not account.exports:
        return []  # most accounts have none, and loading what exports takes time
    from guarddog_gui.services.messages.exports import export_status_message

    return [
        (status, None if status.error is None else export_status_message(status, context.messages))
        for status in context.container.make_exporter().statuses(account)
    ]


def _export_fields(context: CommandContext, account: Account) -> list[dict[str, object]]:
    return [
        {
            **target_to_dict(status.target),
            "written_at": None if status.written_at is None else int(status.written_at),
            "written_at_iso": None if status.written_at is None else format_iso(status.written_at),
            "error": None if message is None else message.summary,
        }
        for status, message in _export_statuses(context, account)
    ]


def _format_row(context: CommandContext, row: StatusRow, now: float) -> tuple[str, ...]:
    messages, key = context.messages, row.key_status
    record = key.usable_record(now)
    left, value = NO_VALUE, NO_VALUE
    if record is not None:
        left, value = format_countdown(record.remaining_s(now)), fingerprint(record.value)
    failure = messages.for_entry(key.failure) if key.failure is not None else Message("")
    error = f"{failure.summary} ({failure.code})" if failure.code else failure.summary
    state = format_state(key.state_of_value(now), messages.key_state_text(key, now))
    return (row.account.name, key.kind.value, state, left, value, error)
