"""`status`: one line per token, from the disk alone."""

import json
from dataclasses import dataclass, replace

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.select_account import no_account_message
from guarddog_gui.cli.watch_table import NO_VALUE, STATE_SYMBOLS
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.targets import target_to_dict
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import KeyStatus, build_account_status
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.exports import export_status_message
from guarddog_gui.services.messages.local_time import format_iso
from guarddog_gui.services.messages.message import Message


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One token; `failure` is its last attempt if that failed, also where a fresh value hides it."""

    account: Account
    key_status: KeyStatus
    last_failure: HistoryEntry | None


def run_status(context: CommandContext, *, as_json: bool) -> ExitCode:
    """Neither keyring nor network is touched."""
    now = context.container.clock()
    accounts = context.container.accounts.load()
    lines = [line for account in accounts for line in _status_rows(context.container, account, now)]
    if as_json:
        outlets = {account.appid: _export_fields(context, account) for account in accounts}
        fields = [
            _json_fields(context, line, now) | {"outlets": outlets[line.account.appid]} for line in lines
        ]
        context.terminal.write_line(json.dumps(fields, ensure_ascii=False, indent=2))
        return ExitCode.SUCCESS
    if not lines:
        context.terminal.write_message(no_account_message(context))
    context.terminal.write_table([_format_row(context, line, now) for line in lines])
    for todo in dict.fromkeys(_todo_text(context, line.key_status) for line in lines):
        if todo:
            context.terminal.write_message(todo)
    for account in accounts:
        _report_failed_exports(context, account)
    return ExitCode.SUCCESS


def _status_rows(container: Container, account: Account, now: float) -> list[StatusRow]:
    records = {kind: container.dog_files.read(account, kind) for kind in account.token_kinds}
    standings = {
        kind: policy.retry_state_from_history(
            container.history.latest(account.appid, kind, policy.RETRY_HISTORY_MAX), container.errcode_catalog
        )
        for kind in account.token_kinds
    }
    shown = build_account_status(account, records, standings, now)
    return [StatusRow(account, key, key.failure or standings[key.kind].last_failure) for key in shown.keys]


def _json_fields(context: CommandContext, row: StatusRow, now: float) -> dict[str, object]:
    record, failure, next_at = row.key_status.record, row.last_failure, row.key_status.next_attempt_at
    return {
        "appid": row.account.appid,
        "name": row.account.name,
        "key": row.key_status.kind.value,
        "state": row.key_status.state.value,
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


def _export_fields(context: CommandContext, account: Account) -> list[dict[str, object]]:
    return [
        {
            **target_to_dict(report.target),
            "written_at": None if report.written_at is None else int(report.written_at),
            "written_at_iso": None if report.written_at is None else format_iso(report.written_at),
            "error": None
            if report.error is None
            else export_status_message(report, context.messages).summary,
        }
        for report in context.container.make_exporter().statuses(account)
    ]


def _report_failed_exports(context: CommandContext, account: Account) -> None:
    for report in context.container.make_exporter().statuses(account):
        if report.error is not None:
            said = export_status_message(report, context.messages)
            context.terminal.write_message(replace(said, summary=f"{account.name}: {said.summary}"))


def _format_row(context: CommandContext, row: StatusRow, now: float) -> tuple[str, ...]:
    sentences, key = context.messages, row.key_status
    record = key.usable_record(now)
    left, value = NO_VALUE, NO_VALUE
    if record is not None:
        left, value = format_countdown(record.remaining_s(now)), fingerprint(record.value)
    said = sentences.for_entry(key.failure) if key.failure is not None else Message("")
    trouble = f"{said.summary} ({said.code})" if said.code else said.summary
    state = f"{STATE_SYMBOLS[key.state]} {sentences.key_state_text(key, now)}"
    return (row.account.name, key.kind.value, state, left, value, trouble)


def _todo_text(context: CommandContext, key_status: KeyStatus) -> str:
    return (
        context.messages.for_entry(key_status.failure, next_at=key_status.next_attempt_at).advice
        if key_status.failure is not None
        else ""
    )
