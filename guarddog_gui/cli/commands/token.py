"""`token`: print a valid value for another program."""

import re
import shlex
from argparse import Namespace
from enum import StrEnum

from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.fresh_values import export_if_changed, require_fresh, warn_short_lifetime
from guarddog_gui.cli.parser import CommandDefinition, enum_type
from guarddog_gui.cli.select_account import require_key, select_account
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.formats import VALUE_VARIABLES
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.texts import format_iso

_UNQUOTED_PATTERN = re.compile(r"[A-Za-z0-9_./:+@%=-]+")
# PowerShell takes typographic quotation marks for quotes, too
_POWERSHELL_QUOTE_PATTERN = re.compile("(['\u2018\u2019\u201a\u201b])")


class TokenFormat(StrEnum):
    """Formats: the value alone, or a line that assigns it to a variable in the named shell."""

    PLAIN = "plain"
    ENV = "env"
    EXPORT = "export"
    POWERSHELL = "powershell"
    CMD = "cmd"
    FISH = "fish"


def register(command: CommandDefinition) -> None:
    text = command.text
    command.add_account()
    command.add_key(TokenKind.ACCESS_TOKEN)
    command.add_min_ttl()
    formats = command.parser.add_mutually_exclusive_group()
    formats.add_argument("--json", action="store_true", help=text("as JSON"))
    formats.add_argument(
        "--format",
        type=enum_type(TokenFormat),
        choices=[member.value for member in TokenFormat if member is not TokenFormat.PLAIN],
        default=TokenFormat.PLAIN,
        help=text("as a line that sets a variable"),
    )
    command.set_examples(
        f"TOKEN=$({PROGRAM} token Shop)",
        f"{PROGRAM} token --key JSAPI_TICKET --min-ttl 600",
        f'eval "$({PROGRAM} token --format export)"',
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Print the value, refreshed first if it is valid for `--min-ttl` seconds or less.

    A valid value is always printed, with exit code 0. If the refresh that it should have had failed, or if the
    new value could not be written to disk, messages say so.
    """
    account = select_account(context, args.account)
    require_key(context, account, args.key)
    live = require_fresh(context, account, (args.key,), args.min_ttl)
    _print_value(context, account, args.key, live.records[args.key], None if args.json else args.format)
    warn_short_lifetime(context, account, live, args.min_ttl)
    export_if_changed(context, account, live)
    return ExitCode.SUCCESS


def _print_value(
    context: CommandContext, account: Account, kind: TokenKind, record: TokenRecord, output_format: TokenFormat | None
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
    context.terminal.write_json(fields)


def format_assignment(output_format: TokenFormat, name: str, value: str) -> str:
    """Return the value, or the line that assigns it to the variable `name`.

    Raises BadInput if the value cannot be assigned in cmd.
    """
    match output_format:
        case TokenFormat.PLAIN:
            return value
        case TokenFormat.ENV:
            return f"{name}={value if _UNQUOTED_PATTERN.fullmatch(value) else shlex.quote(value)}"
        case TokenFormat.EXPORT:
            return f"export {name}={shlex.quote(value)}"
        case TokenFormat.POWERSHELL:
            doubled = _POWERSHELL_QUOTE_PATTERN.sub(r"\1\1", value)
            return f"$Env:{name} = '{doubled}'"
        case TokenFormat.CMD:
            if '"' in value or not value.isprintable():
                raise BadInput(InputProblem.NOT_FOR_CMD)
            doubled = value.replace("%", "%%")  # as batch files need it
            return f'set "{name}={doubled}"'
        case TokenFormat.FISH:
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"set -gx {name} '{escaped}'"
