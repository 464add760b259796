"""`diagnose`: which mistake an invalid signature contains, found by mathematics on this computer."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from guarddog_gui.adapters.files.errors import troubles_of
from guarddog_gui.cli.command_error import Stop
from guarddog_gui.cli.context import Desk, Terminal
from guarddog_gui.cli.fresh_values import fetch_ticket
from guarddog_gui.cli.select_account import chosen
from guarddog_gui.cli.signals import stop_signal
from guarddog_gui.domain.diagnosis import search as forensics
from guarddog_gui.domain.diagnosis.candidate_tickets import KnownTicket
from guarddog_gui.domain.diagnosis.config_parser import pasted_config
from guarddog_gui.domain.diagnosis.search import (
    Cancelled,
    Evidence,
    EvidenceField,
    Match,
    NoMatch,
    bad_evidence,
)
from guarddog_gui.domain.tokens.record import TokenKind, fingerprint
from guarddog_gui.services.diagnosis import Complaint, TicketShelf, given_ticket
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.diagnosis import Diagnosed, diagnosed
from guarddog_gui.services.messages.message import Sentence, Sentences
from guarddog_gui.services.messages.signing import not_signed
from guarddog_gui.services.signing import NeverATicket

CONFIG_MAX = 2**22  # bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What the command line says about the page and its `wx.config`; None where it says nothing."""

    url: str
    entry: str | None
    signature: str | None
    nonce: str | None
    timestamp: str | None
    config: str | None  # a file with the block in it; `-` is standard input


def diagnose(desk: Desk, wanted: str | None, told: Told, ticket: str | None, *, as_json: bool) -> Exit:
    """Print what is wrong, or what is left to check.

    WeChat is asked only where no live ticket is on disk; where it gives none the old values are tried all
    the same, and only when none of them fits the command ends as that refresh did.
    """
    complaint, problem = _complaint(desk, told)
    bad = bad_evidence(complaint.evidence(()))
    if bad is not None and bad.field is not EvidenceField.TICKETS:
        raise Stop(Exit.WRONG_USAGE, desk.sentences.bad_input(problem or bad.problem))
    failure: Stop | None = None
    if ticket is None:
        tickets, failure = _tickets(desk, wanted, complaint)
    else:
        tickets = given_ticket(ticket)
    evidence = complaint.evidence(tickets)
    bad = bad_evidence(evidence)
    if bad is not None:
        raise failure or Stop(Exit.WRONG_USAGE, desk.sentences.bad_input(bad.problem))
    if failure is not None:
        desk.terminal.say(failure.sentence)
    result = _searched(desk, evidence)
    said = diagnosed(result, desk.sentences)
    if as_json:
        desk.terminal.put(json.dumps(_fields(result, said), ensure_ascii=False, indent=2))
    else:
        _put(desk.terminal, said, desk.sentences)
    if isinstance(result, Match):
        return Exit.DONE
    return failure.code if failure is not None else Exit.PERSON_MUST_ACT


def _complaint(desk: Desk, told: Told) -> tuple[Complaint, str | None]:
    """What there is to look into, and what is the matter with the block if there is one."""
    read = pasted_config("" if told.config is None else _text_of(desk.terminal, told.config))
    typed = {"signature": told.signature, "nonce": told.nonce, "timestamp": told.timestamp}
    config = replace(read, **{name: text for name, text in typed.items() if text is not None})
    return Complaint.about(
        config, told.url, told.entry or ""
    ), None if told.config is None else config.problem


def _text_of(terminal: Terminal, place: str) -> str:
    if place != "-":
        with troubles_of(place), open(place, "rb") as file:  # noqa: PTH123 - a Path would change `place`
            return file.read(CONFIG_MAX).decode(errors="replace")
    raw = getattr(terminal.stdin, "buffer", None)  # a block may be in any encoding
    return terminal.stdin.read(CONFIG_MAX) if raw is None else raw.read(CONFIG_MAX).decode(errors="replace")


def _tickets(
    desk: Desk, wanted: str | None, complaint: Complaint
) -> tuple[tuple[KnownTicket, ...], Stop | None]:
    """Everything that can have been signed with, and why there is no live ticket among it."""
    stores = desk.stores
    shelf = TicketShelf(
        dogs=stores.dogs, accounts=stores.accounts, earlier=stores.tickets, clock=stores.clock
    )
    account = shelf.account_in(complaint) or chosen(desk, wanted)
    if TokenKind.JSAPI_TICKET not in account.kinds:
        raise Stop(Exit.NO_SUCH, not_signed(NeverATicket(), account, desk.sentences))
    record = stores.dogs.read(account, TokenKind.JSAPI_TICKET)
    if record is not None and record.left(stores.clock()) > 0:
        return shelf.tickets(account), None
    failure = None
    try:
        fetch_ticket(desk, account)
    except Stop as stop:
        failure = stop
    return shelf.tickets(account, record.value if record is not None else ""), failure


def _searched(desk: Desk, evidence: Evidence) -> Match | NoMatch:
    with stop_signal() as stopped, _progress_on(desk.terminal, desk.sentences) as progress:
        result = forensics.diagnose(evidence, progress, stopped.is_set)
    if isinstance(result, Cancelled):
        raise KeyboardInterrupt  # ends as every command does that nobody waits for
    return result


@contextmanager
def _progress_on(terminal: Terminal, sentences: Sentences) -> Iterator[Callable[[int, int], None]]:
    """Shows how far it is, in one line of a terminal that is gone at the end; nothing anywhere else."""
    shown = ""

    def show(done: int, everything: int) -> None:
        nonlocal shown
        line = sentences.say("diagnosis-progress", percent=done * 100 // everything)
        if line != shown:
            terminal.note(f"\r{line}")
            shown = line

    if not terminal.err.isatty():
        yield lambda _done, _all: None
        return
    try:
        yield show
    finally:
        if shown:
            terminal.note("\r\033[K")


def _put(terminal: Terminal, said: Diagnosed, sentences: Sentences) -> None:
    terminal.put(said.verdict.text)
    for place, sentence in enumerate(said.details, start=1):
        terminal.put(f"{place}. {sentence.text}" if said.ruled_out else sentence.text)
    if said.ruled_out:
        terminal.put(sentences.say("ruled-out"))
        for line in said.ruled_out:
            terminal.put(f"  {line}")


def _fields(result: Match | NoMatch, said: Diagnosed) -> dict[str, object]:
    if isinstance(result, NoMatch):
        return {
            "verdict": "none",
            "text": said.verdict.text,
            "tried": result.tried,
            "ruled_out": {group.value: count for group, count in result.ruled_out},
            "suspects": [
                {"kind": suspect.value, **_sentence_fields(sentence)}
                for suspect, sentence in zip(result.suspects, said.details, strict=True)
            ],
        }
    # a verdict without a URL is the first mistake itself
    sentences = said.details if len(said.details) == len(result.mistakes) else (said.verdict, *said.details)
    ticket = result.ticket
    return {
        "verdict": "mistakes" if result.mistakes else "right",
        "text": said.verdict.text,
        "mistakes": [
            {
                "kind": mistake.kind.value,
                "signed": mistake.signed,
                "meant": mistake.meant,
                **_sentence_fields(sentence),
            }
            for mistake, sentence in zip(result.mistakes, sentences, strict=True)
        ],
        "signed_url": result.url,
        "page_url": result.page,
        "ticket": {
            "source": ticket.source.value,
            "appid": ticket.appid or None,
            "account": ticket.account or None,
            "fingerprint": fingerprint(ticket.value),
        },
    }


def _sentence_fields(sentence: Sentence) -> dict[str, str]:
    return {"text": sentence.what, "todo": sentence.todo}
