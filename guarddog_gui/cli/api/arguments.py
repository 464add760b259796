"""Arguments of the command `api`, and the request that they describe."""

from argparse import Namespace

from guarddog_gui.adapters.files.upload import read_upload
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.pasted_input import decode_argument, read_pasted_input
from guarddog_gui.cli.unused_options import refuse_beside, refuse_without
from guarddog_gui.domain.api.copy_as import CopyForm
from guarddog_gui.domain.api.request import ApiRequest, RefusedInput, Upload, check_request
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.wechat.api_calls import for_refused_input

FILE_MARK = "@"
STDOUT_MARK = "-"  # as a file of --output
_REQUEST_OPTIONS = ("--query", "--data", "--upload", "--output", "--copy-as", "--with-token", "--yes")


def add_arguments(command: CommandDefinition) -> None:
    text, parser = command.text, command.parser
    parser.add_argument("method", nargs="?", metavar="METHOD", help=text("GET or POST, as WeChat's page names it"))
    path_help = text("such as cgi-bin/menu/get; the token is added, and no other host than WeChat's is called")
    parser.add_argument("path", nargs="?", metavar="PATH", help=path_help)
    # not ACCOUNT behind the path: a path that was forgotten would become the account
    account_help = text("AppID or name; without it the only account, or that of guarddogctl use")
    parser.add_argument("--account", dest="account_name", metavar=text("ACCOUNT"), help=account_help)
    query_type = command.argument_type(_parse_pair, N_("not of the form name=value: “{text}”"))
    query_help = text("a parameter, as often as needed; it is percent-encoded")
    parser.add_argument("--query", action="append", type=query_type, default=[], metavar="K=V", help=query_help)
    data_help = text("JSON body of a POST, or a file with it; @- reads standard input")
    command.add_option("--data", "JSON|@FILE", data_help)
    upload_help = text("file to send in a form; FIELD= in front of it names its field (default: media)")
    command.add_option("--upload", "[FIELD=]FILE", upload_help)
    command.add_option(
        "--output", "FILE", text("file for the answer, such as a picture; a refusal is not written, - is stdout")
    )
    command.add_flag("--json", text("status, errcode, rid, time, size and body as JSON"))
    command.add_flag("--yes", text("do not ask before a change on a production account, which has to be named, too"))
    command.add_choice("--copy-as", CopyForm, text("print the call in this form instead of sending it"))
    command.add_flag("--with-token", text("with --copy-as: with the live token itself, not with a variable"))
    command.add_option("--search", "WORDS", text("list the common calls with these words; “” lists all"))
    command.add_flag("--history", text("list the calls of this account: no values, bodies or tokens are stored"))
    command.add_flag("--clear-history", text("forget the calls of this account"))


def _parse_pair(word: str) -> tuple[str, str] | None:
    name, separator, value = decode_argument(word).partition("=")
    return (name, value) if separator and name else None


def refuse_unused(context: CommandContext, args: Namespace) -> None:
    """Raise CommandError for a combination in which an argument has no effect, and for a call without a path."""
    others = {"--search": args.search is not None, "--history": args.history, "--clear-history": args.clear_history}
    chosen = [option for option, is_given in others.items() if is_given]
    if chosen:
        refuse_beside(context, args, chosen[0], *_REQUEST_OPTIONS)
        if args.path is not None or args.method is not None or len(chosen) > 1:
            message = context.messages.message(
                "{option} stands alone.", "Leave the other words out.", option=" ".join(chosen)
            )
            raise CommandError(ExitCode.USAGE_ERROR, message)
        return
    if args.copy_as is None:
        refuse_without(context, args, "--copy-as", "--with-token")
    else:
        refuse_beside(context, args, "--copy-as", "--json", "--output", "--yes")
    if args.output == STDOUT_MARK:
        args.output = None
    if args.path is None:
        message = context.messages.message(
            "Say which call: its method and its path.",
            "For example: guarddogctl api GET cgi-bin/menu/get; --search lists the common ones.",
        )
        raise CommandError(ExitCode.USAGE_ERROR, message)


def make_request(context: CommandContext, args: Namespace, api_base: str) -> ApiRequest:
    """Return the request of a command line. Raises CommandError and FileError."""
    upload = None
    if args.upload is not None:
        field, separator, path = args.upload.partition("=")
        field, path = (field, path) if separator and field.isidentifier() else ("media", args.upload)
        upload = Upload(field, path, b"" if args.copy_as is not None else read_upload(path))
    request = check_request(
        args.method, args.path, tuple(args.query), _read_data(context, args.data), upload=upload, api_base=api_base
    )
    if isinstance(request, RefusedInput):
        raise CommandError(ExitCode.USAGE_ERROR, for_refused_input(request, context.messages))
    return request


def _read_data(context: CommandContext, data: str | None) -> str:
    if data is None or not data.startswith(FILE_MARK):
        return decode_argument(data or "")
    return read_pasted_input(context, data.removeprefix(FILE_MARK)).removeprefix("\ufeff")
