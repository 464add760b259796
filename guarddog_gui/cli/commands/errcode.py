"""`errcode`: explain an errcode of WeChat or an error message of the JS-SDK."""

import re
from argparse import Namespace

from guarddog_gui.bootstrap.container import load_jssdk_errors, make_messages
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext, Terminal
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.domain.message_catalog import CHINESE, ENGLISH
from guarddog_gui.domain.wechat.errcodes import Errcode
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError, JssdkErrorCatalog
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message, Messages

_ERRCODE_PATTERN = re.compile(r"-?[0-9]{1,18}")
_SHOWN_LENGTH_MAX = 60  # characters of an unknown message


def register(command: CommandDefinition) -> None:
    text = command.text
    command.parser.add_argument(
        "query",
        nargs="+",
        metavar="N|MESSAGE",
        help=text("the number or the message, for example 40164 or invalid signature"),
    )
    command.parser.add_argument("--lang", choices=("zh", "en"), help=text("language of the answer"))
    command.set_examples(
        f"{PROGRAM} errcode 40164",
        f"{PROGRAM} errcode -1 --lang zh",
        f'{PROGRAM} errcode "config:fail,Error: invalid signature"',
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Print the meaning of an errcode or message, what to check, the fix, and the page to open."""
    terminal, messages = context.terminal, context.messages
    if args.lang is not None:
        language = {"GUARDDOG_LANG": {"zh": CHINESE, "en": ENGLISH}[args.lang]}
        messages = make_messages(language, "system", messages.errcode_catalog, messages.format_time)
    query = " ".join(args.query).strip()
    print_answer = _print_errcode if _ERRCODE_PATTERN.fullmatch(query) else _print_jssdk_error
    print_answer(terminal, messages, load_jssdk_errors(), query)
    return ExitCode.SUCCESS


def _print_errcode(terminal: Terminal, messages: Messages, jssdk_errors: JssdkErrorCatalog, query: str) -> None:
    code = int(query)
    known = messages.errcode_catalog.find(code)
    if known is None:
        what = messages.text("Guard Dog does not know the errcode {code}.", code=code)
        advice = messages.text("Look it up in WeChat's list of return codes.")
        raise CommandError(ExitCode.NOT_FOUND, Message(what, advice))
    kind = "" if known.is_success else f"{known.kind} · "
    terminal.write_line(f"{code}  {kind}{messages.errcode_kind_name(known)}")
    _print_explanation(terminal, messages, known, jssdk_errors.find_by_code(code))


def _print_jssdk_error(terminal: Terminal, messages: Messages, jssdk_errors: JssdkErrorCatalog, query: str) -> None:
    known = jssdk_errors.find(query)
    if known is None:
        message = messages.message(
            "Guard Dog does not know the message “{text}”.",
            "Give an errcode such as 40164, or a message of the JS-SDK such as invalid signature.",
            text=_to_short_line(query),
        )
        raise CommandError(ExitCode.NOT_FOUND, message)
    terminal.write_line(f"{known.message}  JS-SDK")
    _print_explanation(terminal, messages, known, known)


def _print_explanation(
    terminal: Terminal, messages: Messages, error: Errcode | JssdkError, jssdk_error: JssdkError | None
) -> None:
    language = messages.message_catalog.language
    terminal.write_line(error.meaning(language))
    for line in messages.jssdk_checks(jssdk_error) if jssdk_error else ():
        terminal.write_line(line)
    terminal.write_line(error.fix(language))
    if error.help_url:
        terminal.write_line(error.help_url)


def _to_short_line(text: str) -> str:
    """Return one line without control characters, which a terminal might obey."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _SHOWN_LENGTH_MAX else f"{line[:_SHOWN_LENGTH_MAX]}…"
