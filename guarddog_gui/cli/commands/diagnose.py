"""`diagnose`: find the mistake in an invalid signature by computing variants of it."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext, Terminal, stop_flag
from guarddog_gui.cli.fresh_values import require_ticket
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.pasted_input import read_pasted_input
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.domain.diagnosis import search
from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket
from guarddog_gui.domain.diagnosis.diagnosis_input import DiagnosisField, DiagnosisInput, validate_diagnosis_input
from guarddog_gui.domain.diagnosis.mistakes import MistakeKind, Mistakes
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch, SignatureMatch
from guarddog_gui.domain.paste.config import read_config
from guarddog_gui.domain.paste.other_tokens import find_other_token
from guarddog_gui.domain.paste.ticket import read_ticket
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.tokens.record import TokenKind, fingerprint
from guarddog_gui.services.diagnosis import DiagnosisRequest, single_candidate
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.fresh_values import FetchedValues
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.signing.diagnosis import DiagnosisText, diagnosis_text, several_signatures_text
from guarddog_gui.services.messages.signing.signatures import not_signed_message
from guarddog_gui.services.signing import TicketUnsupported


def register(command: CommandDefinition) -> None:
    text = command.text
    command.parser.add_argument("url", metavar="URL", help=text("the page's address as the browser shows it"))
    command.add_account()
    command.add_option("--signature", "S", text("the signature that the page gave to wx.config"))
    command.add_option("--nonce", "N", text("the nonceStr that the page gave to wx.config"))
    command.add_option("--timestamp", "T", text("the timestamp that the page gave to wx.config"))
    command.add_option(
        "--config", "FILE", text("a file with the wx.config block in it, in any form; - is standard input")
    )
    command.add_option("--entry-url", "URL", text("where a single-page app was entered, if that is another address"))
    command.add_option("--ticket", "T", text("the only jsapi_ticket to try; nothing is read or fetched then"))
    command.add_json_flag()
    command.set_examples(
        f"{PROGRAM} diagnose https://a.example.cn/p --signature 0f9d… --nonce Wm3W… --timestamp 1414587457",
        f"{PROGRAM} diagnose 'https://a.example.cn/p?id=1' Shop --config block.txt",
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Print the mistake that was found, or what is left to check.

    WeChat is asked for a ticket only if no valid one is on disk. If it gives none, the old values are tried
    nevertheless; the failed refresh decides the exit code only if none of them fits.
    """
    request, config_problem = _make_request(context, args)
    invalid = validate_diagnosis_input(request.to_input(()))
    if invalid is not None and invalid.field is not DiagnosisField.TICKETS:
        message = context.messages.for_bad_input(config_problem or invalid.problem)
        raise CommandError(ExitCode.USAGE_ERROR, message)
    failure: CommandError | None = None
    if args.ticket is None:
        tickets, failure = _collect_tickets(context, args.account, request)
    else:
        tickets = _given_ticket(context, args.ticket)
        if args.account is not None:
            unused = context.messages.text("With --ticket no ticket of an account is tried; the account has no effect.")
            context.terminal.write_message(unused)
    diagnosis_input = request.to_input(tickets)
    invalid = validate_diagnosis_input(diagnosis_input)
    if invalid is not None:
        raise failure or CommandError(ExitCode.USAGE_ERROR, context.messages.for_bad_input(invalid.problem))
    if failure is not None:
        context.terminal.write_message(failure.message)
    result = _run_search(context, diagnosis_input)
    texts = diagnosis_text(result, context.messages)
    if args.json:
        context.terminal.write_json(_json_fields(result, texts))
    else:
        _print_result(context.terminal, texts, context.messages)
    if isinstance(result, SignatureMatch):
        return ExitCode.SUCCESS
    return failure.exit_code if failure is not None else ExitCode.USER_ACTION_REQUIRED


def _make_request(context: CommandContext, args: Namespace) -> tuple[DiagnosisRequest, InputProblem | None]:
    """Return what to diagnose, and what is wrong with the `wx.config` block if one was given."""
    block = "" if args.config is None else read_pasted_input(context, args.config)
    config = read_config(block)
    if config.has_other_signature and args.signature is None:
        context.terminal.write_message(several_signatures_text(config.signature, context.messages))
    options = {"signature": args.signature, "nonce": args.nonce, "timestamp": args.timestamp}
    config = replace(config, **{name: text for name, text in options.items() if text is not None})
    request = DiagnosisRequest.from_config(config, args.url, args.entry_url or "")
    return request, None if args.config is None else config.problem


def _given_ticket(context: CommandContext, text: str) -> tuple[CandidateTicket, ...]:
    ticket = read_ticket(text)
    if not ticket:
        problem = find_other_token(text) or InputProblem.TICKET_NOT_FOUND
        raise CommandError(ExitCode.USAGE_ERROR, context.messages.for_bad_input(problem))
    return single_candidate(ticket)


def _collect_tickets(
    context: CommandContext, name_or_appid: str | None, request: DiagnosisRequest
) -> tuple[tuple[CandidateTicket, ...], CommandError | None]:
    """Return all tickets that may have been used, and why no valid one is among them."""
    container = context.container
    ticket_source = container.make_ticket_source()
    account = ticket_source.find_account(request)
    if account is None or name_or_appid is not None:
        named = select_account(context, name_or_appid)
        if account is not None and account.appid != named.appid:
            other = context.messages.text("The wx.config is of {name}: its ticket is tried.", name=account.name)
            context.terminal.write_message(other)
        account = account or named
    if TokenKind.JSAPI_TICKET not in account.token_kinds:
        raise CommandError(ExitCode.NOT_FOUND, not_signed_message(TicketUnsupported(), account, context.messages))
    record = container.own_values.read(account, TokenKind.JSAPI_TICKET)
    if record is not None and record.remaining_s(container.clock()) > 0:
        return ticket_source.collect(account), None
    failure = None
    try:
        fetched = {TokenKind.JSAPI_TICKET: require_ticket(context, account)}
        ticket_source = replace(ticket_source, dog_files=FetchedValues(container.own_values, account, fetched))
    except CommandError as error:
        failure = error
    return ticket_source.collect(account, record.value if record is not None else ""), failure


def _run_search(context: CommandContext, diagnosis_input: DiagnosisInput) -> SignatureMatch | NoMatch:
    with stop_flag() as stopped, _progress_line(context.terminal, context.messages) as progress:
        result = search.diagnose(diagnosis_input, progress, stopped.is_set)
    if isinstance(result, DiagnosisCancelled):
        raise KeyboardInterrupt  # ends as any other interrupted command
    return result


@contextmanager
def _progress_line(terminal: Terminal, messages: Messages) -> Iterator[Callable[[int, int], None]]:
    """Show the progress in one line of a terminal, erased at the end; nothing if it is no terminal."""
    shown = ""

    def show(done: int, total: int) -> None:
        nonlocal shown
        line = messages.text("{percent}% of the variants tried", percent=done * 100 // total)
        if line != shown:
            terminal.show_progress(f"\r{line}")
            shown = line

    if not terminal.stderr.isatty():
        yield lambda _done, _total: None
        return
    try:
        yield show
    finally:
        if shown:
            terminal.show_progress("\r\033[K")


def _print_result(terminal: Terminal, texts: DiagnosisText, messages: Messages) -> None:
    terminal.write_line(texts.summary.text)
    for number, message in enumerate(texts.details, start=1):
        terminal.write_line(f"{number}. {message.text}" if texts.ruled_out else message.text)
    if texts.ruled_out:
        terminal.write_line(messages.text("Ruled out:"))
        for line in texts.ruled_out:
            terminal.write_line(f"  {line}")


def _json_fields(result: SignatureMatch | NoMatch, texts: DiagnosisText) -> dict[str, object]:
    if isinstance(result, NoMatch):
        count = len(result.config_mistakes)
        return {
            "verdict": "none",
            "text": texts.summary.text,
            "tried": result.tried_count,
            "ruled_out": {group.value: count for group, count in result.ruled_out},
            "mistakes": _mistake_fields(result.config_mistakes, texts.details[:count]),
            "suspects": [
                {"kind": suspect.value, **_message_fields(message)}
                for suspect, message in zip(result.possible_causes, texts.details[count:], strict=True)
            ],
        }
    # where no URL could be told, the summary is the text of the first mistake
    messages = texts.details if len(texts.details) == len(result.mistakes) else (texts.summary, *texts.details)
    ticket = result.ticket
    has_ticket = all(mistake.kind is not MistakeKind.NO_TICKET for mistake in result.mistakes)
    ticket_fields = {
        "source": ticket.origin.value,
        "appid": ticket.appid or None,
        "account": ticket.account_name or None,
        "fingerprint": fingerprint(ticket.value),
    }
    return {
        "verdict": "mistakes" if result.mistakes else "right",
        "text": texts.summary.text,
        "mistakes": _mistake_fields(result.mistakes, messages),
        "signed_url": result.signed_url,
        "page_url": result.page_url,
        "ticket": ticket_fields if has_ticket else None,
    }


def _mistake_fields(mistakes: Mistakes, messages: tuple[Message, ...]) -> list[dict[str, str]]:
    return [
        {"kind": mistake.kind.value, "signed": mistake.signed, "meant": mistake.expected} | _message_fields(message)
        for mistake, message in zip(mistakes, messages, strict=True)
    ]


def _message_fields(message: Message) -> dict[str, str]:
    return {"text": message.summary, "todo": message.advice}
