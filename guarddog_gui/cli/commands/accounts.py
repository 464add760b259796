"""`accounts add`, `accounts list` and `accounts remove`."""

import json
from dataclasses import dataclass, replace

from guarddog_gui.cli.argument_types import resolve_path_argument
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext, NoTerminalError
from guarddog_gui.cli.select_account import no_account_message, select_account
from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, Secret, validate_account
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.targets import ExportTarget, target_to_dict
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.accounts import AccountNotSaved, AccountService
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry, exit_code_for_storage_error
from guarddog_gui.services.messages.exports import export_status_message
from guarddog_gui.services.messages.message import Message


@dataclass(frozen=True, slots=True)
class AddAccountArguments:
    """What `accounts add` was told; None leaves a known account as it is, a new one at its default.

    Only a name has none. An empty `dog_dir` is the usual folder.
    """

    appid: str
    name: str | None = None
    platform: Platform | None = None
    endpoint: Endpoint | None = None
    dog_dir: str | None = None
    ahead: int | None = None
    card_ticket: bool | None = None
    js_domains: tuple[str, ...] | None = None
    exports: tuple[ExportTarget, ...] | None = None


def add_account(
    context: CommandContext, args: AddAccountArguments, *, secret_stdin: bool, verify: bool
) -> ExitCode:
    """Try the credentials, then save them; nothing is saved when they, or its folder, do not work."""
    terminal, sentences = context.terminal, context.messages
    known = next((a for a in context.container.accounts.load() if a.appid == args.appid), None)
    account = _apply_arguments(args, known or Account(args.appid, ""))
    wrong = _argument_error(context, args, account)
    if wrong is not None:
        raise CommandError(ExitCode.USAGE_ERROR, wrong)  # before a secret is asked for
    book = context.container.make_worker_context().account_service  # nor for a bad address
    if known is None or account.dog_dir != known.dog_dir:
        _report_existing_files(context, book, account)
    if account.endpoint is Endpoint.CLASSIC:
        terminal.write_message(sentences.classic_warning())
    secret = _read_secret(context, account, secret_stdin=secret_stdin)
    verdict = None
    if verify:
        verdict = book.verify_credentials(account, secret)
        if not verdict.is_valid:
            terminal.write_message(sentences.for_verification(verdict))
            terminal.write_message(sentences.text("{name} is not saved.", name=account.name))
            return exit_code_for_entry(verdict.entry, context.container.errcode_catalog)
    saving = book.save(account, secret, verdict)
    if isinstance(saving, AccountNotSaved):
        terminal.write_message(sentences.for_save(saving))
        return exit_code_for_storage_error(saving.error)
    if verdict is not None:
        terminal.write_line(sentences.for_verification(verdict).text)
    terminal.write_line(sentences.for_save(saving).text)
    _export_values(context, account)
    return ExitCode.SUCCESS


def _argument_error(context: CommandContext, args: AddAccountArguments, account: Account) -> Message | None:
    """What of the arguments cannot be meant."""
    say = context.messages.text
    if not account.name and args.name is None:
        return Message(say("A new account needs a name."), say("Give it one with --name."))
    if args.card_ticket and account.platform is Platform.MINI_PROGRAM:
        key = context.messages.key_name(TokenKind.CARD_TICKET)
        return Message(
            say("{name} is a mini program and has no {key}.", name=account.name, key=key),
            say("Leave --card-ticket out."),
        )
    refusal = validate_account(account)
    return None if refusal is None else context.messages.for_error(refusal)


def _export_values(context: CommandContext, account: Account) -> None:
    for report in context.container.make_exporter().export(account):
        said = export_status_message(report, context.messages)
        if report.error is None:
            context.terminal.write_line(said.text)
        else:
            context.terminal.write_message(said)


def _report_existing_files(
    context: CommandContext, account_service: AccountService, account: Account
) -> None:
    """What a chosen folder has, and what becomes of it; one that cannot be used is told when it is tried."""
    if account.dog_dir is None:
        return
    found = account_service.inspect_folder(account)
    said = context.messages.for_existing_files(found, account.token_kinds, context.container.clock())
    if found.error is None and said.text:
        context.terminal.write_message(said)


def _apply_arguments(args: AddAccountArguments, account: Account) -> Account:
    if args.name is not None:
        account = replace(account, name=args.name)
    if args.platform is not None:
        account = replace(account, platform=args.platform)
    if args.endpoint is not None:
        account = replace(account, endpoint=args.endpoint)
    if args.dog_dir is not None:
        account = replace(account, dog_dir=resolve_path_argument(args.dog_dir) if args.dog_dir else None)
    if args.ahead is not None:
        account = replace(account, ahead=args.ahead)
    if args.card_ticket is not None:
        account = replace(account, card_ticket=args.card_ticket)
    if args.js_domains is not None:
        account = replace(account, js_domains=args.js_domains)
    if args.exports is not None:
        account = replace(account, exports=args.exports)
    return account


def _read_secret(context: CommandContext, account: Account, *, secret_stdin: bool) -> Secret:
    say = context.messages.text
    if secret_stdin:
        try:
            typed = context.terminal.stdin.readline()
        except UnicodeDecodeError:
            raise BadInput(InputProblem.INVALID_SECRET) from None  # without the text, which may be the secret
        return Secret(typed.strip("\ufeff \t\r\n"))  # Windows shells put a BOM in front
    try:
        return Secret(
            context.terminal.prompt_hidden(
                say("AppSecret of {name} (not shown): ", name=account.name)
            ).strip()
        )
    except NoTerminalError:
        raise CommandError(
            ExitCode.USAGE_ERROR,
            Message(
                say("There is no terminal to ask for the AppSecret."),
                say("Give it on standard input with --secret-stdin."),
            ),
        ) from None


def list_accounts(context: CommandContext, *, as_json: bool) -> ExitCode:
    """All accounts, without secrets."""
    accounts = context.container.accounts.load()
    if as_json:
        context.terminal.write_line(
            json.dumps([_json_fields(account) for account in accounts], ensure_ascii=False, indent=2)
        )
        return ExitCode.SUCCESS
    if not accounts:
        context.terminal.write_message(no_account_message(context))
        return ExitCode.SUCCESS
    context.terminal.write_table(
        [
            (
                account.name,
                account.appid,
                context.messages.platform_name(account.platform),
                context.messages.endpoint_name(account.endpoint),
                context.container.dog_files.directory(account),
            )
            for account in accounts
        ]
    )
    return ExitCode.SUCCESS


def _json_fields(account: Account) -> dict[str, object]:
    return {
        "appid": account.appid,
        "name": account.name,
        "platform": account.platform.value,
        "endpoint": account.endpoint.value,
        "dog_dir": account.dog_dir,
        "ahead": account.ahead,
        "card_ticket": account.card_ticket,
        "js_domains": account.js_domains,
        "outlets": [target_to_dict(outlet) for outlet in account.exports],
    }


def remove_account(context: CommandContext, name_or_appid: str, *, purge: bool) -> ExitCode:
    """Forget an account and its secret."""
    account = select_account(context, name_or_appid)
    removed = context.container.make_worker_context().account_service.remove(account.appid, purge=purge)
    if removed.cleanup_error is None:
        context.terminal.write_line(context.messages.for_removal(removed).text)
        return ExitCode.SUCCESS
    context.terminal.write_message(context.messages.for_removal(removed))
    return exit_code_for_storage_error(removed.cleanup_error)
