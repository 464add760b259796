"""`diagnose`: which mistake an invalid signature contains, found by mathematics on this computer."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from guarddog_gui.adapters.files.errors import translate_os_errors
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext, Terminal
from guarddog_gui.cli.fresh_values import require_ticket
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.cli.signals import stop_event
from guarddog_gui.domain.diagnosis import search
from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket
from guarddog_gui.domain.diagnosis.config_parser import parse_pasted_config
from guarddog_gui.domain.diagnosis.diagnosis_input import (
    DiagnosisField,
    DiagnosisInput,
    validate_diagnosis_input,
)
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch, SignatureMatch
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.tokens.record import TokenKind, fingerprint
from guarddog_gui.services.diagnosis import DiagnosisRequest, TicketSource, single_candidate
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.diagnosis import DiagnosisText, diagnosis_text
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.signing import not_signed_message
from guarddog_gui.services.signing import TicketUnsupported

CONFIG_SIZE_MAX = 2**22  # bytes


@dataclass(frozen=True, slots=True)
class DiagnoseArguments:
    """What the command line says about the page and its `wx.config`; None where it says nothing."""

    url: str
    entry_url: str | None
    signature: str | None
    nonce: str | None
    timestamp: str | None
    config_path: str | None  # a file with the block in it; `-` is standard input


def run_diagnose(
    context: CommandContext,
    name_or_appid: str | None,
    args: DiagnoseArguments,
    ticket: str | None,
    *,
    as_json: bool,
) -> ExitCode:
    """Print what is wrong, or what is left to check.

    WeChat is asked only where no live ticket is on disk; where it gives none the old values are tried all
    the same, and only when none of them fits the command ends as that refresh did.
    """
    complaint, problem = _make_request(context, args)
    bad = validate_diagnosis_input(complaint.to_input(()))
    if bad is not None and bad.field is not DiagnosisField.TICKETS:
        raise CommandError(ExitCode.USAGE_ERROR, context.messages.for_bad_input(problem or bad.problem))
    failure: CommandError | None = None
    if ticket is None:
        tickets, failure = _collect_tickets(context, name_or_appid, complaint)
    else:
        tickets = single_candidate(ticket)
    evidence = complaint.to_input(tickets)
    bad = validate_diagnosis_input(evidence)
    if bad is not None:
        raise failure or CommandError(ExitCode.USAGE_ERROR, context.messages.for_bad_input(bad.problem))
    if failure is not None:
        context.terminal.write_message(failure.message)
    result = _run_search(context, evidence)
    said = diagnosis_text(result, context.messages)
    if as_json:
        context.terminal.write_line(json.dumps(_json_fields(result, said), ensure_ascii=False, indent=2))
    else:
        _print_result(context.terminal, said, context.messages)
    if isinstance(result, SignatureMatch):
        return ExitCode.SUCCESS
    return failure.exit_code if failure is not None else ExitCode.USER_ACTION_REQUIRED


def _make_request(
    context: CommandContext, args: DiagnoseArguments
) -> tuple[DiagnosisRequest, InputProblem | None]:
    """What there is to look into, and what is the matter with the block if there is one."""
    read = parse_pasted_config(
        "" if args.config_path is None else _read_config(context.terminal, args.config_path)
    )
    typed = {"signature": args.signature, "nonce": args.nonce, "timestamp": args.timestamp}
    config = replace(read, **{name: text for name, text in typed.items() if text is not None})
    return DiagnosisRequest.from_config(
        config, args.url, args.entry_url or ""
    ), None if args.config_path is None else config.problem


def _read_config(terminal: Terminal, path: str) -> str:
    if path != "-":
        with translate_os_errors(path), open(path, "rb") as file:  # noqa: PTH123 - a Path would change `place`
            return file.read(CONFIG_SIZE_MAX).decode(errors="replace")
    raw = getattr(terminal.stdin, "buffer", None)  # a block may be in any encoding
    return (
        terminal.stdin.read(CONFIG_SIZE_MAX)
        if raw is None
        else raw.read(CONFIG_SIZE_MAX).decode(errors="replace")
    )


def _collect_tickets(
    context: CommandContext, name_or_appid: str | None, request: DiagnosisRequest
) -> tuple[tuple[CandidateTicket, ...], CommandError | None]:
    """Everything that can have been signed with, and why there is no live ticket among it."""
    stores = context.container
    shelf = TicketSource(
        dog_files=stores.dog_files,
        accounts=stores.accounts,
        replaced_tickets=stores.replaced_tickets,
        clock=stores.clock,
    )
    account = shelf.find_account(request) or select_account(context, name_or_appid)
    if TokenKind.JSAPI_TICKET not in account.token_kinds:
        raise CommandError(
            ExitCode.NOT_FOUND, not_signed_message(TicketUnsupported(), account, context.messages)
        )
    record = stores.dog_files.read(account, TokenKind.JSAPI_TICKET)
    if record is not None and record.remaining_s(stores.clock()) > 0:
        return shelf.collect(account), None
    failure = None
    try:
        require_ticket(context, account)
    except CommandError as stop:
        failure = stop
    return shelf.collect(account, record.value if record is not None else ""), failure


def _run_search(context: CommandContext, diagnosis_input: DiagnosisInput) -> SignatureMatch | NoMatch:
    with stop_event() as stopped, _progress_line(context.terminal, context.messages) as progress:
        result = search.diagnose(diagnosis_input, progress, stopped.is_set)
    if isinstance(result, DiagnosisCancelled):
        raise KeyboardInterrupt  # ends as every command does that nobody waits for
    return result


@contextmanager
def _progress_line(terminal: Terminal, messages: Messages) -> Iterator[Callable[[int, int], None]]:
    """Shows how far it is, in one line of a terminal that is gone at the end; nothing anywhere else."""
    shown = ""

    def show(done: int, everything: int) -> None:
        nonlocal shown
        line = messages.text("{percent}% of the variants tried", percent=done * 100 // everything)
        if line != shown:
            terminal.show_progress(f"\r{line}")
            shown = line

    if not terminal.stderr.isatty():
        yield lambda _done, _all: None
        return
    try:
        yield show
    finally:
        if shown:
            terminal.show_progress("\r\033[K")


def _print_result(terminal: Terminal, texts: DiagnosisText, messages: Messages) -> None:
    terminal.write_line(texts.summary.text)
    for place, sentence in enumerate(texts.details, start=1):
        terminal.write_line(f"{place}. {sentence.text}" if texts.ruled_out else sentence.text)
    if texts.ruled_out:
        terminal.write_line(messages.text("Ruled out:"))
        for line in texts.ruled_out:
            terminal.write_line(f"  {line}")


def _json_fields(result: SignatureMatch | NoMatch, texts: DiagnosisText) -> dict[str, object]:
    if isinstance(result, NoMatch):
        return {
            "verdict": "none",
            "text": texts.summary.text,
            "tried": result.tried_count,
            "ruled_out": {group.value: count for group, count in result.ruled_out},
            "suspects": [
                {"kind": suspect.value, **_message_fields(sentence)}
                for suspect, sentence in zip(result.possible_causes, texts.details, strict=True)
            ],
        }
    # a verdict without a URL is the first mistake itself
    sentences = (
        texts.details if len(texts.details) == len(result.mistakes) else (texts.summary, *texts.details)
    )
    ticket = result.ticket
    return {
        "verdict": "mistakes" if result.mistakes else "right",
        "text": texts.summary.text,
        "mistakes": [
            {
                "kind": mistake.kind.value,
                "signed": mistake.signed,
                "meant": mistake.expected,
                **_message_fields(sentence),
            }
            for mistake, sentence in zip(result.mistakes, sentences, strict=True)
        ],
        "signed_url": result.signed_url,
        "page_url": result.page_url,
        "ticket": {
            "source": ticket.origin.value,
            "appid": ticket.appid or None,
            "account": ticket.account_name or None,
            "fingerprint": fingerprint(ticket.value),
        },
    }


def _message_fields(message: Message) -> dict[str, str]:
    return {"text": message.summary, "todo": message.advice}
