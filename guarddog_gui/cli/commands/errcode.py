"""`errcode`: what a number of WeChat's or a message of the JS-SDK means and what to do about it."""

import re

from guarddog_gui.cli.command_error import Stop
from guarddog_gui.cli.context import Terminal
from guarddog_gui.domain.wechat.errcodes import Errcode
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError, JssdkErrors
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.message import Sentence, Sentences

_NUMBER = re.compile(r"-?[0-9]{1,18}")
_SHOWN_MAX = 60  # characters of a text that nobody knows


def errcode(terminal: Terminal, sentences: Sentences, jssdk: JssdkErrors, asked: str) -> Exit:
    """The number and its kind or the message, the meaning, what to check, the fix, and the page to open."""
    asked = asked.strip()
    if _NUMBER.fullmatch(asked):
        _put_number(terminal, sentences, jssdk, int(asked))
    else:
        _put_message(terminal, sentences, jssdk, asked)
    return Exit.DONE


def _put_number(terminal: Terminal, sentences: Sentences, jssdk: JssdkErrors, code: int) -> None:
    known = sentences.catalogue.find(code)
    if known is None:
        what = sentences.say("no-such-errcode", code=code)
        raise Stop(Exit.NO_SUCH, Sentence(what, sentences.say("no-such-errcode-todo")))
    kind = "" if known.is_success else f"{known.kind} · "
    terminal.put(f"{code}  {kind}{sentences.kind_of(known)}")
    _put(terminal, sentences, known, jssdk.with_code(code))


def _put_message(terminal: Terminal, sentences: Sentences, jssdk: JssdkErrors, asked: str) -> None:
    known = jssdk.find(asked)
    if known is None:
        what = sentences.say("no-such-jssdk-error", text=_shortened(asked))
        raise Stop(Exit.NO_SUCH, Sentence(what, sentences.say("no-such-jssdk-error-todo")))
    terminal.put(f"{known.message}  JS-SDK")
    _put(terminal, sentences, known, known)


def _put(
    terminal: Terminal, sentences: Sentences, known: Errcode | JssdkError, checked: JssdkError | None
) -> None:
    language = sentences.words.language
    terminal.put(known.meaning(language))
    for line in sentences.checks(checked) if checked else ():
        terminal.put(line)
    terminal.put(known.fix(language))
    if known.page:
        terminal.put(known.page)


def _shortened(text: str) -> str:
    """One line of it that no terminal takes for a command."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= _SHOWN_MAX else f"{line[:_SHOWN_MAX]}…"
