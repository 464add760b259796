"""`errcode`: explain an errcode of WeChat or an error message of the JS-SDK."""

from argparse import Namespace
from typing import TYPE_CHECKING

from guarddog_gui.bootstrap.catalogues import load_jssdk_errors, make_messages
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext, Terminal
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.pasted_input import SIZE_MAX, decode_argument, read_pasted_input
from guarddog_gui.domain.message_catalog import CHINESE, ENGLISH
from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from guarddog_gui.domain.wechat.errcodes import Errcode
from guarddog_gui.domain.wechat.jssdk_errors import JssdkError, JssdkErrorCatalog
from guarddog_gui.domain.wechat.pasted_error import PastedError, find_pasted_error, search_errcodes, split_queries
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.wechat.replies import bare_number_lines, other_host_meaning, reply_facts

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.errcode_lists import ListedErrcode

STANDARD_INPUT = "-"
_SHOWN_LENGTH_MAX = 60  # characters of an unknown message
_FOUND_MAX = 20  # errcodes with the words of a query
_HOSTS = {"api": ErrcodeHost.API, "work": ErrcodeHost.WORK}


def register(command: CommandDefinition) -> None:
    text = command.text
    command.parser.add_argument(
        "query",
        nargs="+",
        metavar="N|MESSAGE",
        help=text("the number, a message, words or the whole reply, for example 40164; - reads standard input"),
    )
    command.parser.add_argument(
        "--host",
        choices=tuple(_HOSTS),
        help=text("host that returned it: api.weixin.qq.com or qyapi.weixin.qq.com (WeCom); default: both"),
    )
    command.parser.add_argument("--lang", choices=("zh", "en"), help=text("language of the answer"))
    command.set_examples(
        f"{PROGRAM} errcode 40164",
        f"{PROGRAM} errcode 40001 40164",
        f"{PROGRAM} errcode -1 --lang zh",
        f"{PROGRAM} errcode 40003 --host work",
        f"{PROGRAM} errcode menu button",
        f'{PROGRAM} errcode "config:fail,Error: invalid signature"',
        f"{PROGRAM} errcode - < reply.json",
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Print the meaning of an errcode or message, what to check, the fix, and the page to open."""
    messages = context.messages
    if args.lang is not None:
        language = {"GUARDDOG_LANG": {"zh": CHINESE, "en": ENGLISH}[args.lang]}
        messages = make_messages(language, "system", messages.errcode_catalog, messages.format_time)
    jssdk_errors = load_jssdk_errors()
    queries = split_queries(tuple(map(decode_argument, args.query)), messages.errcode_catalog, jssdk_errors)
    if queries == (STANDARD_INPUT,):
        text = read_pasted_input(context, STANDARD_INPUT)
        queries = (text.strip(),)
        if _has_more_input(context.terminal, text):
            size = SIZE_MAX // 2**20
            context.terminal.write_line(messages.text("Only the first {size} MB of the input were read.", size=size))
    host = _HOSTS.get(args.host)
    unknown: list[Message] = []
    explained_count = 0
    for query in queries:
        pasted = find_pasted_error(query, messages.errcode_catalog, jssdk_errors, host)
        found = () if pasted.is_explained else search_errcodes(query, messages.errcode_catalog, host)
        if not pasted.is_explained and (not found or pasted.reply.errcode is not None):
            unknown.append(_unknown_message(messages, pasted, query))
            continue
        if explained_count:
            context.terminal.write_line("")
        explained_count += 1
        if found:
            _print_found(context.terminal, messages, found)
        else:
            _explain(context.terminal, messages, pasted, jssdk_errors)
    if not unknown:
        return ExitCode.SUCCESS
    raise CommandError(ExitCode.NOT_FOUND, unknown[0], tuple(message.text for message in unknown[1:]))


def _explain(terminal: Terminal, messages: Messages, pasted: PastedError, jssdk_errors: JssdkErrorCatalog) -> None:
    for line in bare_number_lines(pasted.reply, messages):
        terminal.write_line(line)
    if pasted.errcode is not None:
        _print_errcode(terminal, messages, pasted.errcode, jssdk_errors)
    elif pasted.jssdk_error is not None:
        _print_jssdk_error(terminal, messages, pasted.jssdk_error)
    if pasted.listed:
        _print_listed(terminal, messages, pasted.listed)
    for line in reply_facts(pasted.reply, messages):
        terminal.write_line(line)


def _print_errcode(terminal: Terminal, messages: Messages, known: Errcode, jssdk_errors: JssdkErrorCatalog) -> None:
    kind = "" if known.is_success else f"{known.kind} · "
    terminal.write_line(f"{known.code}  {kind}{messages.errcode_kind_name(known)}")
    _print_explanation(terminal, messages, known, jssdk_errors.find_by_code(known.code))
    elsewhere = known.elsewhere(messages.message_catalog.language)
    if elsewhere:
        terminal.write_line(other_host_meaning(elsewhere, known.host, messages))


def _print_listed(terminal: Terminal, messages: Messages, entries: "tuple[ListedErrcode, ...]") -> None:
    """Explain the entries of the lists for one number or message: one for each thing that it means."""
    from guarddog_gui.services.messages.wechat.listed_errcodes import listed_details, listed_heading

    for position, entry in enumerate(entries):
        if position:
            terminal.write_line("")
        terminal.write_line(f"{entry.code}  {listed_heading(entry, messages)}")
        terminal.write_line(messages.listed_meaning(entry))
        for line in listed_details(entry, messages):
            terminal.write_line(line)
        if entry.help_url:
            terminal.write_line(entry.help_url)


def _print_found(terminal: Terminal, messages: Messages, found: "tuple[Errcode | ListedErrcode, ...]") -> None:
    """List the errcodes with the words of a query, one a line; those of WeCom with their host."""
    from guarddog_gui.services.messages.wechat.listed_errcodes import left_out_text

    for entry in found[:_FOUND_MAX]:
        meaning = entry.meaning(messages.language) if isinstance(entry, Errcode) else messages.listed_meaning(entry)
        host = f"  ({entry.host})" if entry.host is ErrcodeHost.WORK else ""
        terminal.write_line(f"{entry.code}  {meaning}{host}")
    left_out = len(found) - _FOUND_MAX
    if left_out > 0:
        terminal.write_line(left_out_text(left_out, messages))


def _print_jssdk_error(terminal: Terminal, messages: Messages, known: JssdkError) -> None:
    terminal.write_line(f"{known.message}  JS-SDK")
    _print_explanation(terminal, messages, known, known)


def _unknown_message(messages: Messages, pasted: PastedError, query: str) -> Message:
    if pasted.reply.errcode is not None:
        what = messages.text("Guard Dog does not know the errcode {code}.", code=pasted.reply.errcode)
        advice = messages.text("Look it up in WeChat's list of return codes.")
        return Message(what, " ".join((advice, *reply_facts(pasted.reply, messages))))
    return messages.message(
        "Guard Dog does not know the message “{text}”.",
        "Give an errcode such as 40164, a message such as invalid signature, or words that the explanation has.",
        text=_to_short_line(query),
    )


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


def _has_more_input(terminal: Terminal, text: str) -> bool:
    """Return True if standard input is longer than the text that was read from it."""
    if len(text) < SIZE_MAX // 4:  # of at most 4 bytes each; a terminal would wait for another Ctrl+D
        return False
    return bool(getattr(terminal.stdin, "buffer", terminal.stdin).read(1))


def _to_short_line(text: str) -> str:
    """Return one line without control characters, which a terminal might obey."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _SHOWN_LENGTH_MAX else f"{line[:_SHOWN_LENGTH_MAX]}…"
