"""The grammar of the command line, with its help in the person's language."""

import argparse
from collections.abc import Callable
from enum import StrEnum

from guarddog_gui.cli.argument_types import moment, outlet_in
from guarddog_gui.cli.commands.completion import Shell
from guarddog_gui.cli.commands.sign import SignForm
from guarddog_gui.cli.formats import Form
from guarddog_gui.domain.accounts.account import Endpoint, Platform
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.domain.message_catalog import Words
from guarddog_gui.domain.tokens.record import TokenKind

PROGRAM = "guarddogctl"
HISTORY_LIMIT = 50
_NUMBER_MAX = 10**9

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


class Arguments:
    """Reads command lines; `now` (Unix seconds) is what `--since 2h` is counted from."""

    def __init__(self, words: Words, now: float) -> None:
        self._words = words
        self._now = now
        self.parser = argparse.ArgumentParser(
            prog=PROGRAM,
            description=words.say("help-main"),
            epilog=self._examples("main"),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.parser.add_argument("--version", action="store_true", help=words.say("help-version"))
        self._commands = self.parser.add_subparsers(dest="command", metavar=words.say("help-command"))
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

    def parsed(self, argv: list[str]) -> argparse.Namespace:
        """What the words mean; as argparse does, a mistake prints the usage and raises SystemExit(2)."""
        argv, behind = _split(argv)
        read, more = self.parser.parse_known_args(argv)
        read.behind = behind
        usage: argparse.ArgumentParser = getattr(read, "parser", self.parser)
        if read.command == "exec" and not behind:
            usage.error(self._words.say("help-exec-command"))
        if len(more) == 1 and not more[0].startswith("-") and getattr(read, "account", "") is None:
            # before Python 3.12.7 an ACCOUNT that stands behind the options is not seen
            read.account, more = more[0], []
        if more:
            usage.error(self._not_understood(more))
        if (empty := _without_value(argv)) is not None:
            usage.error(self._words.say("help-no-value", option=empty))
        if read.command is None and not read.version:
            self.parser.error(self._words.say("help-no-command"))
        return read

    def _not_understood(self, more: list[str]) -> str:
        """Names options and nothing else: what stands behind `--secret` is not repeated."""
        options = [word.partition("=")[0] for word in more if word.startswith("-")]
        if "--secret" in options:
            return self._words.say("help-no-secret")
        if options:
            return self._words.say("help-unknown-options", options=" ".join(options))
        return self._words.say("help-too-many")

    def _examples(self, name: str) -> str:
        return "\n".join((self._words.say("help-examples"), *(f"  {line}" for line in _EXAMPLES[name])))

    def _command(
        self, commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, topic: str
    ) -> argparse.ArgumentParser:
        said = self._words.say(f"help-{topic}")
        command = commands.add_parser(
            name,
            help=said,
            description=said,
            epilog=self._examples(topic),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.set_defaults(parser=command)  # the innermost one: its usage stands above what is wrong
        return command

    def _account(
        self, command: argparse.ArgumentParser, topic: str = "help-account", *, optional: bool = True
    ) -> None:
        command.add_argument(
            "account", metavar="ACCOUNT", nargs="?" if optional else None, help=self._words.say(topic)
        )

    def _flag(self, command: argparse.ArgumentParser, name: str, topic: str) -> None:
        command.add_argument(name, action="store_true", help=self._words.say(f"help-{topic}"))

    def _key(self, command: argparse.ArgumentParser, default: TokenKind | None) -> None:
        command.add_argument(
            "--key",
            type=_one_of(TokenKind),
            choices=_values(TokenKind),
            default=default,
            help=self._words.say("help-key"),
        )

    def _min_ttl(self, command: argparse.ArgumentParser) -> None:
        command.add_argument(
            "--min-ttl",
            type=self._number("bad-seconds", 0),
            default=0,
            metavar="S",
            help=self._words.say("help-min-ttl"),
        )

    # -- the commands -----------------------------------------------------------------------------

    def _add_accounts(self) -> None:
        say = self._words.say
        accounts = self._command(self._commands, "accounts", "accounts")
        deeds = accounts.add_subparsers(dest="deed", metavar=say("help-command"), required=True)
        add = self._command(deeds, "add", "accounts-add")
        add.add_argument("--appid", required=True, metavar="ID", help=say("help-appid"))
        add.add_argument("--name", help=say("help-name"))
        add.add_argument(
            "--platform", type=_one_of(Platform), choices=_values(Platform), help=say("help-platform")
        )
        add.add_argument(
            "--endpoint", type=_one_of(Endpoint), choices=_values(Endpoint), help=say("help-endpoint")
        )
        add.add_argument("--dog-dir", metavar="DIR", help=say("help-dog-dir"))
        add.add_argument("--ahead", type=self._number("bad-seconds", 0), metavar="S", help=say("help-ahead"))
        add.add_argument("--card-ticket", action=argparse.BooleanOptionalAction, help=say("help-card-ticket"))
        add.add_argument("--js-domain", action="append", metavar="D", help=say("help-js-domain"))
        self._add_outlets(add)
        self._flag(add, "--secret-stdin", "secret-stdin")
        self._flag(add, "--no-check", "no-check")
        show = self._command(deeds, "list", "accounts-list")
        self._flag(show, "--json", "json")
        remove = self._command(deeds, "remove", "accounts-remove")
        self._account(remove, "help-account-removed", optional=False)
        self._flag(remove, "--purge", "purge")

    def _add_outlets(self, add: argparse.ArgumentParser) -> None:
        say = self._words.say
        for option, metavar, form, topic in (
            ("--write-php", "DIR", OutletForm.PHP_JSON, "help-write-php"),
            ("--write-interaction", "DIR", OutletForm.INTERACTION_JSON, "help-write-interaction"),
            ("--write-env", "FILE", OutletForm.ENV, "help-write-env"),
            ("--run", "COMMAND", OutletForm.COMMAND, "help-run"),
        ):
            add.add_argument(
                option,
                action="append",
                dest="outlets",
                type=self._outlet(form),
                metavar=metavar,
                help=say(topic),
            )
        add.add_argument(
            "--no-outlets", action="store_const", const=[], dest="outlets", help=say("help-no-outlets")
        )

    def _add_token(self) -> None:
        say = self._words.say
        token = self._command(self._commands, "token", "token")
        self._account(token)
        self._key(token, TokenKind.ACCESS_TOKEN)
        self._min_ttl(token)
        forms = token.add_mutually_exclusive_group()
        forms.add_argument("--json", action="store_true", help=say("help-json"))
        shells = [form for form in _values(Form) if form != Form.PLAIN]
        forms.add_argument(
            "--format", type=_one_of(Form), choices=shells, default=Form.PLAIN, help=say("help-format")
        )

    def _add_exec(self) -> None:
        execute = self._command(self._commands, "exec", "exec")
        execute.usage = f"{PROGRAM} exec [-h] [--min-ttl S] [ACCOUNT] -- COMMAND…"
        self._account(execute)
        self._min_ttl(execute)

    def _add_refresh(self) -> None:
        refresh = self._command(self._commands, "refresh", "refresh")
        self._account(refresh)
        self._key(refresh, None)
        self._flag(refresh, "--force", "force")
        self._flag(refresh, "--yes", "yes")

    def _add_sign(self) -> None:
        say = self._words.say
        sign = self._command(self._commands, "sign", "sign")
        sign.add_argument("url", metavar="URL", help=say("help-url"))
        self._account(sign)
        sign.add_argument("--nonce", metavar="N", help=say("help-nonce"))
        sign.add_argument("--timestamp", metavar="T", help=say("help-timestamp"))
        forms = sign.add_mutually_exclusive_group()
        for form in (SignForm.JSON, SignForm.JS, SignForm.HTML):
            topic = f"help-sign-{form}"
            forms.add_argument(f"--{form}", action="store_const", const=form, dest="form", help=say(topic))
        sign.set_defaults(form=SignForm.PLAIN)
        for option, topic in (("--api", "help-api"), ("--open-tag", "help-open-tag")):
            sign.add_argument(
                option, action="extend", type=_names, default=[], metavar="NAME", help=say(topic)
            )
        self._flag(sign, "--debug", "debug")

    def _add_sign_card(self) -> None:
        say = self._words.say
        card = self._command(self._commands, "sign-card", "sign-card")
        self._account(card)
        for option, metavar, topic in (
            ("--card-id", "ID", "help-card-id"),
            ("--code", "CODE", "help-card-code"),
            ("--openid", "ID", "help-openid"),
            ("--card-type", "TYPE", "help-card-type"),
            ("--shop-id", "ID", "help-shop-id"),
        ):
            card.add_argument(option, metavar=metavar, default="", help=say(topic))
        card.add_argument("--nonce", metavar="N", help=say("help-nonce"))
        card.add_argument("--timestamp", metavar="T", help=say("help-timestamp"))
        self._flag(card, "--choose", "choose")

    def _add_diagnose(self) -> None:
        say = self._words.say
        diagnose = self._command(self._commands, "diagnose", "diagnose")
        diagnose.add_argument("url", metavar="URL", help=say("help-page"))
        self._account(diagnose)
        for option, metavar, topic in (
            ("--signature", "S", "help-signature"),
            ("--nonce", "N", "help-its-nonce"),
            ("--timestamp", "T", "help-its-timestamp"),
            ("--config", "FILE", "help-config"),
            ("--entry-url", "URL", "help-entry-url"),
            ("--ticket", "T", "help-ticket"),
        ):
            diagnose.add_argument(option, metavar=metavar, help=say(topic))
        self._flag(diagnose, "--json", "json")

    def _add_status(self) -> None:
        self._flag(self._command(self._commands, "status", "status"), "--json", "json")

    def _add_history(self) -> None:
        say = self._words.say
        history = self._command(self._commands, "history", "history")
        self._account(history, "help-account-or-all")
        self._flag(history, "--errors", "errors")
        history.add_argument("--since", type=self._moment, metavar="T", help=say("help-since"))
        history.add_argument(
            "--limit",
            type=self._number("bad-limit", 1),
            default=HISTORY_LIMIT,
            metavar="N",
            help=say("help-limit"),
        )
        self._flag(history, "--json", "json")

    def _add_errcode(self) -> None:
        errcode = self._command(self._commands, "errcode", "errcode")
        errcode.add_argument("asked", nargs="+", metavar="N|MESSAGE", help=self._words.say("help-code"))
        errcode.add_argument("--lang", choices=("zh", "en"), help=self._words.say("help-lang"))

    def _add_watch(self) -> None:
        self._flag(self._command(self._commands, "watch", "watch"), "--sandbox", "watch-sandbox")

    def _add_sandbox(self) -> None:
        sandbox = self._command(self._commands, "sandbox", "sandbox")
        sandbox.add_argument(
            "--port",
            type=self._number("bad-port", 0, 65_535),
            default=0,
            metavar="P",
            help=self._words.say("help-port"),
        )

    def _add_doctor(self) -> None:
        self._flag(self._command(self._commands, "doctor", "doctor"), "--json", "json")

    def _add_completion(self) -> None:
        completion = self._command(self._commands, "completion", "completion")
        completion.add_argument(
            "shell", type=_one_of(Shell), choices=_values(Shell), help=self._words.say("help-shell")
        )

    # -- values -----------------------------------------------------------------------------------

    def _number(self, problem: str, least: int, most: int = _NUMBER_MAX) -> Callable[[str], int]:
        def whole(text: str) -> int:
            if text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most:
                return int(text)
            raise argparse.ArgumentTypeError(self._words.say(problem, text=text))

        return whole

    def _outlet(self, form: OutletForm) -> Callable[[str], Outlet]:
        def outlet(text: str) -> Outlet:
            try:
                return outlet_in(form, text)
            except BadInput as bad:
                raise argparse.ArgumentTypeError(self._words.say(str(bad))) from bad

        return outlet

    def _moment(self, text: str) -> float:
        at = moment(text, self._now)
        if at is None:
            raise argparse.ArgumentTypeError(self._words.say("bad-since", text=text))
        return at


def _split(argv: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Our own words, and those of the command that `exec` is to run, which argparse must not see."""
    if argv[:1] != ["exec"] or "--" not in argv:
        return argv, ()
    at = argv.index("--")
    return argv[:at], tuple(argv[at + 1 :])


def _without_value(argv: list[str]) -> str | None:
    """The first option whose value is `--`: argparse of Python 3.11 drops it, and checks nothing."""
    options = argv[: argv.index("--")] if "--" in argv else argv
    return next((word[:-3] for word in options if word.startswith("--") and word.endswith("=--")), None)


def _names(text: str) -> list[str]:
    """The names in a list with commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _values(kinds: type[StrEnum]) -> list[str]:
    """Plain texts: argparse shows a person the repr of its choices."""
    return [kind.value for kind in kinds]


def _one_of(kinds: Callable[[str], object]) -> Callable[[str], object]:
    """The member with this value; an unknown word passes, so that argparse can name the choices."""

    def member(text: str) -> object:
        try:
            return kinds(text)
        except ValueError:
            return text

    return member
