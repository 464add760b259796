"""The grammar of the command line, with its help in the person's language."""

import argparse
from collections.abc import Callable, Mapping
from enum import StrEnum

from guarddog_gui.cli.argument_types import parse_export_target, parse_since
from guarddog_gui.cli.commands.completion import Shell
from guarddog_gui.cli.commands.sign import SignFormat
from guarddog_gui.cli.formats import TokenFormat
from guarddog_gui.domain.accounts.account import Endpoint, Platform
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.message_catalog import N_, MessageCatalog
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.problems import INPUT_PROBLEMS

PROGRAM = "guarddogctl"
HISTORY_LIMIT_DEFAULT = 50
_INTEGER_MAX = 10**9

_EXAMPLES = {
    "main": (
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop",
        f'curl "https://api.weixin.qq.com/cgi-bin/get_api_domain_ip?access_token=$({PROGRAM} token)"',
        f"{PROGRAM} status",
        f"{PROGRAM} errcode 40164",
    ),
    "accounts": (
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop",
        f"{PROGRAM} accounts list",
        f"{PROGRAM} accounts remove Shop --purge",
    ),
    "accounts-add": (
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop",
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop --secret-stdin < secret.txt",
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop --write-env ~/shop/.env",
    ),
    "accounts-list": (f"{PROGRAM} accounts list", f"{PROGRAM} accounts list --json"),
    "accounts-remove": (f"{PROGRAM} accounts remove Shop", f"{PROGRAM} accounts remove Shop --purge"),
    "token": (
        f"TOKEN=$({PROGRAM} token Shop)",
        f"{PROGRAM} token --key JSAPI_TICKET --min-ttl 600",
        f'eval "$({PROGRAM} token --format export)"',
    ),
    "exec": (
        f"{PROGRAM} exec -- node server.js",
        f"{PROGRAM} exec Shop --min-ttl 600 -- sh -c 'echo $WECHAT_JSAPI_TICKET'",
    ),
    "refresh": (f"{PROGRAM} refresh Shop", f"{PROGRAM} refresh Shop --force"),
    "status": (f"{PROGRAM} status", f"{PROGRAM} status --json"),
    "sign": (
        f"{PROGRAM} sign 'https://shop.example.cn/p?id=1' Shop --json",
        f"{PROGRAM} sign 'https://shop.example.cn/' --js --api chooseImage,scanQRCode",
        f"{PROGRAM} sign 'https://shop.example.cn/try.html' --html --debug > try.html",
    ),
    "sign-card": (
        f"{PROGRAM} sign-card Shop --card-id pjZ8Yt1XGILfi-FUsewpnnolGgZk",
        f"{PROGRAM} sign-card Shop --choose --card-type GROUPON",
    ),
    "diagnose": (
        f"{PROGRAM} diagnose https://a.example.cn/p --signature 0f9d… --nonce Wm3W… --timestamp 1414587457",
        f"{PROGRAM} diagnose 'https://a.example.cn/p?id=1' Shop --config block.txt",
    ),
    "history": (f"{PROGRAM} history --errors --since 7d", f"{PROGRAM} history Shop --limit 500 --json"),
    "errcode": (
        f"{PROGRAM} errcode 40164",
        f"{PROGRAM} errcode -1 --lang zh",
        f'{PROGRAM} errcode "config:fail,Error: invalid signature"',
    ),
    "watch": (f"{PROGRAM} watch", f"{PROGRAM} watch --sandbox"),
    "sandbox": (f"{PROGRAM} sandbox", f"{PROGRAM} sandbox --port 8899"),
    "doctor": (f"{PROGRAM} doctor", f"{PROGRAM} doctor --json > report.json"),
    "completion": (
        f'eval "$({PROGRAM} completion bash)"     # in ~/.bashrc',
        f"{PROGRAM} completion zsh > ~/.zfunc/_{PROGRAM}     # a folder of fpath",
        f"{PROGRAM} completion fish > ~/.config/fish/completions/{PROGRAM}.fish",
        f"{PROGRAM} completion powershell | Out-String | Invoke-Expression",
    ),
}
_SIGN_FORMAT_HELP: Mapping[SignFormat, str] = {
    SignFormat.JSON: N_(
        "everything as JSON: the signature, the string that was signed (with the ticket in it), warnings, "
        "the config"
    ),
    SignFormat.JS: N_("the wx.config call as JavaScript"),
    SignFormat.HTML: N_("a page that calls wx.config and shows what came of it"),
}


class CommandLineParser:
    """Reads command lines; `now` (Unix seconds) is what `--since 2h` is counted from."""

    def __init__(self, message_catalog: MessageCatalog, now: float) -> None:
        self._message_catalog = message_catalog
        self._now = now
        self.parser = argparse.ArgumentParser(
            prog=PROGRAM,
            description=message_catalog.text("Keeps WeChat access tokens and jsapi tickets fresh."),
            epilog=self._format_examples("main"),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.parser.add_argument(
            "--version", action="store_true", help=message_catalog.text("print the version and stop")
        )
        self._subparsers = self.parser.add_subparsers(dest="command", metavar=message_catalog.text("COMMAND"))
        self._add_accounts()
        self._add_token()
        self._add_exec()
        self._add_refresh()
        self._add_status()
        self._add_sign()
        self._add_sign_card()
        self._add_diagnose()
        self._add_history()
        self._add_errcode()
        self._add_watch()
        self._add_sandbox()
        self._add_doctor()
        self._add_completion()

    def parse(self, argv: list[str]) -> argparse.Namespace:
        """What the words mean; as argparse does, a mistake prints the usage and raises SystemExit(2)."""
        argv, behind = _split_exec_command(argv)
        read, more = self.parser.parse_known_args(argv)
        read.behind = behind
        usage: argparse.ArgumentParser = getattr(read, "parser", self.parser)
        if read.command == "exec" and not behind:
            usage.error(self._message_catalog.text("say which command, behind --"))
        if len(more) == 1 and not more[0].startswith("-") and getattr(read, "account", "") is None:
            # before Python 3.12.7 an ACCOUNT that stands behind the options is not seen
            read.account, more = more[0], []
        if more:
            usage.error(self._unknown_arguments_message(more))
        if (empty := _find_option_without_value(argv)) is not None:
            usage.error(self._message_catalog.text("-- is no value for {option}", option=empty))
        if read.command is None and not read.version:
            self.parser.error(self._message_catalog.text("say which command; --help lists them"))
        return read

    def _unknown_arguments_message(self, unknown: list[str]) -> str:
        """Names options and nothing else: what stands behind `--secret` is not repeated."""
        options = [word.partition("=")[0] for word in unknown if word.startswith("-")]
        if "--secret" in options:
            return self._message_catalog.text(
                "the AppSecret is never an argument: it is asked for, or read with --secret-stdin"
            )
        if options:
            return self._message_catalog.text("unknown options: {options}", options=" ".join(options))
        return self._message_catalog.text(
            "there are more words than this command takes; quote a name that has blanks"
        )

    def _format_examples(self, help_topic: str) -> str:
        return "\n".join(
            (self._message_catalog.text("examples:"), *(f"  {line}" for line in _EXAMPLES[help_topic]))
        )

    def _add_command(
        self,
        subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]",
        name: str,
        help_topic: str,
        help_text: str,
    ) -> argparse.ArgumentParser:
        description = self._message_catalog.text(help_text)
        command = subparsers.add_parser(
            name,
            help=description,
            description=description,
            epilog=self._format_examples(help_topic),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.set_defaults(parser=command)  # the innermost one: its usage stands above what is wrong
        return command

    def _add_account_argument(
        self,
        parser: argparse.ArgumentParser,
        help_text: str = N_("AppID or name; may be left out if there is only one"),
        *,
        optional: bool = True,
    ) -> None:
        parser.add_argument(
            "account",
            metavar="ACCOUNT",
            nargs="?" if optional else None,
            help=self._message_catalog.text(help_text),
        )

    def _add_flag(self, parser: argparse.ArgumentParser, option: str, help_text: str) -> None:
        parser.add_argument(option, action="store_true", help=self._message_catalog.text(help_text))

    def _add_key_option(self, parser: argparse.ArgumentParser, default: TokenKind | None) -> None:
        parser.add_argument(
            "--key",
            type=_enum_type(TokenKind),
            choices=_enum_values(TokenKind),
            default=default,
            help=self._message_catalog.text("which value (token: ACCESS_TOKEN; refresh: all)"),
        )

    def _add_min_ttl_option(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--min-ttl",
            type=self._integer_type(N_("not a whole number of seconds: {text}"), 0),
            default=0,
            metavar="S",
            help=self._message_catalog.text(
                "refresh first if less than S seconds are left (default 0; on the classic endpoint "
                "half of a life at most)"
            ),
        )

    # -- the commands -----------------------------------------------------------------------------

    def _add_accounts(self) -> None:
        say = self._message_catalog.text
        accounts = self._add_command(
            self._subparsers, "accounts", "accounts", N_("add, list and remove accounts")
        )
        deeds = accounts.add_subparsers(dest="deed", metavar=say("COMMAND"), required=True)
        add = self._add_command(
            deeds,
            "add",
            "accounts-add",
            N_("try an AppID and AppSecret, then save them; a known AppID is changed"),
        )
        add.add_argument("--appid", required=True, metavar="ID", help=say("the AppID"))
        add.add_argument(
            "--name", help=say("a name of your own for the account; a known one keeps its name without it")
        )
        add.add_argument(
            "--platform",
            type=_enum_type(Platform),
            choices=_enum_values(Platform),
            help=say("official account (the default) or mini program"),
        )
        add.add_argument(
            "--endpoint",
            type=_enum_type(Endpoint),
            choices=_enum_values(Endpoint),
            help=say("stable (the default) leaves the tokens of your servers alone; classic ends them"),
        )
        add.add_argument(
            "--dog-dir",
            metavar="DIR",
            help=say('folder for the .dog files of this account; "" is the usual one'),
        )
        add.add_argument(
            "--ahead",
            type=self._integer_type(N_("not a whole number of seconds: {text}"), 0),
            metavar="S",
            help=say("seconds before the end to refresh (default 290)"),
        )
        add.add_argument(
            "--card-ticket",
            action=argparse.BooleanOptionalAction,
            help=say("keep the ticket for cards fresh, too (wx_card; off by default)"),
        )
        add.add_argument(
            "--js-domain",
            action="append",
            metavar="D",
            help=say(
                'a JS-safe domain of the account, for the checks of sign; may be repeated, "" empties '
                "the list"
            ),
        )
        self._add_export_options(add)
        self._add_flag(add, "--secret-stdin", N_("read the AppSecret from standard input"))
        self._add_flag(add, "--no-check", N_("save without trying"))
        show = self._add_command(deeds, "list", "accounts-list", N_("list the accounts"))
        self._add_flag(show, "--json", N_("as JSON"))
        remove = self._add_command(
            deeds, "remove", "accounts-remove", N_("remove an account and its AppSecret")
        )
        self._add_account_argument(remove, N_("AppID or name"), optional=False)
        self._add_flag(remove, "--purge", N_("remove its .dog files, too"))

    def _add_export_options(self, parser: argparse.ArgumentParser) -> None:
        say = self._message_catalog.text
        for option, metavar, form, help_text in (
            (
                "--write-php",
                "DIR",
                ExportFormat.PHP_JSON,
                N_(
                    "after each refresh also write the JSON files of the official PHP sample into this "
                    "folder; this and the next three may be repeated, and together replace what was "
                    "there"
                ),
            ),
            (
                "--write-interaction",
                "DIR",
                ExportFormat.INTERACTION_JSON,
                N_("the same for npm wechat_interaction_jsapi"),
            ),
            (
                "--write-env",
                "FILE",
                ExportFormat.ENV,
                N_(
                    "also set WECHAT_APPID, WECHAT_ACCESS_TOKEN and WECHAT_JSAPI_TICKET in this .env "
                    "file; nothing else in it is changed"
                ),
            ),
            (
                "--run",
                "COMMAND",
                ExportFormat.COMMAND,
                N_(
                    "also run this command, without a shell, with these variables and WECHAT_EXPIRES_AT "
                    "set; it starts in your home folder and has 10 seconds"
                ),
            ),
        ):
            parser.add_argument(
                option,
                action="append",
                dest="outlets",
                type=self._export_target_type(form),
                metavar=metavar,
                help=say(help_text),
            )
        parser.add_argument(
            "--no-outlets",
            action="store_const",
            const=[],
            dest="outlets",
            help=say("write to none of these places any more"),
        )

    def _add_token(self) -> None:
        say = self._message_catalog.text
        token = self._add_command(
            self._subparsers, "token", "token", N_("print a value that works, and nothing else")
        )
        self._add_account_argument(token)
        self._add_key_option(token, TokenKind.ACCESS_TOKEN)
        self._add_min_ttl_option(token)
        forms = token.add_mutually_exclusive_group()
        forms.add_argument("--json", action="store_true", help=say("as JSON"))
        shells = [form for form in _enum_values(TokenFormat) if form != TokenFormat.PLAIN]
        forms.add_argument(
            "--format",
            type=_enum_type(TokenFormat),
            choices=shells,
            default=TokenFormat.PLAIN,
            help=say("as a line that sets a variable"),
        )

    def _add_exec(self) -> None:
        execute = self._add_command(
            self._subparsers,
            "exec",
            "exec",
            N_("run a command with live values in WECHAT_ACCESS_TOKEN and WECHAT_JSAPI_TICKET"),
        )
        execute.usage = f"{PROGRAM} exec [-h] [--min-ttl S] [ACCOUNT] -- COMMAND…"
        self._add_account_argument(execute)
        self._add_min_ttl_option(execute)

    def _add_refresh(self) -> None:
        refresh = self._add_command(self._subparsers, "refresh", "refresh", N_("ask WeChat now, once"))
        self._add_account_argument(refresh)
        self._add_key_option(refresh, None)
        self._add_flag(refresh, "--force", N_("make a new token; the one your servers hold dies"))
        self._add_flag(refresh, "--yes", N_("do not ask before forcing"))

    def _add_sign(self) -> None:
        say = self._message_catalog.text
        sign = self._add_command(
            self._subparsers, "sign", "sign", N_("print the signature of a page, or the whole wx.config")
        )
        sign.add_argument(
            "url",
            metavar="URL",
            help=say("the page's address; what begins with # is not signed, nor are blanks at the ends"),
        )
        self._add_account_argument(sign)
        sign.add_argument("--nonce", metavar="N", help=say("1 to 32 characters (default: made by chance)"))
        sign.add_argument("--timestamp", metavar="T", help=say("Unix seconds of today (default: now)"))
        forms = sign.add_mutually_exclusive_group()
        for form, help_text in _SIGN_FORMAT_HELP.items():
            forms.add_argument(
                f"--{form}", action="store_const", const=form, dest="form", help=say(help_text)
            )
        sign.set_defaults(form=SignFormat.PLAIN)
        for option, help_text in (
            ("--api", N_("names for jsApiList, also several with commas (default: the two of sharing)")),
            ("--open-tag", N_("names for openTagList, also several with commas")),
        ):
            sign.add_argument(
                option, action="extend", type=_split_names, default=[], metavar="NAME", help=say(help_text)
            )
        self._add_flag(sign, "--debug", N_("with debug: true"))

    def _add_sign_card(self) -> None:
        say = self._message_catalog.text
        card = self._add_command(
            self._subparsers,
            "sign-card",
            "sign-card",
            N_("print the cardExt of addCard, or the argument of chooseCard, as JSON"),
        )
        self._add_account_argument(card)
        for option, metavar, help_text in (
            ("--card-id", "ID", N_("the card; needed unless --choose is given")),
            ("--code", "CODE", N_("the code of the card, where one is given out with it")),
            ("--openid", "ID", N_("the only person who may take the card")),
            ("--card-type", "TYPE", N_("with --choose: the kind of card, such as GROUPON")),
            ("--shop-id", "ID", N_("with --choose: the shop (location_id in the signature)")),
        ):
            card.add_argument(option, metavar=metavar, default="", help=say(help_text))
        card.add_argument("--nonce", metavar="N", help=say("1 to 32 characters (default: made by chance)"))
        card.add_argument("--timestamp", metavar="T", help=say("Unix seconds of today (default: now)"))
        self._add_flag(card, "--choose", N_("for chooseCard instead of addCard"))

    def _add_diagnose(self) -> None:
        say = self._message_catalog.text
        diagnose = self._add_command(
            self._subparsers, "diagnose", "diagnose", N_("say which mistake an invalid signature contains")
        )
        diagnose.add_argument("url", metavar="URL", help=say("the page's address as the browser shows it"))
        self._add_account_argument(diagnose)
        for option, metavar, help_text in (
            ("--signature", "S", N_("the signature that the page gave to wx.config")),
            ("--nonce", "N", N_("the nonceStr that the page gave to wx.config")),
            ("--timestamp", "T", N_("the timestamp that the page gave to wx.config")),
            (
                "--config",
                "FILE",
                N_("a file with the wx.config block in it, in any form; - is standard input"),
            ),
            ("--entry-url", "URL", N_("where a single-page app was entered, if that is another address")),
            ("--ticket", "T", N_("the only jsapi_ticket to try; nothing is read or fetched then")),
        ):
            diagnose.add_argument(option, metavar=metavar, help=say(help_text))
        self._add_flag(diagnose, "--json", N_("as JSON"))

    def _add_status(self) -> None:
        self._add_flag(
            self._add_command(self._subparsers, "status", "status", N_("one line per token")),
            "--json",
            N_("as JSON"),
        )

    def _add_history(self) -> None:
        say = self._message_catalog.text
        history = self._add_command(
            self._subparsers, "history", "history", N_("what was tried, newest first")
        )
        self._add_account_argument(history, N_("AppID or name; all accounts if it is left out"))
        self._add_flag(history, "--errors", N_("failures only"))
        history.add_argument(
            "--since",
            type=self._parse_since,
            metavar="T",
            help=say("since when: 2h, 7d, 2026-11-03, 2026-11-03T14:40 or Unix seconds"),
        )
        history.add_argument(
            "--limit",
            type=self._integer_type(N_("not a number above 0: {text}"), 1),
            default=HISTORY_LIMIT_DEFAULT,
            metavar="N",
            help=say("at most N (default 50)"),
        )
        self._add_flag(history, "--json", N_("as JSON"))

    def _add_errcode(self) -> None:
        errcode = self._add_command(
            self._subparsers,
            "errcode",
            "errcode",
            N_("what an errcode or a message of the JS-SDK means and what to do about it"),
        )
        errcode.add_argument(
            "asked",
            nargs="+",
            metavar="N|MESSAGE",
            help=self._message_catalog.text(
                "the number or the message, for example 40164 or invalid signature"
            ),
        )
        errcode.add_argument(
            "--lang", choices=("zh", "en"), help=self._message_catalog.text("language of the answer")
        )

    def _add_watch(self) -> None:
        self._add_flag(
            self._add_command(
                self._subparsers, "watch", "watch", N_("keep everything fresh and show it here")
            ),
            "--sandbox",
            N_("with the embedded WeChat and throw-away accounts"),
        )

    def _add_sandbox(self) -> None:
        sandbox = self._add_command(
            self._subparsers, "sandbox", "sandbox", N_("run an embedded WeChat to try things with")
        )
        sandbox.add_argument(
            "--port",
            type=self._integer_type(N_("not a port: {text}"), 0, 65_535),
            default=0,
            metavar="P",
            help=self._message_catalog.text("port on 127.0.0.1 (default: any free one)"),
        )

    def _add_doctor(self) -> None:
        self._add_flag(
            self._add_command(
                self._subparsers,
                "doctor",
                "doctor",
                N_("check keyring, files, network, clock and tray; can go into a bug report"),
            ),
            "--json",
            N_("as JSON"),
        )

    def _add_completion(self) -> None:
        completion = self._add_command(
            self._subparsers, "completion", "completion", N_("print what completes our commands in a shell")
        )
        completion.add_argument(
            "shell",
            type=_enum_type(Shell),
            choices=_enum_values(Shell),
            help=self._message_catalog.text("which shell"),
        )

    # -- values -----------------------------------------------------------------------------------

    def _integer_type(
        self, error_text: str, minimum: int, maximum: int = _INTEGER_MAX
    ) -> Callable[[str], int]:
        def whole(text: str) -> int:
            if text.isascii() and text.isdigit() and len(text) <= 10 and minimum <= int(text) <= maximum:
                return int(text)
            raise argparse.ArgumentTypeError(self._message_catalog.text(error_text, text=text))

        return whole

    def _export_target_type(self, export_format: ExportFormat) -> Callable[[str], ExportTarget]:
        def outlet(text: str) -> ExportTarget:
            try:
                return parse_export_target(export_format, text)
            except BadInput as bad:
                raise argparse.ArgumentTypeError(
                    self._message_catalog.text(INPUT_PROBLEMS[bad.problem][0])
                ) from bad

        return outlet

    def _parse_since(self, text: str) -> float:
        at = parse_since(text, self._now)
        if at is None:
            raise argparse.ArgumentTypeError(
                self._message_catalog.text(
                    "not a time: {text}. Take 2h, 7d, 2026-11-03, 2026-11-03T14:40 or Unix seconds", text=text
                )
            )
        return at


def _split_exec_command(argv: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Our own words, and those of the command that `exec` is to run, which argparse must not see."""
    if argv[:1] != ["exec"] or "--" not in argv:
        return argv, ()
    at = argv.index("--")
    return argv[:at], tuple(argv[at + 1 :])


def _find_option_without_value(argv: list[str]) -> str | None:
    """The first option whose value is `--`: argparse of Python 3.11 drops it, and checks nothing."""
    options = argv[: argv.index("--")] if "--" in argv else argv
    return next((word[:-3] for word in options if word.startswith("--") and word.endswith("=--")), None)


def _split_names(text: str) -> list[str]:
    """The names in a list with commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _enum_values(enum_class: type[StrEnum]) -> list[str]:
    """Plain texts: argparse shows a person the repr of its choices."""
    return [kind.value for kind in enum_class]


def _enum_type(enum_class: Callable[[str], object]) -> Callable[[str], object]:
    """The member with this value; an unknown word passes, so that argparse can name the choices."""

    def member(text: str) -> object:
        try:
            return enum_class(text)
        except ValueError:
            return text

    return member
