"""`serve keys`: make, list and revoke the keys of clients."""

import secrets
from argparse import Namespace

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.domain.client_keys import ClientKey
from guarddog_gui.services.client_keys import ClientKeys, KeyRefusal
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.texts import format_iso


def register(command: CommandDefinition) -> None:
    text = command.text
    subparsers = command.parser.add_subparsers(dest="keys_command", metavar=text("COMMAND"), required=True)
    add = command.add_subcommand(subparsers, "add", text("make a key for a client and print it, this once"))
    _add_name(add, text("name of the client, for the log: letters, digits, dots and hyphens"))
    uses = add.parser.add_mutually_exclusive_group()
    uses.add_argument(
        "--account", action="append", dest="accounts", metavar=text("ACCOUNT"),
        help=text("account whose values it gets, also several times (default: the only one, or that of use)"),
    )  # fmt: skip
    uses.add_argument("--all-accounts", action="store_true", help=text("for all accounts, also later ones"))
    uses.add_argument("--metrics", action="store_true", help=text("for /metrics only"))
    add.set_examples(
        f"{PROGRAM} serve keys add ci-runner --account Shop", f"{PROGRAM} serve keys add prometheus --metrics"
    )
    listing = command.add_subcommand(subparsers, "list", text("the clients with their accounts, without the keys"))
    listing.add_json_flag()
    listing.set_examples(f"{PROGRAM} serve keys list")
    revoke = command.add_subcommand(subparsers, "revoke", text("end a key; a running server refuses it at once"))
    _add_name(revoke, text("name of the client"))
    revoke.set_examples(f"{PROGRAM} serve keys revoke ci-runner")
    command.set_examples(f"{PROGRAM} serve keys add ci-runner", f"{PROGRAM} serve keys list")


def _add_name(command: CommandDefinition, help_text: str) -> None:
    command.parser.add_argument("name", metavar=command.text("NAME"), help=help_text)


def run(context: CommandContext, args: Namespace) -> ExitCode:
    match args.keys_command:
        case "add":
            return _add(context, args)
        case "revoke":
            return _revoke(context, args.name)
        case _:
            return _list(context, as_json=args.json)


def _client_keys(context: CommandContext) -> ClientKeys:
    container = context.container
    return ClientKeys(store=container.client_keys, clock=container.clock, random_bytes=secrets.token_bytes)


def _add(context: CommandContext, args: Namespace) -> ExitCode:
    """Print the key alone, so that a script can take it; all else goes to standard error."""
    messages = context.messages
    appids: tuple[str, ...] = ()
    if not args.all_accounts and not args.metrics:
        accounts = [select_account(context, name) for name in args.accounts or [None]]
        appids = tuple(dict.fromkeys(account.appid for account in accounts))
    client = ClientKey(args.name, "", appids, args.all_accounts, args.metrics)
    key = _client_keys(context).add(client)
    match key:
        case KeyRefusal.INVALID_NAME:
            message = messages.message(
                "“{name}” cannot be the name of a client.",
                "Take up to 40 letters, digits, dots and hyphens.",
                name=args.name,
            )
            raise CommandError(ExitCode.USAGE_ERROR, message)
        case KeyRefusal.NAME_TAKEN:
            message = messages.message(
                "There is a client “{name}” already.",
                "Take another name, or revoke the old key first: guarddogctl serve keys revoke {name}",
                name=args.name,
            )
            raise CommandError(ExitCode.USAGE_ERROR, message)
    context.terminal.write_line(key)
    context.terminal.flush()
    context.terminal.write_message(
        messages.text("This is the only time that the key is shown: only its hash is stored.")
    )
    if args.metrics:
        context.terminal.write_message(messages.text("Prometheus sends it as Authorization: Bearer KEY."))
    else:
        context.terminal.write_message(
            messages.text("The client sends it in the place of the AppSecret, or as Authorization: Bearer KEY.")
        )
    return ExitCode.SUCCESS


def _revoke(context: CommandContext, name: str) -> ExitCode:
    if _client_keys(context).revoke(name):
        context.terminal.write_message(
            context.messages.text(
                "The key of {name} is revoked. Tokens that it got live on until they expire, for two hours at most.",
                name=name,
            )
        )
        return ExitCode.SUCCESS
    message = context.messages.message("There is no client “{name}”.", "guarddogctl serve keys list", name=name)
    raise CommandError(ExitCode.NOT_FOUND, message)


def _list(context: CommandContext, *, as_json: bool) -> ExitCode:
    store = context.container.client_keys
    keys = store.load()
    if as_json:
        context.terminal.write_json([_json_fields(key) for key in keys])
    elif keys:
        names = {account.appid: account.name for account in context.container.accounts.load()}
        context.terminal.write_table([_row(context, key, names) for key in keys])
    else:
        context.terminal.write_message(
            context.messages.message("There is no key yet.", "Make one: guarddogctl serve keys add NAME")
        )
    return _report_damage(context)


def _report_damage(context: CommandContext) -> ExitCode:
    store = context.container.client_keys
    if not store.is_damaged:
        return ExitCode.SUCCESS
    context.terminal.write_message(
        context.messages.message(
            "The list of keys is damaged, so keys may be missing here; the server refuses them.",
            "Mend {path}, or revoke and add the keys again.",
            path=store.location,
        )
    )
    return ExitCode.FILE_ERROR


def _row(context: CommandContext, key: ClientKey, names: dict[str, str]) -> tuple[str, ...]:
    messages = context.messages
    if key.metrics:
        use = messages.text("/metrics only")
    elif key.all_accounts:
        use = messages.text("all accounts")
    else:
        use = ", ".join(names.get(appid, appid) for appid in key.appids)
    return key.name, use, messages.format_time(key.created_at)


def _json_fields(key: ClientKey) -> dict[str, object]:
    return {
        "name": key.name,
        "appids": list(key.appids),
        "all_accounts": key.all_accounts,
        "metrics": key.metrics,
        "created_at": int(key.created_at),
        "created_at_iso": format_iso(key.created_at),
    }
