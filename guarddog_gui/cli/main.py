"""The whole command line: reads the arguments, opens the stores, runs one command, ends with its code."""

import logging
import os
import signal
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO, TextIOWrapper
from secrets import token_hex
from types import FrameType
from typing import NoReturn, TextIO

from guarddog_gui import __version__
from guarddog_gui.adapters.files.config_files import SettingsFile
from guarddog_gui.adapters.files.paths import Locations, locations, resource
from guarddog_gui.adapters.logs import logging_started
from guarddog_gui.bootstrap.container import jssdk_errors, open_stores, sentences_for
from guarddog_gui.cli.argparse_messages import argparse_speaking
from guarddog_gui.cli.command_error import OutputLost, Stop
from guarddog_gui.cli.commands import accounts as account_commands
from guarddog_gui.cli.commands import token as token_commands
from guarddog_gui.cli.commands.accounts import NewAccount
from guarddog_gui.cli.commands.completion import completion_script
from guarddog_gui.cli.commands.diagnose import Told, diagnose
from guarddog_gui.cli.commands.doctor import doctor
from guarddog_gui.cli.commands.errcode import errcode
from guarddog_gui.cli.commands.exec import Become, become, exec_command
from guarddog_gui.cli.commands.history import history
from guarddog_gui.cli.commands.sandbox import sandbox
from guarddog_gui.cli.commands.sign import SignOptions, sign
from guarddog_gui.cli.commands.sign_card import sign_card
from guarddog_gui.cli.commands.status import status
from guarddog_gui.cli.context import Desk, Terminal, closed_output
from guarddog_gui.cli.parser import PROGRAM, Arguments
from guarddog_gui.domain.accounts.js_domains import js_domains_in
from guarddog_gui.domain.errors import BadInput, FileTrouble, GuardDogError, LockBusy, NoSuchAccount
from guarddog_gui.domain.message_catalog import CHINESE, ENGLISH
from guarddog_gui.domain.wechat.errcodes import Catalogue
from guarddog_gui.services.card_signing import CardChoiceWish, CardExtWish
from guarddog_gui.services.exit_codes import INTERRUPTED, TERMINATED, Exit, exit_of_error
from guarddog_gui.services.messages.local_time import LocalTime
from guarddog_gui.services.messages.message import Sentence, Sentences

_log = logging.getLogger(__name__)


def start(argv: list[str]) -> int:
    """Run with this process's own streams, environment and clock; the exit code."""
    stdin, err = map(_stream, (sys.stdin, sys.stderr))
    out = closed_output() if sys.stdout is None else _stream(sys.stdout)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminated)
    now = time.time  # noqa: TID251 - a composition root
    terminal = Terminal(os.environ, stdin, out, err, now)
    try:
        return main(argv, terminal)
    except Become as other:
        return become(other.program, terminal, other.sentences)
    except OutputLost as lost:
        # without this the interpreter tries once more to write it, and complains
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return lost.code


def _terminated(_number: int, _frame: FrameType | None) -> NoReturn:
    """Leave by way of every `finally`: a command of an account that runs has to be ended, too."""
    raise SystemExit(TERMINATED)


def _stream(stream: TextIO | None) -> TextIO:
    """The stream, or nothing in its place where the caller has closed it; … becomes ? where it must."""
    if stream is None:
        return open(os.devnull, "r+", encoding="utf-8")  # noqa: PTH123 - Path has no better one
    if stream.writable() and isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def main(argv: list[str], terminal: Terminal) -> int:
    """Run one command; the exit code. Raises OutputLost, Become and nothing else that a person could meet."""
    try:
        places = locations(terminal.environ)
        settings = SettingsFile(places.settings_file)
        catalogue = Catalogue.from_text(resource("errcodes.json").read_text(encoding="utf-8"))
        sentences = sentences_for(
            terminal.environ, settings.load().language, catalogue, LocalTime(terminal.clock)
        )
    except (FileTrouble, OSError, RuntimeError) as trouble:
        # our installation is not whole or not readable, or this person has no home: there are no words yet
        terminal.say(f"{PROGRAM}: {trouble}")
        return Exit.FILE
    with _logging(places):
        try:
            return _ended(argv, terminal, sentences, settings)
        except (OutputLost, Become):
            raise
        except Exception:  # noqa: BLE001 - the last place that can tell a person, and it logs what it was
            _log.exception("guarddogctl ended by a mistake of its own")
            todo = sentences.say("bug-log-todo", path=places.log_file)
            terminal.say(Sentence(sentences.say("bug"), todo))
            return Exit.OUR_BUG


@contextmanager
def _logging(places: Locations) -> Iterator[None]:
    handler = logging_started(places)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _ended(argv: list[str], terminal: Terminal, sentences: Sentences, settings: SettingsFile) -> int:
    """The exit code, with everything said that a person has to know."""
    try:
        code = _run(argv, terminal, sentences)
        terminal.flush()
    except Stop as stop:
        terminal.say(stop.sentence)
        for line in stop.lines:
            terminal.say(line)
        return stop.code
    except GuardDogError as error:
        terminal.say(_sentence_of(error, sentences))
        return exit_of_error(error)
    except OutputLost as lost:
        if lost.reason:
            terminal.say(sentences.say("stdout-trouble", reason=lost.reason))
        raise
    except KeyboardInterrupt:
        terminal.say("")
        return INTERRUPTED
    else:
        return code
    finally:
        _say_about(terminal, sentences, settings.set_aside, settings.trouble)


def _sentence_of(error: GuardDogError, sentences: Sentences) -> Sentence:
    match error:
        case BadInput() | FileTrouble() | LockBusy() | NoSuchAccount():
            return sentences.expected(error)
        case _:
            return Sentence(str(error))


def _say_about(
    terminal: Terminal, sentences: Sentences, set_aside: os.PathLike[str] | None, trouble: FileTrouble | None
) -> None:
    """What a store of ours went through: a damaged file that it kept, a file that it could not use."""
    if set_aside is not None:
        terminal.say(sentences.set_aside(os.fspath(set_aside)))
    if trouble is not None:
        terminal.say(sentences.file_trouble(trouble))


def _run(argv: list[str], terminal: Terminal, sentences: Sentences) -> int:
    said = StringIO()  # argparse says nothing of an output that does not take its help
    try:
        with redirect_stdout(said), redirect_stderr(terminal.err), argparse_speaking(sentences.words):
            told = Arguments(sentences.words, terminal.clock()).parsed(argv)
    except SystemExit as done:
        if said.getvalue():
            terminal.put(said.getvalue().removesuffix("\n"))
        return done.code if isinstance(done.code, int) else Exit.WRONG_USAGE
    if told.version:
        terminal.put(f"{PROGRAM} {__version__}")
        return Exit.DONE
    match told.command:
        case "errcode":
            return _errcode(terminal, sentences, told)
        case "sandbox":
            return sandbox(terminal, sentences, told.port)
        case "completion":
            terminal.put(completion_script(told.shell, PROGRAM))
            return Exit.DONE
        case "watch":
            from guarddog_gui.cli.commands.watch import watch  # the only command that needs Qt

            return watch(terminal, sentences, sandbox=told.sandbox)
        case _:
            return _with_stores(terminal, sentences, told)


def _errcode(terminal: Terminal, sentences: Sentences, told: Namespace) -> Exit:
    if told.lang is not None:
        language = {"GUARDDOG_LANG": {"zh": CHINESE, "en": ENGLISH}[told.lang]}
        sentences = sentences_for(language, "system", sentences.catalogue, sentences.time)
    return errcode(terminal, sentences, jssdk_errors(), " ".join(told.asked))


def _with_stores(terminal: Terminal, sentences: Sentences, told: Namespace) -> Exit:
    stores = open_stores(
        terminal.environ, terminal.clock, secrets=terminal.secrets, needs_address=False
    )  # much is done without WeChat
    try:
        return _at_desk(Desk(terminal, stores, sentences), told)
    finally:
        stores.history.close()
        _say_about(terminal, sentences, stores.accounts.set_aside, None)
        _say_about(terminal, sentences, stores.history.damaged, stores.history.trouble)


def _at_desk(desk: Desk, told: Namespace) -> Exit:
    match told.command:
        case "accounts":
            return _accounts(desk, told)
        case "token":
            form = None if told.json else told.format
            return token_commands.token(desk, told.account, told.key, told.min_ttl, form)
        case "exec":
            return exec_command(desk, told.account, told.min_ttl, told.behind)
        case "refresh":
            return token_commands.refresh(desk, told.account, told.key, force=told.force, yes=told.yes)
        case "sign":
            return _sign(desk, told)
        case "sign-card":
            return sign_card(desk, told.account, _card_wish(told))
        case "diagnose":
            return _diagnose(desk, told)
        case "doctor":
            return doctor(desk, as_json=told.json)
        case "status":
            return status(desk, as_json=told.json)
        case _:
            return history(
                desk, told.account, errors=told.errors, since=told.since, limit=told.limit, as_json=told.json
            )


def _sign(desk: Desk, told: Namespace) -> Exit:
    options = SignOptions(told.form, tuple(told.api), tuple(told.open_tag), told.debug)
    return sign(desk, told.account, told.url, told.nonce, told.timestamp, options)


def _card_wish(told: Namespace) -> CardExtWish | CardChoiceWish:
    nonce = token_hex(8) if told.nonce is None else told.nonce
    if told.choose:
        return CardChoiceWish(nonce, told.timestamp, told.shop_id, told.card_id, told.card_type)
    return CardExtWish(told.card_id, nonce, told.timestamp, told.code, told.openid)


def _diagnose(desk: Desk, told: Namespace) -> Exit:
    about = Told(told.url, told.entry_url, told.signature, told.nonce, told.timestamp, told.config)
    return diagnose(desk, told.account, about, told.ticket, as_json=told.json)


def _accounts(desk: Desk, told: Namespace) -> Exit:
    match told.deed:
        case "add":
            new = NewAccount(
                told.appid,
                told.name,
                told.platform,
                told.endpoint,
                told.dog_dir,
                told.ahead,
                told.card_ticket,
                None if told.js_domain is None else js_domains_in(" ".join(told.js_domain)),
                None if told.outlets is None else tuple(told.outlets),
            )
            return account_commands.add(desk, new, secret_stdin=told.secret_stdin, check=not told.no_check)
        case "list":
            return account_commands.show(desk, as_json=told.json)
        case _:
            return account_commands.remove(desk, told.account, purge=told.purge)
