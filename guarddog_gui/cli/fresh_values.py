"""Values that live, or words about why there are none: for `token` and `exec`."""

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import ErrcodeKind
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry
from guarddog_gui.services.fresh_values import FreshValues, get_fresh_values
from guarddog_gui.services.refresh import RefreshMode, RefreshRequest, RefreshResult


def require_fresh(
    context: CommandContext,
    account: Account,
    kinds: tuple[TokenKind, ...],
    min_ttl: int,
    *,
    require_all: bool = True,
) -> FreshValues:
    """A live value for each of these keys. Stops with what is in the way.

    Without `needs_all` it goes on without tickets to which the account has no right, as many have none.
    """
    stores, began = context.container, context.container.clock()
    live = get_fresh_values(
        account, kinds, min_ttl,
        dog_files=stores.dog_files, clock=stores.clock,
        make_refresher=lambda: stores.make_worker_context().refresher,
        respect_failures_since=stores.accounts.changed_at(),
    )  # fmt: skip
    if all(kind in live.records for kind in kinds):
        return live
    if live.failure is None:
        raise CommandError(
            ExitCode.INTERNAL_ERROR, context.messages.for_crash()
        )  # every key without a value has a failure
    entry = live.failure.entry
    has_no_right = (
        stores.errcode_catalog.kind_for(entry.errcode or 0, entry.endpoint) is ErrcodeKind.PERMISSION
    )
    if not require_all and has_no_right and TokenKind.ACCESS_TOKEN in live.records:
        return live
    raise command_error_for(context, live.failure, began)


def command_error_for(context: CommandContext, result: RefreshResult, started_at: float) -> CommandError:
    """The stop after a failure; one from before `began` (Unix seconds) is why WeChat was not asked now."""
    lines = (
        (
            context.messages.text(
                "WeChat has been asked a short while ago and is left alone for some minutes; "
                "guarddogctl refresh asks it now."
            ),
        )
        if result.entry.at < started_at
        else ()
    )
    return CommandError(
        exit_code_for_entry(result.entry, context.container.errcode_catalog),
        context.messages.for_refresh_result(result),
        lines,
    )


def export_if_changed(context: CommandContext, account: Account, fresh_values: FreshValues) -> None:
    """What is new goes to the account's outlets, after the value was given: a command may take its time."""
    if fresh_values.has_refreshed:
        context.terminal.flush()
        context.container.make_exporter().export(account)


def warn_short_lifetime(
    context: CommandContext, account: Account, fresh_values: FreshValues, min_ttl: int
) -> None:
    """Words where a value works, yet not for as long as was asked for, or is not on disk."""
    sentences, dogs, now = context.messages, context.container.dog_files, context.container.clock()
    if fresh_values.failure is not None:
        context.terminal.write_message(sentences.for_refresh_result(fresh_values.failure))
    for kind, record in fresh_values.records.items():
        left = record.remaining_s(now)
        if left > min_ttl:
            continue
        if fresh_values.failure is None:
            context.terminal.write_message(
                sentences.text(
                    "The {key} lives for {left} only, less than asked for; no longer one can be had now.",
                    key=sentences.key_name(kind),
                    left=format_countdown(left),
                )
            )
        elif record == dogs.read(account, kind):
            context.terminal.write_message(
                sentences.text(
                    "The refresh failed; the value on disk still works until {time}.",
                    time=sentences.format_time(record.expires_at),
                )
            )


def require_ticket(
    context: CommandContext, account: Account, kind: TokenKind = TokenKind.JSAPI_TICKET
) -> None:
    """Ask WeChat if there is none that lives. Stops with what is in the way."""
    began, changed_at = context.container.clock(), context.container.accounts.changed_at()
    order = RefreshRequest(
        account, (kind,), Trigger.COMMAND, RefreshMode.IF_NEEDED, respect_failures_since=changed_at
    )
    outcomes = context.container.make_worker_context().refresher.refresh(order)
    bad = next((outcome for outcome in outcomes if not outcome.is_success), None)
    if bad is not None:
        raise command_error_for(context, bad, began)
