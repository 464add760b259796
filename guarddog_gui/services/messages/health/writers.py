"""Findings about other programs that renew the values of an account."""

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.health.other_writers import OtherWriters
from guarddog_gui.domain.health.results import EngineProcess, OpenFile
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.health.findings import make_finding
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.texts import join_sentences

_PROGRAMS_MAX = 5  # that are named


def other_writers_findings(
    account: Account,
    kind: TokenKind,
    writers: OtherWriters,
    owner: str,
    programs: tuple[OpenFile, ...],
    messages: Messages,
) -> list[Finding]:
    """Return what other programs did with one key; `owner` is the other user who owns the file, or empty."""
    found: list[Message] = []
    if writers.write_count:
        summary = messages.text(
            "In the last 24 hours another program has written {key}.dog: {adopted} values were taken over, "
            "{rejected} were not; the last one at {time}.",
            key=kind.value,
            adopted=writers.adopted_count,
            rejected=writers.rejected_count,
            time=messages.format_time(writers.last_write_at),
        )
        if writers.rejected is not None:
            summary = join_sentences(summary, messages.for_rejected_write(kind.value, writers.rejected.detail).summary)
        summary = join_sentences(summary, _suspects(owner, programs, messages))
        advice = messages.text("Let it follow: with the loader for Node it only reads the file.")
        found.append(Message(summary, advice))
    if writers.superseded is not None:
        message = messages.for_superseded_token(writers.superseded, account)
        count = messages.text("In the last 24 hours: {count}.", count=writers.superseded_count)
        found.append(replace(message, summary=join_sentences(message.summary, count)))
    return [
        make_finding(
            HealthCheck.FOREIGN_WRITES,
            CheckStatus.WARNING,
            replace(message, summary=f"{account.name}: {message.summary}"),
        )
        for message in found
    ]


def _suspects(owner: str, programs: tuple[OpenFile, ...], messages: Messages) -> str:
    """Return what is known of the program that writes: the owner of the file, and who has the folder open now."""
    sentences = ""
    if owner:
        sentences = messages.text("The file belongs to {owner}.", owner=owner)
    if programs:
        names = ", ".join(
            dict.fromkeys(f"{program.program} (pid {program.pid})" for program in programs[:_PROGRAMS_MAX])
        )
        sentences = join_sentences(sentences, messages.text("Open at the moment by: {programs}.", programs=names))
    return sentences


def other_guard_dog_finding(account: Account, engine: EngineProcess, messages: Messages) -> Finding:
    message = messages.message(
        "{name}: A second Guard Dog ({program}, pid {pid}) refreshes this account, too, with its own folder {folder}.",
        "Let one of them go, or let both use the same folder (GUARDDOG_HOME).",
        name=account.name,
        program=engine.program,
        pid=engine.pid,
        folder=engine.data_dir,
    )
    return make_finding(HealthCheck.FOREIGN_WRITES, CheckStatus.WARNING, message)
