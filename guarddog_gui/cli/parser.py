"""Command line parser: the list of commands, and what their arguments have in common.

Each command is a module in `commands/` that registers its own arguments. Only the module of the command in
the command line is imported; for the others the one-line help below is enough.
"""

import argparse
import re
from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from guarddog_gui.adapters.argparse_messages import make_help_formatter
from guarddog_gui.cli.context import PROGRAM
from guarddog_gui.cli.similar_words import find_similar
from guarddog_gui.domain.message_catalog import N_, MessageCatalog
from guarddog_gui.domain.printable import printable

if TYPE_CHECKING:
    from guarddog_gui.cli.context import CommandContext
    from guarddog_gui.domain.tokens.record import TokenKind
    from guarddog_gui.services.exit_codes import ExitCode

_OPTION_PATTERN = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_INTEGER_MAX = 10**9
T = TypeVar("T")


def _command_summaries(text: Callable[[str], str]) -> dict[str, str]:
    """Return the one-line help of each command, in the order of `guarddogctl --help`."""
    return {
        "accounts": text("add, list, change, remove and move accounts"),
        "use": text("choose the account that is meant where none is named"),
        "token": text("print a value that works, and nothing else"),
        "exec": text("run a command with live values in WECHAT_ACCESS_TOKEN and WECHAT_JSAPI_TICKET"),
        "refresh": text("ask WeChat now, once"),
        "status": text("one line per token"),
        "api": text("call WeChat's API with the live token, and print the answer"),
        "sign": text("print the signature of a page, or the whole wx.config"),
        "sign-card": text("print the cardExt of addCard, or the argument of chooseCard, as JSON"),
        "oauth": text("build the link of a web authorisation, and exchange its code for an openid"),
        "diagnose": text("say which mistake an invalid signature contains"),
        "check-domain": text("check if a page is ready for the JS-SDK: certificate, redirects, WeChat's file"),
        "history": text("what was tried, newest first"),
        "errcode": text("what an errcode or a message of the JS-SDK means and what to do about it"),
        "watch": text("keep everything fresh and show it here"),
        "service": text("let watch run in the background, as a service of your user"),
        "serve": text("give tokens, tickets and signatures to clients over HTTP"),
        "sandbox": text("run an embedded WeChat to try things with"),
        "doctor": text("check keyring, files, network, clock and tray; can go into a bug report"),
        "completion": text("print what completes our commands in a shell"),
    }


class CommandModule(Protocol):
    """Module of one command in `commands/`."""

    def register(self, command: "CommandDefinition") -> None: ...

    def run(self, context: "CommandContext", args: argparse.Namespace) -> "ExitCode": ...


def load_command(name: str) -> CommandModule:
    return cast("CommandModule", import_module(f"guarddog_gui.cli.commands.{name.replace('-', '_')}"))


class CommandDefinition:
    """Arguments and help of one command; `text` translates, `now` is in Unix seconds."""

    def __init__(self, parser: argparse.ArgumentParser, message_catalog: MessageCatalog, now: float) -> None:
        self.parser = parser
        self.text = message_catalog.text
        self.now = now
        self.subcommands: tuple[str, ...] = ()
        self._message_catalog = message_catalog
        parser.set_defaults(parser=parser)  # the innermost one wins: errors are shown with its usage

    def set_examples(self, *lines: str) -> None:
        self.parser.epilog = "\n".join((self.text("examples:"), *(f"  {line}" for line in lines)))

    def add_subcommand(self, subparsers: Any, name: str, summary: str) -> "CommandDefinition":
        """Add a command below this one, such as `add` below `accounts`."""
        self.subcommands = (*self.subcommands, name)
        return CommandDefinition(_add_parser(subparsers, name, summary, self.text), self._message_catalog, self.now)

    def add_account(self, help_text: str | None = None, *, optional: bool = True) -> None:
        """Add ACCOUNT, which can also be given with --account, as scripts like to."""
        self.parser.add_argument(
            "account",
            metavar=self.text("ACCOUNT"),
            nargs="?",
            help=help_text or self.text("AppID or name; without it the only account, or that of guarddogctl use"),
        )
        # its own destination: argparse sets a positional argument that was left out to its default at the end
        self.parser.add_argument(
            "--account", dest="account_option", metavar=self.text("ACCOUNT"), help=self.text("the same as ACCOUNT")
        )
        self.parser.set_defaults(is_account_optional=optional)

    def add_option(self, option: str, metavar: str, help_text: str, default: str | None = None) -> None:
        self.parser.add_argument(option, metavar=metavar, help=help_text, default=default)

    def add_flag(self, option: str, help_text: str) -> None:
        self.parser.add_argument(option, action="store_true", help=help_text)

    def add_json_flag(self) -> None:
        self.add_flag("--json", self.text("as JSON"))

    def add_choice(self, name: str, enum_class: type[StrEnum], help_text: str, default: StrEnum | None = None) -> None:
        # plain texts, because argparse would show the repr of the members
        choices = [member.value for member in enum_class]
        word_type = suggesting_type(enum_type(enum_class), choices, self.text)
        self.parser.add_argument(name, type=word_type, choices=choices, default=default, help=help_text)

    def add_key(self, default: "TokenKind | None") -> None:
        from guarddog_gui.domain.tokens.record import TokenKind

        self.add_choice("--key", TokenKind, self.text("which value (token: ACCESS_TOKEN; refresh: all)"), default)

    def add_min_ttl(self) -> None:
        help_text = self.text(
            "refresh first if less than S seconds are left (default 0; on the classic endpoint half of a life at most)"
        )
        self.parser.add_argument("--min-ttl", type=self.seconds_type, default=0, metavar="S", help=help_text)

    def add_nonce_and_timestamp(self) -> None:
        self.add_option("--nonce", "N", self.text("1 to 32 characters (default: made by chance)"))
        self.add_option("--timestamp", "T", self.text("Unix seconds (default: now); a warning if it is not of today"))

    def seconds_type(self, word: str) -> int:
        return self.argument_type(parse_integer, N_("not a whole number of seconds up to 1000000000: “{text}”"))(word)

    def argument_type(self, parse: Callable[[str], T | None], refusal: str) -> Callable[[str], T]:
        """Return a `type` that refuses the words for which `parse` returns None, with this untranslated text."""

        def convert(word: str) -> T:
            value = parse(word)
            if value is None:
                raise argparse.ArgumentTypeError(self.text(refusal, text=printable(word)))
            return value

        return convert


class CommandLineParser:
    """Parser of command lines; `now` (Unix seconds) is what `--since 2h` is counted from."""

    def __init__(self, message_catalog: MessageCatalog, now: float) -> None:
        self._message_catalog = message_catalog
        self._now = now
        self._subcommands: tuple[str, ...] = ()  # of the command in the last command line

    def make_parser(self, argv: list[str]) -> argparse.ArgumentParser:
        """Return a parser that knows all commands, and the arguments of the one in `argv`."""
        text = self._message_catalog.text
        parser = argparse.ArgumentParser(
            prog=PROGRAM,
            description=text("Keeps WeChat access tokens and jsapi tickets fresh."),
            formatter_class=make_help_formatter(text),
            allow_abbrev=False,
        )
        parser.add_argument("--version", action="store_true", help=text("print the version and stop"))
        CommandDefinition(parser, self._message_catalog, self._now).set_examples(
            f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop",
            f'curl "https://api.weixin.qq.com/cgi-bin/get_api_domain_ip?access_token=$({PROGRAM} token)"',
            f"{PROGRAM} status",
            f"{PROGRAM} errcode 40164",
        )
        # no option in front of the command has a value, so the first other word is the command
        chosen = next((word for word in argv if not word.startswith("-")), None)

        summaries = _command_summaries(text)

        def make_parser_if_chosen(*, prog: str, **options: Any) -> Any:
            """Return a parser for the command in `argv`: of the others only names and summaries are shown."""
            is_chosen = chosen not in summaries or prog == f"{PROGRAM} {chosen}"
            return argparse.ArgumentParser(prog=prog, **options) if is_chosen else None

        subparsers: argparse._SubParsersAction[argparse.ArgumentParser] = parser.add_subparsers(
            dest="command",
            metavar=text("COMMAND"),
            prog=PROGRAM,  # to find it out, argparse would format the usage
            parser_class=cast("type[argparse.ArgumentParser]", make_parser_if_chosen),
        )
        for name, summary in summaries.items():
            command_parser = _add_parser(subparsers, name, summary, text)
            if name == chosen:
                definition = CommandDefinition(command_parser, self._message_catalog, self._now)
                load_command(name).register(definition)
                self._subcommands = definition.subcommands
        return parser

    def _suggest_commands(self, argv: list[str], parser: argparse.ArgumentParser) -> None:
        """Suggest a command for a mistyped one; argparse lists all of them for one that is not similar to any."""
        text, words = self._message_catalog.text, [word for word in argv if not word.startswith("-")][:2]
        for word, commands in zip(words, (tuple(_command_summaries(text)), self._subcommands), strict=False):
            similar = None if not commands or word in commands else find_similar(word, commands)
            if similar is not None:
                command = printable(word)
                parser.error(
                    text("there is no command “{command}”. Did you mean “{similar}”?", command=command, similar=similar)
                )

    def parse(self, argv: list[str]) -> argparse.Namespace:
        """Parse the arguments; like argparse, print the usage and raise SystemExit(2) for wrong ones."""
        text = self._message_catalog.text
        argv, program = _split_exec_command(argv)
        parser = self.make_parser(argv)
        self._suggest_commands(argv, parser)
        args, rest = parser.parse_known_args(argv)
        args.program = program
        usage: argparse.ArgumentParser = args.parser
        if args.command == "exec" and not program:
            usage.error(text("say which command, behind --"))
        if len(rest) == 1 and not rest[0].startswith("-") and getattr(args, "account", "") is None:
            # WORKAROUND: argparse before Python 3.12.7 does not see an ACCOUNT behind the options
            args.account, rest = rest[0], []
        if rest:
            usage.error(self._unknown_arguments_message(rest, usage.format_usage()))
        self._merge_account_option(args, usage)
        if (option := _find_option_without_value(argv)) is not None:
            usage.error(text("-- is no value for {option}", option=printable(option)))
        if args.command is None and not args.version:
            parser.error(text("say which command; --help lists them"))
        return args

    def _merge_account_option(self, args: argparse.Namespace, usage: argparse.ArgumentParser) -> None:
        """Set `account` from --account; both are an error unless they are equal."""
        option = getattr(args, "account_option", None)
        if option is not None and args.account not in (None, option):
            usage.error(self._message_catalog.text("two accounts are given; name one of them"))
        if option is not None:
            args.account = option
        if getattr(args, "is_account_optional", True) or args.account is not None:
            return
        usage.error(self._message_catalog.text("say which account: its AppID or name"))

    def _unknown_arguments_message(self, unknown: list[str], usage: str) -> str:
        """Name the unknown options, and nothing else: what follows `--secret` must not be repeated.

        The known options are those of the usage.
        """
        text = self._message_catalog.text
        options = [word.partition("=")[0] for word in unknown if word.startswith("-")]
        if "--secret" in options:
            return text("the AppSecret is never an argument: it is asked for, or read with --secret-stdin")
        if options:
            message = text("unknown options: {options}", options=printable(" ".join(options)))
            known = ["--help", *_OPTION_PATTERN.findall(usage)]
            similar = [find_similar(option, known) for option in options if option.startswith("--")]
            questions = (text("Did you mean “{similar}”?", similar=option) for option in similar if option is not None)
            return ". ".join((message, *dict.fromkeys(questions)))
        return text("there are more words than this command takes; quote a name that has blanks")


def _add_parser(subparsers: Any, name: str, summary: str, text: Callable[[str], str]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name, help=summary, description=summary, formatter_class=make_help_formatter(text), allow_abbrev=False
    )
    return parser


def _split_exec_command(argv: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Separate our arguments from the command line that `exec` runs, which argparse must not parse."""
    if argv[:1] != ["exec"] or "--" not in argv:
        return argv, ()
    at = argv.index("--")
    return argv[:at], tuple(argv[at + 1 :])


def _find_option_without_value(argv: list[str]) -> str | None:
    """Return the first option whose value is `--`: argparse of Python 3.11 drops it, and checks nothing."""
    options = argv[: argv.index("--")] if "--" in argv else argv
    return next((word[:-3] for word in options if word.startswith("--") and word.endswith("=--")), None)


def parse_integer(word: str, minimum: int = 0, maximum: int = _INTEGER_MAX) -> int | None:
    """Return the integer, or None for anything but ASCII digits in this range."""
    if word.isascii() and word.isdigit() and len(word) <= 10 and minimum <= int(word) <= maximum:
        return int(word)
    return None


def enum_type(enum_class: Callable[[str], object]) -> Callable[[str], object]:
    """Return a `type` that passes on unknown words, so that argparse can name the choices."""

    def convert(word: str) -> object:
        try:
            return enum_class(word)
        except ValueError:
            return word

    return convert


def suggesting_type(
    convert: Callable[[str], object], choices: list[str], text: Callable[..., str]
) -> Callable[[str], object]:
    """Return a `type` that refuses a word that is similar to one of the choices, and suggests that one.

    Other words pass: argparse then lists all choices.
    """

    def convert_or_suggest(word: str) -> object:
        similar = None if word in choices else find_similar(word, choices)
        if similar is not None:
            question = text("there is no “{word}”. Did you mean “{similar}”?", word=printable(word), similar=similar)
            raise argparse.ArgumentTypeError(question)
        return convert(word)

    return convert_or_suggest
