"""Save an account from the command line: read the AppSecret if it is needed, check it, write, and report."""

from argparse import Namespace
from typing import TYPE_CHECKING

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext, NoTerminalError
from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret, looks_like_secret, needs_check
from guarddog_gui.domain.accounts.keyring_results import SecretMissing
from guarddog_gui.domain.accounts.route import has_login, password_problem
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.problems import FileErrorReason, InputProblem
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry, exit_code_for_storage_error

if TYPE_CHECKING:
    from guarddog_gui.services.accounts.account_service import AccountService
    from guarddog_gui.services.accounts.account_verification import VerificationResult


def require_changeable_list(context: CommandContext) -> None:
    """Raise FileError if a newer Guard Dog wrote the list: before WeChat and the keyring are asked in vain."""
    store = context.container.accounts
    store.load()
    if store.is_newer_version:
        raise FileError(store.location, FileErrorReason.NEWER_VERSION)


def save_account(
    context: CommandContext, args: Namespace, account: Account, known: Account | None, *, asks_secret: bool
) -> ExitCode:
    """Verify the credentials if they change, then save the account; save nothing if they or the folder do not work.

    Without `asks_secret` the stored AppSecret is used; it is asked for only if the keyring has none.
    """
    from guarddog_gui.services.accounts.account_service import AccountNotSaved, SaveMode

    terminal, messages = context.terminal, context.messages
    # before the secret is asked for, as it raises BadApiBase for an unusable address
    account_service = context.container.make_worker_context().account_service
    if known is None or account.dog_dir != known.dog_dir:
        _report_existing_files(context, account_service, account)
    if account.endpoint is Endpoint.CLASSIC and (known is None or known.endpoint is not account.endpoint):
        terminal.write_message(messages.classic_warning())
    secret = _read_secret(context, account, secret_stdin=args.secret_stdin) if asks_secret else None
    _refuse_other_token(secret)
    proxy_password = _read_proxy_password(context, args, account, known)
    verification = None
    if not args.no_check and (needs_check(account, known, secret) or proxy_password is not None):
        verification, secret = _verify(context, account_service, account, secret, proxy_password)
        if not verification.is_valid:
            terminal.write_message(messages.for_verification(verification))
            terminal.write_message(messages.text("{name} is not saved.", name=account.name))
            return exit_code_for_entry(verification.entry, context.container.errcode_catalog)
    mode = SaveMode.ADD_OR_CHANGE if known is None else SaveMode.CHANGE
    saved = account_service.save(
        account, secret, verification, mode=mode, edited_from=known, proxy_password=proxy_password
    )
    if isinstance(saved, AccountNotSaved):
        terminal.write_message(messages.for_save(saved))
        return exit_code_for_storage_error(saved.error)
    if verification is not None:
        terminal.write_line(messages.for_verification(verification).text)
    is_changed = known is not None and saved.account != known
    text = messages.text("{name} is changed.", name=saved.account.name) if is_changed else messages.for_save(saved).text
    terminal.write_line(text)
    _export_values(context, saved.account)
    return ExitCode.SUCCESS


def _verify(
    context: CommandContext,
    account_service: "AccountService",
    account: Account,
    secret: Secret | None,
    proxy_password: Secret | None,
) -> "tuple[VerificationResult, Secret | None]":
    """Return the verdict and the secret to save; ask for the secret if the stored one is missing."""
    verification = account_service.verify_credentials(account, secret, proxy_password=proxy_password)
    if secret is None and isinstance(verification.answer, SecretMissing):
        context.terminal.write_message(context.messages.text("The keyring has no AppSecret for this account."))
        secret = _read_secret(context, account, secret_stdin=False)
        verification = account_service.verify_credentials(account, secret, proxy_password=proxy_password)
    return verification, secret


def _export_values(context: CommandContext, account: Account) -> None:
    from guarddog_gui.services.messages.exports import export_status_message, shell_words_message

    for target in account.exports:
        warning = shell_words_message(target, context.messages)
        if warning is not None:
            context.terminal.write_message(warning)
    for report in context.container.make_exporter().export(account):
        message = export_status_message(report, context.messages)
        if report.error is None:
            context.terminal.write_line(message.text)
        else:
            context.terminal.write_message(message)


def _report_existing_files(context: CommandContext, account_service: "AccountService", account: Account) -> None:
    """Report the `.dog` files in a chosen folder, and what becomes of them.

    An unusable folder is not reported here: saving the account does it.
    """
    if account.dog_dir is None:
        return
    contents = account_service.inspect_folder(account)
    message = context.messages.for_existing_files(contents, account.token_kinds, context.container.clock())
    if contents.error is None and message.text:
        context.terminal.write_message(message)


def _read_proxy_password(
    context: CommandContext, args: Namespace, account: Account, known: Account | None
) -> Secret | None:
    """Read the password of a new proxy with a user name; return None if the stored one is kept or none is needed."""
    messages = context.messages
    is_new_proxy = known is None or account.proxy != known.proxy
    if not has_login(account.proxy):
        if args.proxy_password_stdin:
            message = messages.message(
                "The proxy of {name} has no user name, so it has no password.",
                "Name the user in its address, such as socks5://user@host:1080.",
                name=account.name,
            )
            raise CommandError(ExitCode.USAGE_ERROR, message)
        return None
    if args.proxy_password_stdin:
        password = _read_line(context, InputProblem.INVALID_PROXY_PASSWORD)
    elif is_new_proxy:
        try:
            prompt = messages.text("Password of the proxy {proxy} (not shown): ", proxy=account.proxy)
            password = Secret(context.terminal.prompt_hidden(prompt))
        except NoTerminalError:
            message = messages.message(
                "There is no terminal to ask for the password of the proxy.",
                "Give it on standard input with --proxy-password-stdin.",
            )
            raise CommandError(ExitCode.USAGE_ERROR, message) from None
    else:
        return None
    if (problem := password_problem(password.reveal())) is not None:
        raise CommandError(ExitCode.USAGE_ERROR, messages.for_bad_input(problem))
    return password


def _read_line(context: CommandContext, problem: InputProblem) -> Secret:
    """Read a secret from a line of standard input. Raises BadInput with this problem if it is not UTF-8."""
    try:
        line = context.terminal.stdin.readline()
    except UnicodeDecodeError:
        # `from None`: the cause holds the text, which may be the secret
        raise BadInput(problem) from None
    return Secret(line.strip("\ufeff \t\r\n"))  # Windows shells put a BOM in front


def _refuse_other_token(secret: Secret | None) -> None:
    """Raise BadInput for a reply with another token of WeChat in place of the AppSecret."""
    if secret is None or looks_like_secret(secret.reveal()):
        return
    from guarddog_gui.domain.paste.other_tokens import find_other_token  # not for a secret that can be one

    problem = find_other_token(secret.reveal())
    if problem is not None:
        raise BadInput(problem)


def _read_secret(context: CommandContext, account: Account, *, secret_stdin: bool) -> Secret:
    messages = context.messages
    if secret_stdin:
        return _read_line(context, InputProblem.INVALID_SECRET)
    try:
        prompt = messages.text("AppSecret of {name} (not shown): ", name=account.name)
        return Secret(context.terminal.prompt_hidden(prompt).strip())
    except NoTerminalError:
        message = messages.message(
            "There is no terminal to ask for the AppSecret.", "Give it on standard input with --secret-stdin."
        )
        raise CommandError(ExitCode.USAGE_ERROR, message) from None
