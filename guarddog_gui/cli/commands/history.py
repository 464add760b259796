"""`history`: print past refresh attempts, newest first."""

import re
from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import asdict

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition, parse_integer
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.domain.accounts.account import find_account
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.refresh.history import HistoryEntry, HistoryFilter
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.messages.texts import format_iso, format_timestamp

_PAGE_SIZE = 500
_AGO_PATTERN = re.compile(r"([0-9]{1,6})([smhdw])")
_UNIX_PATTERN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_DATE_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ERRCODE_PATTERN = re.compile(r"-?[0-9]{1,9}")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def register(command: CommandDefinition) -> None:
    text = command.text
    command.add_account(text("AppID or name; all accounts if it is left out"))
    command.add_flag("--errors", text("failures only"))
    no_time = N_("not a time: “{text}”. Take 2h, 7d, 2026-11-03, 2026-11-03T14:40 or Unix seconds")
    since = command.argument_type(partial(parse_since, now=command.now), no_time)
    since_help = text("since when: 2h, 7d, 2026-11-03, 2026-11-03T14:40 or Unix seconds")
    command.parser.add_argument("--since", type=since, metavar="T", help=since_help)
    until = command.argument_type(partial(parse_until, now=command.now), no_time)
    until_help = text("until when, in the same forms; a date alone includes that day")
    command.parser.add_argument("--until", type=until, metavar="T", help=until_help)
    command.add_choice("--key", TokenKind, text("attempts for this value only"))
    no_errcode = N_("not an errcode: “{text}”. Take a whole number such as 40164 or -1")
    errcode = command.argument_type(parse_errcode, no_errcode)
    command.parser.add_argument("--errcode", type=errcode, metavar="N", help=text("attempts with this errcode only"))
    no_limit = N_("not a whole number from 1 to 1000000000: “{text}”")
    limit = command.argument_type(partial(parse_integer, minimum=1), no_limit)
    command.parser.add_argument("--limit", type=limit, default=50, metavar="N", help=text("at most N (default 50)"))
    command.add_json_flag()
    command.set_examples(
        f"{PROGRAM} history --errors --since 7d",
        f"{PROGRAM} history Shop --errcode 40164 --since 2026-11-01 --until 2026-11-03",
        f"{PROGRAM} history Shop --key ACCESS_TOKEN --limit 500 --json",
    )


def parse_since(text: str, now: float) -> float | None:
    """Return Unix seconds for `2h`, `7d`, Unix seconds or ISO 8601 (local without an offset), or None."""
    ago = _AGO_PATTERN.fullmatch(text)
    if ago:
        return now - int(ago[1]) * _UNIT_SECONDS[ago[2]]
    if _UNIX_PATTERN.fullmatch(text):
        return float(text)
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def parse_until(text: str, now: float) -> float | None:
    """Return Unix seconds as `parse_since`; for a date alone, those of the end of the day."""
    if not _DATE_PATTERN.fullmatch(text):
        return parse_since(text, now)
    try:
        next_day = datetime.fromisoformat(text) + timedelta(days=1)  # not 24 hours: some days have 23 or 25
        return next_day.timestamp() - 0.001
    except (ValueError, OverflowError, OSError):
        return None


def parse_errcode(text: str) -> int | None:
    return int(text) if _ERRCODE_PATTERN.fullmatch(text) else None


def run(context: CommandContext, args: Namespace) -> ExitCode:
    appid = None if args.account is None else _resolve_appid(context, args.account)
    if args.since is not None and args.until is not None and args.since > args.until:
        message = context.messages.message(
            "--since is later than --until, so nothing can match.", "Exchange the two times, or leave one out."
        )
        raise CommandError(ExitCode.USAGE_ERROR, message)
    history_filter = HistoryFilter(
        appid=appid, only_failures=args.errors, since=args.since, until=args.until, key=args.key, errcode=args.errcode
    )
    entries = list(_iter_entries(context.container, history_filter, args.limit))
    if args.json:
        context.terminal.write_json([_json_fields(entry) for entry in entries])
    else:
        names = {account.appid: account.name for account in context.container.accounts.load()}
        rows = [_format_row(context.messages, entry, names.get(entry.appid, entry.appid)) for entry in entries]
        context.terminal.write_table(rows)
    if context.container.history.write_error is not None:
        return ExitCode.FILE_ERROR  # `main` reports it after every command
    if not entries and not args.json:
        context.terminal.write_message(context.messages.text("The history has nothing that matches."))
    return ExitCode.SUCCESS


def _resolve_appid(context: CommandContext, name_or_appid: str) -> str:
    """Return the appid of an account, or of a removed one with a history. Raises CommandError."""
    is_known = find_account(context.container.accounts.load(), name_or_appid) is not None
    if not is_known and context.container.history.count(HistoryFilter(appid=name_or_appid)) > 0:
        return name_or_appid
    return select_account(context, name_or_appid).appid


def _iter_entries(container: Container, history_filter: HistoryFilter, limit: int) -> Iterator[HistoryEntry]:
    before: int | None = None
    while limit > 0:
        rows = container.history.read_page(history_filter, before, min(limit, _PAGE_SIZE))
        yield from (row.entry for row in rows)
        if len(rows) < min(limit, _PAGE_SIZE):
            return
        limit, before = limit - len(rows), rows[-1].id


def _format_row(messages: Messages, entry: HistoryEntry, account_name: str) -> tuple[str, ...]:
    said = "" if entry.is_success else messages.for_entry(entry).summary
    code = "" if entry.errcode is None else str(entry.errcode)
    return (
        format_timestamp(entry.at),
        account_name,
        entry.key,
        messages.trigger_name(entry.trigger),
        messages.result_name(entry.result),
        code,
        f"{entry.took_ms} ms",
        said or entry.fingerprint,
    )


def _json_fields(entry: HistoryEntry) -> dict[str, object]:
    fields = asdict(entry)
    del fields["expires_at"]
    return {"at": entry.at, "at_iso": format_iso(entry.at), **fields}
