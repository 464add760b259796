"""`accounts`: add, show, change, list, remove, export and import accounts, and the address that WeChat sees."""

import re
from argparse import Namespace
from functools import partial

from msgspec import to_builtins

from guarddog_gui.cli.accounts.options import apply_account_options, register_account_options
from guarddog_gui.cli.accounts.saving import require_changeable_list, save_account
from guarddog_gui.cli.accounts.sharing import (
    add_follower,
    register_follow_options,
    register_share,
    register_unshare,
    share_account,
    unshare_account,
)
from guarddog_gui.cli.accounts.transfer import export_accounts, import_accounts, register_export, register_import
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition, parse_integer
from guarddog_gui.cli.select_account import exit_code_of_list, no_account_message, select_account
from guarddog_gui.domain.accounts.account import Account, Environment, find_account, find_by_appid, with_position
from guarddog_gui.domain.exports.targets import target_to_dict
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_storage_error

_TYPICAL_APPID = re.compile(r"wx[0-9a-f]{16}")  # no word of another form is looked up in the keyring


def register(command: CommandDefinition) -> None:
    text = command.text
    subparsers = command.parser.add_subparsers(dest="subcommand", metavar=text("COMMAND"), required=True)
    help_text = text("try an AppID and AppSecret, then save them; a known AppID is changed")
    _register_add(command.add_subcommand(subparsers, "add", help_text))
    _register_edit(command.add_subcommand(subparsers, "edit", text("change the settings of an account")))
    show = command.add_subcommand(subparsers, "show", text("show the settings of an account, without its AppSecret"))
    show.add_account()
    show.add_json_flag()
    show.set_examples(f"{PROGRAM} accounts show Shop", f"{PROGRAM} accounts show Shop --json")
    _register_address(command.add_subcommand(subparsers, "address", text("print the IP address that WeChat sees")))
    accounts = command.add_subcommand(subparsers, "list", text("list the accounts"))
    accounts.add_json_flag()
    accounts.set_examples(f"{PROGRAM} accounts list", f"{PROGRAM} accounts list --json")
    remove = command.add_subcommand(subparsers, "remove", text("remove an account and its AppSecret"))
    remove.add_account(text("AppID or name"), optional=False)
    remove.add_flag("--purge", text("remove its .dog files, too"))
    remove.set_examples(f"{PROGRAM} accounts remove Shop", f"{PROGRAM} accounts remove Shop --purge")
    share_help = text("share an account with other computers through Redis, as leader or follower")
    register_share(command.add_subcommand(subparsers, "share", share_help))
    unshare_help = text("keep an account on this computer alone again")
    register_unshare(command.add_subcommand(subparsers, "unshare", unshare_help))
    export_help = text("write all accounts, AppSecrets and settings into a file, encrypted with a passphrase")
    register_export(command.add_subcommand(subparsers, "export", export_help))
    import_help = text("import the accounts of such a file, all or none")
    register_import(command.add_subcommand(subparsers, "import", import_help))
    command.set_examples(
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop",
        f"{PROGRAM} accounts list",
        f"{PROGRAM} accounts edit Shop --card-ticket",
        f"{PROGRAM} accounts remove Shop --purge",
    )


def _register_add(command: CommandDefinition) -> None:
    command.parser.add_argument("--appid", required=True, metavar="ID", help=command.text("the AppID"))
    register_account_options(command)
    register_follow_options(command)
    command.set_examples(
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop",
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop --secret-stdin < secret.txt",
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop --write-env ~/shop/.env",
    )


def _register_edit(command: CommandDefinition) -> None:
    command.add_account()
    register_account_options(command)
    no_position = N_("not a whole number from 1 to 1000000000: “{text}”")
    position = command.argument_type(partial(parse_integer, minimum=1), no_position)
    position_help = command.text("place in the list of accounts, counted from 1")
    command.parser.add_argument("--position", type=position, metavar="N", help=position_help)
    command.add_flag("--ask-secret", command.text("ask for a new AppSecret; the stored one is used without it"))
    command.set_examples(
        f"{PROGRAM} accounts edit Shop --name 'Shop 2'",
        f"{PROGRAM} accounts edit Shop --card-ticket --ahead 200",
        f"{PROGRAM} accounts edit Shop --environment production --colour red --group Retail --position 1",
        f"{PROGRAM} accounts edit Shop --ask-secret",
        f"{PROGRAM} accounts edit Shop --proxy socks5://me@proxy.example.cn:1080 --api-host api2.weixin.qq.com",
    )


def _register_address(command: CommandDefinition) -> None:
    command.add_account()
    command.add_flag("--ask", command.text("ask WeChat now, without an AppSecret; without it the last answer counts"))
    command.add_json_flag()
    command.set_examples(f"{PROGRAM} accounts address Shop", f"{PROGRAM} accounts address Shop --ask")


def run(context: CommandContext, args: Namespace) -> ExitCode:
    match args.subcommand:
        case "add":
            return _add_account(context, args)
        case "edit":
            return _edit_account(context, args)
        case "show":
            return _show_account(context, select_account(context, args.account), as_json=args.json)
        case "share":
            return share_account(context, args)
        case "unshare":
            return unshare_account(context, args)
        case "address":
            from guarddog_gui.cli.accounts.address import print_address

            return print_address(context, select_account(context, args.account), asks=args.ask, as_json=args.json)
        case "export":
            return export_accounts(context, args)
        case "import":
            return import_accounts(context, args)
        case "list":
            return _list_accounts(context, as_json=args.json)
        case _:
            return _remove_account(context, args.account, purge=args.purge)


def _add_account(context: CommandContext, args: Namespace) -> ExitCode:
    """Add an account, or change a known one: then the AppSecret is asked for only if nothing else changes."""
    from guarddog_gui.domain.accounts.pasted_appid import read_appid

    require_changeable_list(context)
    appid = read_appid(args.appid)
    known = find_by_appid(context.container.accounts.load(), appid)
    account = apply_account_options(context, args, known or Account(appid, ""))
    if args.redis is not None or args.follow:
        return add_follower(context, args, account)
    asks_secret = args.secret_stdin or known is None or (account == known and not args.proxy_password_stdin)
    return save_account(context, args, account, known, asks_secret=asks_secret)


def _edit_account(context: CommandContext, args: Namespace) -> ExitCode:
    require_changeable_list(context)
    known = select_account(context, args.account)
    account, asks_secret = apply_account_options(context, args, known), args.secret_stdin or args.ask_secret
    is_unchanged = account == known and not asks_secret and not args.proxy_password_stdin
    if is_unchanged and args.position is not None:
        return _move_account(context, account, args.position)
    if is_unchanged:
        message = context.messages.message(
            "Nothing would be changed.", "See what there is with guarddogctl accounts show, and --help for the options."
        )
        raise CommandError(ExitCode.USAGE_ERROR, message)
    code = save_account(context, args, account, known, asks_secret=asks_secret)
    if code is ExitCode.SUCCESS and args.position is not None:
        return _move_account(context, account, args.position)
    return code


def _move_account(context: CommandContext, account: Account, position: int) -> ExitCode:
    """Move the account in the list. Raises FileError."""
    store = context.container.accounts
    store.update(lambda accounts: with_position(accounts, account.appid, position))
    place = [other.appid for other in store.load()].index(account.appid) + 1
    text = context.messages.text("{name} is number {position} in the list.", name=account.name, position=place)
    context.terminal.write_line(text)
    return ExitCode.SUCCESS


def _show_account(context: CommandContext, account: Account, *, as_json: bool) -> ExitCode:
    if as_json:
        context.terminal.write_json(_json_fields(account))
        return ExitCode.SUCCESS
    from guarddog_gui.cli.accounts.address import known_address_text
    from guarddog_gui.services.messages.health.network import proxy_text

    messages = context.messages
    journal, now = context.container.sharing_journal, context.container.clock()
    rows: list[tuple[str, ...]] = [
        (messages.text("name"), account.name),
        ("AppID", account.appid),
        (messages.text("environment"), messages.environment_name(account.environment)),
        (messages.text("colour"), account.colour.value),
        (messages.text("group"), account.group or messages.text("none")),
        (messages.text("platform"), messages.platform_name(account.platform)),
        (messages.text("endpoint"), messages.endpoint_name(account.endpoint)),
        (messages.text("API host"), account.api_base or messages.text("as in the preferences")),
        (messages.text("proxy"), proxy_text(account, messages)),
        (messages.text("address that WeChat sees"), known_address_text(context, account)),
        (messages.text("refreshed before the end"), messages.text("{seconds} s", seconds=account.ahead)),
        (messages.text("values"), ", ".join(account.token_kinds)),
        (messages.text(".dog files"), context.container.dog_files.directory(account)),
        (messages.text("shared"), messages.sharing_line(account, journal.load(account.appid), now)),
        (messages.text("JS-safe domains"), ", ".join(account.js_domains) or messages.text("not given")),
        *((messages.text("also written"), target.display_name) for target in account.exports),
    ]
    context.terminal.write_table(rows)
    return ExitCode.SUCCESS


def _list_accounts(context: CommandContext, *, as_json: bool) -> ExitCode:
    accounts = context.container.accounts.load()
    if as_json:
        context.terminal.write_json([_json_fields(account) for account in accounts])
        return exit_code_of_list(context)
    if not accounts:
        context.terminal.write_message(no_account_message(context))
        return exit_code_of_list(context)
    context.terminal.write_table(_account_rows(context, accounts))
    return exit_code_of_list(context)


def _account_rows(context: CommandContext, accounts: tuple[Account, ...]) -> list[tuple[str, ...]]:
    """Return a heading and one row per account; environment and group only if some account has one."""
    messages, directory = context.messages, context.container.dog_files.directory
    names = (
        N_("name"), N_("AppID"), N_("environment"), N_("group"), N_("platform"), N_("endpoint"), N_(".dog files"),
    )  # fmt: skip
    rows = [tuple(messages.text(name) for name in names)]
    for account in accounts:
        has_environment = account.environment is not Environment.NONE
        environment = messages.environment_name(account.environment) if has_environment else ""
        platform, endpoint = messages.platform_name(account.platform), messages.endpoint_name(account.endpoint)
        rows.append((account.name, account.appid, environment, account.group, platform, endpoint, directory(account)))
    used = [index for index in range(len(names)) if any(row[index] for row in rows[1:])]
    return [tuple(row[index] for index in used) for row in rows]


def _json_fields(account: Account) -> dict[str, object]:
    exports = [target_to_dict(target) for target in account.exports]
    return {**to_builtins(account), "outlets": exports}


def _remove_account(context: CommandContext, name_or_appid: str, *, purge: bool) -> ExitCode:
    require_changeable_list(context)
    appid = _find_appid_to_remove(context, name_or_appid)
    removed = context.container.make_worker_context().account_removals.remove(appid, purge=purge)
    message = context.messages.for_removal(removed)
    if removed.is_complete:
        context.terminal.write_line(message.text)
        return ExitCode.SUCCESS
    context.terminal.write_message(message)
    error = removed.secret_error or removed.file_error
    return ExitCode.SUCCESS if error is None else exit_code_for_storage_error(error)


def _find_appid_to_remove(context: CommandContext, name_or_appid: str) -> str:
    """Return the appid of a listed account, or of one whose secret or files may be left.

    A damaged list names no unlisted account: the account may be in the part that cannot be read.
    """
    store = context.container.accounts
    accounts = store.load()
    is_listed = find_account(accounts, name_or_appid) or any(a.name == name_or_appid for a in accounts)
    if not is_listed and not store.is_damaged:
        for removal in store.pending_removals():
            if name_or_appid in (removal.appid, removal.name):
                return removal.appid
        if _TYPICAL_APPID.fullmatch(name_or_appid):
            return name_or_appid
    return select_account(context, name_or_appid).appid
