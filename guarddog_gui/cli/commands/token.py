"""`token` and `refresh`: a value for another program, and one attempt on a person's wish."""

import json

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.formats import TokenFormat, format_assignment
from guarddog_gui.cli.fresh_values import export_if_changed, require_fresh, warn_short_lifetime
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.exports.formats import VALUE_VARIABLES
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry
from guarddog_gui.services.messages.exports import export_status_message
from guarddog_gui.services.messages.local_time import format_iso
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.signing import card_ticket_disabled_message
from guarddog_gui.services.refresh import RefreshMode, RefreshRequest


def run_token(
    context: CommandContext,
    name_or_appid: str | None,
    kind: TokenKind,
    min_ttl: int,
    output_format: TokenFormat | None,
) -> ExitCode:
    """Print the value, refreshed if less than `min_ttl` seconds are left. `form` None means JSON.

    A value that works is always printed. Where the refresh that it should have had did not come to pass,
    words say so; only a value that the disk did not take ends with the code for that.
    """
    account = select_account(context, name_or_appid)
    _require_key(context, account, kind)
    live = require_fresh(context, account, (kind,), min_ttl)
    _print_value(context, account, kind, live.records[kind], output_format)
    warn_short_lifetime(context, account, live, min_ttl)
    export_if_changed(context, account, live)
    unwritten = live.failure is not None and live.failure.entry.result is AttemptResult.NOT_WRITTEN
    return ExitCode.FILE_ERROR if unwritten else ExitCode.SUCCESS


def _require_key(context: CommandContext, account: Account, kind: TokenKind) -> None:
    if kind in account.token_kinds:
        return
    say, key = context.messages.text, context.messages.key_name(kind)
    if account.platform is Platform.MINI_PROGRAM:
        what = say("{name} is a mini program and has no {key}.", name=account.name, key=key)
        raise CommandError(ExitCode.NOT_FOUND, Message(what, say("Ask for its access_token.")))
    raise CommandError(ExitCode.NOT_FOUND, card_ticket_disabled_message(account, context.messages))


def _print_value(
    context: CommandContext,
    account: Account,
    kind: TokenKind,
    record: TokenRecord,
    output_format: TokenFormat | None,
) -> None:
    if output_format is not None:
        context.terminal.write_line(format_assignment(output_format, VALUE_VARIABLES[kind], record.value))
        return
    fields = {
        "appid": account.appid,
        "name": account.name,
        "key": kind.value,
        "value": record.value,
        "expires_at": int(record.expires_at),
        "expires_at_iso": format_iso(record.expires_at),
        "seconds_left": int(record.remaining_s(context.container.clock())),
        "fingerprint": fingerprint(record.value),
    }
    context.terminal.write_line(json.dumps(fields, ensure_ascii=False, indent=2))


def run_refresh(
    context: CommandContext,
    name_or_appid: str | None,
    kind: TokenKind | None,
    *,
    force: bool,
    skip_confirmation: bool,
) -> ExitCode:
    """Ask WeChat now, once, for one key or all; `force` makes a new token, after a yes."""
    account = select_account(context, name_or_appid)
    if kind is not None:
        _require_key(context, account, kind)
    kinds = account.token_kinds if kind is None else (kind,)
    eagerness = RefreshMode.ALWAYS
    if force:
        if kind is not None and kind is not TokenKind.ACCESS_TOKEN:
            raise CommandError(ExitCode.USAGE_ERROR, context.messages.ticket_not_forced(kind))
        _confirm_force(context, account, skip_confirmation=skip_confirmation)
        kinds, eagerness = (TokenKind.ACCESS_TOKEN,), RefreshMode.FORCE
    outcomes = context.container.make_worker_context().refresher.refresh(
        RefreshRequest(account, kinds, Trigger.USER, eagerness)
    )
    for outcome in outcomes:
        line = f"{account.name} {outcome.kind}: {context.messages.for_refresh_result(outcome).text}"
        if outcome.is_success:
            context.terminal.write_line(line)
        else:
            context.terminal.write_message(line)
    for report in context.container.make_exporter().statuses(account):
        if report.error is not None:
            context.terminal.write_message(export_status_message(report, context.messages))
    codes = [exit_code_for_entry(outcome.entry, context.container.errcode_catalog) for outcome in outcomes]
    return next((code for code in codes if code is not ExitCode.SUCCESS), ExitCode.SUCCESS)


def _confirm_force(context: CommandContext, account: Account, *, skip_confirmation: bool) -> None:
    now = context.container.clock()
    may = policy.force_allowance(
        context.container.history.count_calls(account.appid, beijing_day_start(now)), now
    )
    if not may.is_allowed:
        raise CommandError(ExitCode.TRY_LATER, context.messages.force_refused(may))
    context.terminal.write_message(context.messages.force_cost(account, may))
    if skip_confirmation:
        return
    say = context.messages.text
    if context.terminal.prompt_line(say("Force a new token? [y/N]")).lower() not in ("y", "yes"):
        raise CommandError(
            ExitCode.USAGE_ERROR,
            Message(say("Without a yes nothing is forced."), say("Answer y, or give --yes.")),
        )
