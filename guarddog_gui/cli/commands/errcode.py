"""`errcode`: what a number of WeChat's or a message of the JS-SDK means and what to do about it."""

import re

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import Terminal
from guarddog_gui.domain.wechat.errcodes import Errcode
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError, JssdkErrorCatalog
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message, Messages

_ERRCODE_PATTERN = re.compile(r"-?[0-9]{1,18}")
_SHOWN_LENGTH_MAX = 60  # characters of a text that nobody knows


def run_errcode(
    terminal: Terminal, messages: Messages, jssdk_errors: JssdkErrorCatalog, query: str
) -> ExitCode:
    """The number and its kind or the message, the meaning, what to check, the fix, and the page to open."""
    query = query.strip()
    if _ERRCODE_PATTERN.fullmatch(query):
        _print_errcode(terminal, messages, jssdk_errors, int(query))
    else:
        _print_jssdk_error(terminal, messages, jssdk_errors, query)
    return ExitCode.SUCCESS


def _print_errcode(
    terminal: Terminal, messages: Messages, jssdk_errors: JssdkErrorCatalog, code: int
) -> None:
    known = messages.errcode_catalog.find(code)
    if known is None:
        what = messages.text("Guard Dog does not know the errcode {code}.", code=code)
        raise CommandError(
            ExitCode.NOT_FOUND, Message(what, messages.text("Look it up in WeChat's list of return codes."))
        )
    kind = "" if known.is_success else f"{known.kind} · "
    terminal.write_line(f"{code}  {kind}{messages.errcode_kind_name(known)}")
    _print_explanation(terminal, messages, known, jssdk_errors.find_by_code(code))


def _print_jssdk_error(
    terminal: Terminal, messages: Messages, jssdk_errors: JssdkErrorCatalog, query: str
) -> None:
    known = jssdk_errors.find(query)
    if known is None:
        what = messages.text("Guard Dog does not know the message “{text}”.", text=_to_short_line(query))
        raise CommandError(
            ExitCode.NOT_FOUND,
            Message(
                what,
                messages.text(
                    "Give an errcode such as 40164, or a message of the JS-SDK such as invalid signature."
                ),
            ),
        )
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
    """One line of it that no terminal takes for a command."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= _SHOWN_LENGTH_MAX else f"{line[:_SHOWN_LENGTH_MAX]}…"
