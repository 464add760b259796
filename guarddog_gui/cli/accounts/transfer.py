"""`accounts export` and `accounts import`: move accounts with their AppSecrets to another computer."""

from argparse import Namespace
from pathlib import Path

from guarddog_gui.adapters.transfer.transfer_file import (
    load_transfer_file,
    open_transfer_file,
    reject_existing,
    write_transfer_file,
)
from guarddog_gui.cli.accounts.options import resolve_path_argument
from guarddog_gui.cli.accounts.saving import require_changeable_list
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext, NoTerminalError
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import exit_code_of_list, no_account_message
from guarddog_gui.domain.accounts.account import Environment
from guarddog_gui.domain.errors import BadInput, FileError, LockBusy
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.settings import Settings
from guarddog_gui.domain.transfer import ImportPlan, MovedAccount, TransferContent, TransferProblem
from guarddog_gui.services.accounts.transfer import NotExported
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_error, exit_code_for_storage_error
from guarddog_gui.services.messages.transfer import (
    exported_message,
    imported_message,
    left_out_messages,
    not_exported_message,
    not_imported_message,
    passphrase_message,
    refused_import_message,
    transfer_problem_message,
)

_EXIT_CODES = {TransferProblem.WRONG_PASSPHRASE: ExitCode.USER_ACTION_REQUIRED}  # of the others: FILE_ERROR


def register_export(command: CommandDefinition) -> None:
    text = command.text
    command.parser.add_argument("file", metavar=text("FILE"), help=text("the file to write, such as accounts.age"))
    command.add_flag("--force", text("replace the file if it exists"))
    _add_passphrase_option(command)
    command.set_examples(
        f"{PROGRAM} accounts export accounts.age",
        f"{PROGRAM} accounts export accounts.age --passphrase-stdin < passphrase.txt",
    )


def register_import(command: CommandDefinition) -> None:
    text = command.text
    command.parser.add_argument("file", metavar=text("FILE"), help=text("the file that accounts export has written"))
    replace_help = text("replace accounts that exist here, with their AppSecrets; they are kept as they are without it")
    command.add_flag("--replace", replace_help)
    command.add_flag("--settings", text("take the settings of the file over, too, in place of those here"))
    command.add_flag("--dry-run", text("show what the file has and what would be done, and import nothing"))
    _add_passphrase_option(command)
    command.set_examples(
        f"{PROGRAM} accounts import accounts.age --dry-run",
        f"{PROGRAM} accounts import accounts.age --settings",
        f"{PROGRAM} accounts import accounts.age --replace",
    )


def _add_passphrase_option(command: CommandDefinition) -> None:
    command.add_flag("--passphrase-stdin", command.text("read the passphrase from standard input, one line"))


def export_accounts(context: CommandContext, args: Namespace) -> ExitCode:
    messages = context.messages
    if args.file == "-":  # standard output for other programs; a file of this name would be a surprise
        refusal = messages.message(
            "The export is not written to standard output.", "Name a file, such as accounts.age."
        )
        raise CommandError(ExitCode.USAGE_ERROR, refusal)
    path = Path(resolve_path_argument(args.file))
    if not context.container.accounts.load():
        raise CommandError(exit_code_of_list(context) or ExitCode.NOT_FOUND, no_account_message(context))
    reject_existing(path, overwrites=args.force)  # before the passphrase is asked for in vain
    passphrase = _ask_passphrase(context, args, repeats=True)
    content = context.container.make_account_transfer().collect()
    if isinstance(content, NotExported):
        raise CommandError(exit_code_for_storage_error(content.error), not_exported_message(content, messages))
    write_transfer_file(path, content, passphrase, overwrites=args.force)
    message = exported_message(content, str(path), messages)
    context.terminal.write_line(message.summary)
    context.terminal.write_message(message.advice)
    return exit_code_of_list(context)


def import_accounts(context: CommandContext, args: Namespace) -> ExitCode:
    """Import the accounts of a file; print what became of them only once all are imported. Raises CommandError."""
    require_changeable_list(context)  # its message says that the list is not changed
    try:
        content = _read_content(context, args)
        plan = context.container.make_account_transfer().plan(content, replaces_existing=args.replace)
        if not args.dry_run:
            _apply(context, plan, content.settings if args.settings else None)
    except (BadInput, FileError, LockBusy) as error:
        message = refused_import_message(error, context.messages)
        raise CommandError(exit_code_for_error(error), message) from None  # the cause may hold the passphrase
    _write_result(context, args, plan)
    return ExitCode.SUCCESS


def _apply(context: CommandContext, plan: ImportPlan, settings: Settings | None) -> None:
    """Import the accounts. Raises CommandError or LockBusy."""
    failure = context.container.make_account_transfer().apply(plan, settings)
    if failure is not None:
        raise CommandError(exit_code_for_storage_error(failure.error), not_imported_message(failure, context.messages))


def _write_result(context: CommandContext, args: Namespace, plan: ImportPlan) -> None:
    terminal, messages = context.terminal, context.messages
    terminal.write_table(_plan_rows(context, plan))
    for message in left_out_messages(plan, messages):
        terminal.write_message(message)
    if args.dry_run:
        terminal.write_message(messages.text("Nothing is imported: this was a trial."))
        return
    result = imported_message(plan, messages)
    terminal.write_line(result.summary)
    if args.settings:
        terminal.write_line(messages.text("The settings of the file are in use."))
    for advice in (result.advice, *_hints(context, args, plan)):
        if advice:
            terminal.write_message(advice)


def _read_content(context: CommandContext, args: Namespace) -> TransferContent:
    """Return the content of the file. Raises CommandError or FileError."""
    path = Path(resolve_path_argument(args.file))
    data = load_transfer_file(path)  # before the passphrase is asked for in vain
    if isinstance(data, bytes):
        content = open_transfer_file(path, data, _ask_passphrase(context, args, repeats=False))
        if isinstance(content, TransferContent):
            return content
        problem = content
    else:
        problem = data
    code = _EXIT_CODES.get(problem, ExitCode.FILE_ERROR)
    raise CommandError(code, transfer_problem_message(problem, str(path), context.messages))


def _hints(context: CommandContext, args: Namespace, plan: ImportPlan) -> list[str]:
    text = context.messages.text
    hints = []
    if plan.kept and not args.replace:
        hints.append(text("Accounts that exist here were kept; --replace takes those of the file."))
    if not args.settings:
        hints.append(text("The settings here are unchanged; --settings takes those of the file."))
    return hints


def _plan_rows(context: CommandContext, plan: ImportPlan) -> list[tuple[str, ...]]:
    """Return one row per account of the file with what becomes of it, and the commands that it runs here."""
    messages = context.messages
    rows: list[tuple[str, ...]] = []
    for action, group in ((N_("added"), plan.added), (N_("replaced"), plan.replaced), (N_("kept"), plan.kept)):
        rows += [_plan_row(context, messages.text(action), moved) for moved in group]
    targets = [(moved.account, target) for moved in plan.changes for target in moved.account.exports]
    rows += [(messages.text("also written"), account.name, target.display_name, "") for account, target in targets]
    return rows


def _plan_row(context: CommandContext, action: str, moved: MovedAccount) -> tuple[str, ...]:
    account = moved.account
    has_environment = account.environment is not Environment.NONE
    environment = context.messages.environment_name(account.environment) if has_environment else ""
    return (action, account.name, account.appid, environment)


def _ask_passphrase(context: CommandContext, args: Namespace, *, repeats: bool) -> str:
    """Return the passphrase; ask for it twice if `repeats`. Raises CommandError."""
    terminal, messages = context.terminal, context.messages
    if args.passphrase_stdin:
        passphrase, repeated = _read_passphrase(context), None
    else:
        try:
            passphrase = terminal.prompt_hidden(messages.text("Passphrase (not shown): "))
            repeated = terminal.prompt_hidden(messages.text("Once more: ")) if repeats else None
        except NoTerminalError:
            message = messages.message(
                "There is no terminal to ask for the passphrase.", "Give it on standard input with --passphrase-stdin."
            )
            raise CommandError(ExitCode.USAGE_ERROR, message) from None
    refusal = passphrase_message(passphrase, repeated, messages) if repeats else None
    if refusal is not None:
        raise CommandError(ExitCode.USAGE_ERROR, refusal)
    return passphrase


def _read_passphrase(context: CommandContext) -> str:
    """Return the first line of standard input without its end; blanks belong to the passphrase."""
    try:
        line = context.terminal.stdin.readline()
    except UnicodeDecodeError:
        raise BadInput(InputProblem.INVALID_PASSPHRASE) from None  # the cause holds the text
    return line.rstrip("\r\n").removeprefix("\ufeff")  # Windows shells put a BOM in front
