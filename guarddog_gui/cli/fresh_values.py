"""Valid values for a command, with messages about what stands in their way."""

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.detached_exports import start_exports
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry
from guarddog_gui.services.fresh_values import FreshValues, get_fresh_values


def require_fresh(
    context: CommandContext, account: Account, kinds: tuple[TokenKind, ...], min_ttl: int, *, require_all: bool = True
) -> FreshValues:
    """Return a valid value for each key, refreshed where less than `min_ttl` seconds are left.

    Raises CommandError unless they are sufficient, see `FreshValues.is_sufficient`.
    """
    container, started_at = context.container, context.container.clock()
    values = get_fresh_values(
        account, kinds, min_ttl,
        dog_files=container.own_values, clock=container.clock,
        make_refresher=container.make_refresher,
        respect_failures_since=container.accounts.changed_at(),
    )  # fmt: skip
    if values.is_sufficient(kinds, container.errcode_catalog, require_all=require_all):
        return values
    if values.failure is None:  # cannot happen: every key without a value has a failure
        raise CommandError(ExitCode.INTERNAL_ERROR, context.messages.for_crash())
    raise _command_error(context, account, values.failure, started_at)


def _command_error(context: CommandContext, account: Account, result: RefreshResult, started_at: float) -> CommandError:
    """Return the error for a failed refresh.

    A failure from before `started_at` (Unix seconds) is the reason why WeChat was not asked this time.
    """
    pause_message = context.messages.text(
        "WeChat has been asked a short while ago and is left alone for some minutes; guarddogctl refresh asks it now."
    )
    code = exit_code_for_entry(result.entry, context.container.errcode_catalog)
    lines = (pause_message,) if result.entry.at < started_at else ()
    return CommandError(code, context.messages.for_refresh_result(result, platform=account.platform), lines)


def export_if_changed(context: CommandContext, account: Account, fresh_values: FreshValues) -> None:
    """Start the exports of new values, after the result was printed; the command does not wait for them."""
    if fresh_values.has_refreshed:
        start_exports(context, account)


def warn_short_lifetime(context: CommandContext, account: Account, fresh_values: FreshValues, min_ttl: int) -> None:
    """Write a message for each value that is valid for less than `min_ttl` seconds or is not on disk."""
    messages, dog_files, now = context.messages, context.container.own_values, context.container.clock()
    failure = fresh_values.failure
    if failure is not None:
        is_given = (failure.kind, failure.record) in fresh_values.unwritten
        message = (
            messages.for_unwritten_value(failure.entry)
            if is_given
            else messages.for_refresh_result(failure, platform=account.platform)
        )
        context.terminal.write_message(message)
    for kind, record in fresh_values.records.items():
        left = record.remaining_s(now)
        if left > min_ttl:
            continue
        if fresh_values.failure is None:
            context.terminal.write_message(
                messages.text(
                    "The {key} lives for {left} only, less than asked for; no longer one can be had now.",
                    key=messages.key_name(kind),
                    left=format_countdown(left),
                )
            )
        elif record == dog_files.read(account, kind):
            context.terminal.write_message(
                messages.text(
                    "The refresh failed; the value on disk still works until {time}.",
                    time=messages.format_time(record.expires_at),
                )
            )


def require_ticket(context: CommandContext, account: Account, kind: TokenKind = TokenKind.JSAPI_TICKET) -> TokenRecord:
    """Return a valid ticket, fetched unless one is on disk. Raises CommandError.

    A ticket that could not be written is good all the same: a message says so.
    """
    values = require_fresh(context, account, (kind,), 0)
    warn_short_lifetime(context, account, values, 0)
    export_if_changed(context, account, values)
    return values.records[kind]
