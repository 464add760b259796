"""`refresh`: ask WeChat for new values at once."""

from argparse import Namespace

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import require_key, select_account
from guarddog_gui.cli.unused_options import refuse_without
from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry
from guarddog_gui.services.messages.exports import export_status_message


def register(command: CommandDefinition) -> None:
    text = command.text
    command.add_account()
    command.add_key(None)
    command.add_flag("--force", text("make a new token; the one your servers hold dies"))
    command.add_flag("--yes", text("do not ask before forcing; a production account has to be named, too"))
    command.set_examples(f"{PROGRAM} refresh Shop", f"{PROGRAM} refresh Shop --force")


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Ask WeChat now, once, for one key or all; `--force` makes a new token after confirmation."""
    if not args.force:
        refuse_without(context, args, "--force", "--yes")
    account, kind = select_account(context, args.account), args.key
    if kind is not None:
        require_key(context, account, kind)
    kinds = account.token_kinds if kind is None else (kind,)
    mode = RefreshMode.ALWAYS
    if args.force:
        if kind is not None and kind is not TokenKind.ACCESS_TOKEN:
            raise CommandError(ExitCode.USAGE_ERROR, context.messages.ticket_not_forced(kind))
        if account.is_follower:
            failure = SharingFailure(SharingProblem.FOLLOWER)
            raise CommandError(ExitCode.USER_ACTION_REQUIRED, context.messages.for_sharing_failure(failure))
        _confirm_force(context, account, args)
        kinds, mode = (TokenKind.ACCESS_TOKEN,), RefreshMode.FORCE
    request = RefreshRequest(account, kinds, Trigger.USER, mode)
    results = context.container.make_refresher().refresh_without_exports(request)
    for result in results:
        message = context.messages.for_refresh_result(result, platform=account.platform)
        line = f"{account.name} {result.kind}: {message.text}"
        if result.is_success:
            context.terminal.write_line(line)
        else:
            context.terminal.write_message(line)
    context.terminal.flush()  # export commands may be slow
    exporter = context.container.make_exporter()
    is_changed = any(result.is_success for result in results)
    for report in exporter.export(account) if is_changed else exporter.statuses(account):
        if report.error is not None:
            context.terminal.write_message(export_status_message(report, context.messages))
    codes = [exit_code_for_entry(result.entry, context.container.errcode_catalog) for result in results]
    return next((code for code in codes if code is not ExitCode.SUCCESS), ExitCode.SUCCESS)


def _confirm_force(context: CommandContext, account: Account, args: Namespace) -> None:
    """Show what a forced token costs, and ask. Raises CommandError without the user's consent.

    A production account is forced after its name was typed. A script names it on the command line: there the
    account that `use` or GUARDDOG_ACCOUNT chose, or the only one, is not enough: it may be another one tomorrow.
    """
    now, messages = context.container.clock(), context.messages
    calls = context.container.history.count_calls(account.appid, beijing_day_start(now))
    allowance = policy.force_allowance(calls, now)
    if not allowance.is_allowed:
        raise CommandError(ExitCode.TRY_LATER, messages.force_refused(allowance))
    is_production = account.environment is Environment.PRODUCTION
    if is_production and args.yes and args.account is None:
        refusal = messages.message(
            "{name} is a production account: --yes alone does not force it.",
            "Name it: guarddogctl refresh {appid} --force --yes",
            name=account.name,
            appid=account.appid,
        )
        raise CommandError(ExitCode.USAGE_ERROR, refusal)
    context.terminal.write_message(messages.force_cost(account, allowance))
    if args.yes:
        return
    if is_production:
        _ask_for_name(context, account)
    elif context.terminal.prompt_line(messages.text("Force a new token? [y/N]")).lower() not in ("y", "yes"):
        refusal = messages.message("Without a yes nothing is forced.", "Answer y, or give --yes.")
        raise CommandError(ExitCode.USAGE_ERROR, refusal)


def _ask_for_name(context: CommandContext, account: Account) -> None:
    """Raise CommandError unless the user types the name of the account on a terminal."""
    messages = context.messages
    if not context.terminal.stdin.isatty():
        refusal = messages.message(
            "{name} is a production account, and there is no terminal to type its name.",
            "In a script, name it and say yes: guarddogctl refresh {appid} --force --yes",
            name=account.name,
            appid=account.appid,
        )
        raise CommandError(ExitCode.USAGE_ERROR, refusal)
    prompt = messages.text("This is a production account. Type its name to force a new token:")
    if context.terminal.prompt_line(prompt) != account.name:
        refusal = messages.message(
            "That is not the name of the account: nothing is forced.", "Type “{name}” to force it.", name=account.name
        )
        raise CommandError(ExitCode.USAGE_ERROR, refusal)
