"""`status`: print one line per token, read from disk alone."""

from argparse import Namespace
from functools import partial
from typing import TYPE_CHECKING

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.context import PROGRAM, CommandContext, stop_flag
from guarddog_gui.cli.parser import CommandDefinition, parse_integer
from guarddog_gui.cli.select_account import exit_code_of_list, no_account_message, select_account
from guarddog_gui.cli.tables.columns import should_use_colours, truncate, wrap
from guarddog_gui.cli.tables.status_screen import fit_lines, sort_failing_first
from guarddog_gui.cli.tables.status_table import StatusRow, format_advice, format_status_table
from guarddog_gui.cli.unused_options import refuse_beside, refuse_without
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.targets import target_to_dict
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.printable import printable
from guarddog_gui.domain.refresh import retries
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.refresh.status import build_account_status
from guarddog_gui.domain.tokens.record import TokenKind, fingerprint
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.texts import format_iso, format_timestamp

if TYPE_CHECKING:
    from guarddog_gui.domain.exports.reports import ExportStatus


_INTERVAL_S = 2  # between two looks of --watch
_CURSOR_HOME, _CLEAR_SCREEN, _CLEAR_LINE_END, _CLEAR_BELOW = "\x1b[H", "\x1b[2J", "\x1b[K", "\x1b[J"
_HIDE_CURSOR, _SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"


def register(command: CommandDefinition) -> None:
    text = command.text
    command.add_account(text("AppID or name; all accounts if it is left out"))
    command.add_json_flag()
    watch_help = text("show it again and again, until Ctrl+C; what is due is refreshed by watch or the tray app")
    command.parser.add_argument("-w", "--watch", action="store_true", help=watch_help)
    no_interval = N_("not a whole number from 1 to 1000000000: “{text}”")
    interval = command.argument_type(partial(parse_integer, minimum=1), no_interval)
    interval_help = text("with --watch: seconds between two looks (default 2)")
    command.parser.add_argument("--interval", type=interval, metavar="S", help=interval_help)
    command.set_examples(f"{PROGRAM} status", f"{PROGRAM} status Shop -w", f"{PROGRAM} status --json")


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Print the state of every key; neither keyring nor network are used."""
    if args.json:
        refuse_beside(context, args, "--json", "--watch")
    if not args.watch:
        refuse_without(context, args, "--watch", "--interval")
    if args.watch:
        return _watch(context, args)
    accounts = _choose_accounts(context, args.account)
    now = context.container.clock()
    rows = _rows_of_accounts(context, accounts, now)
    if args.json:
        exports = {account.appid: _export_fields(context, account) for account in accounts}
        fields = [_json_fields(context, row, now) | {"outlets": exports[row.account.appid]} for row in rows]
        context.terminal.write_json(fields)
        return exit_code_of_list(context)
    if not rows:
        context.terminal.write_message(no_account_message(context))
        return exit_code_of_list(context)
    for line in _table_lines(context, rows, now):
        context.terminal.write_styled(f"{line}\n")
    for line in _advice_lines(context, rows):
        context.terminal.write_message(line)
    return exit_code_of_list(context)


def _choose_accounts(context: CommandContext, name_or_appid: str | None) -> tuple[Account, ...]:
    """Return the named account or all. Raises CommandError."""
    return context.container.accounts.load() if name_or_appid is None else (select_account(context, name_or_appid),)


def _rows_of_accounts(context: CommandContext, accounts: tuple[Account, ...], now: float) -> list[StatusRow]:
    return [row for account in accounts for row in _status_rows(context.container, account, now)]


def _table_lines(context: CommandContext, rows: list[StatusRow], now: float, width: int | None = None) -> list[str]:
    terminal = context.terminal
    use_colours = should_use_colours(terminal.stdout, terminal.environ)
    return format_status_table(rows, context.messages, now, use_colours=use_colours, width=width)


def _advice_lines(context: CommandContext, rows: list[StatusRow]) -> list[str]:
    """Return what to do about failures of keys and of exports."""
    lines = format_advice(rows, context.messages)
    for account in dict.fromkeys(row.account for row in rows):
        statuses = _export_statuses(context, account)
        texts = [message.text for _, message in statuses if message is not None]
        lines += [context.messages.text("{name}: {text}", name=account.name, text=text) for text in texts]
        lines += _sharing_lines(context, account)
    return lines


def _sharing_lines(context: CommandContext, account: Account) -> list[str]:
    """Return role and address of a shared account, and what is wrong with its sharing."""
    if account.sharing is None:
        return []
    status = context.container.sharing_journal.load(account.appid)
    lines = [context.messages.sharing_line(account, status, context.container.clock())]
    message = context.messages.for_sharing_status(status)
    texts = (*lines, *((message.text,) if message else ()))
    return [context.messages.text("{name}: {text}", name=account.name, text=text) for text in texts]


def _watch(context: CommandContext, args: Namespace) -> ExitCode:
    """Show the table again and again until SIGINT or SIGTERM; in place on a terminal, one below the other elsewhere.

    The cursor is shown again whatever ends the loop, and the shell's prompt begins in a line of its own.
    """
    terminal, is_terminal = context.terminal, context.terminal.stdout.isatty()
    interval = _INTERVAL_S if args.interval is None else args.interval
    with stop_flag() as stopped:
        try:
            terminal.write_styled(_HIDE_CURSOR + _CLEAR_SCREEN if is_terminal else "")
            is_first = True
            while not stopped.is_set():
                lines = _lines_of_look(context, args.account, is_terminal=is_terminal)
                text = "".join(f"{line}{_CLEAR_LINE_END if is_terminal else ''}\n" for line in lines)
                separator = "" if is_first or is_terminal else "\n"
                terminal.write_styled(f"{_CURSOR_HOME}{text}{_CLEAR_BELOW}" if is_terminal else separator + text)
                terminal.flush()
                is_first = False
                stopped.wait(interval)
        finally:
            if is_terminal:  # the terminal may have echoed ^C
                terminal.write_styled(f"\n{_SHOW_CURSOR}")
                terminal.flush()
    return ExitCode.SUCCESS


def _lines_of_look(context: CommandContext, name_or_appid: str | None, *, is_terminal: bool) -> list[str]:
    """Return the table and what to do, cut to the size of the terminal. Raises CommandError."""
    import shutil  # it loads bz2 and lzma: 3 ms that a single look need not wait for

    now, messages = context.container.clock(), context.messages
    size = shutil.get_terminal_size()
    rows = _rows_of_accounts(context, _choose_accounts(context, name_or_appid), now)
    if not rows:
        text = printable(no_account_message(context).text)
        return wrap(text, size.columns) if is_terminal else [text]
    if is_terminal:
        rows = sort_failing_first(rows, now)  # so that they are seen if not all rows have room
    lines = _table_lines(context, rows, now, size.columns if is_terminal else None)
    advice = [printable(line) for line in _advice_lines(context, rows)]
    if not is_terminal:
        return lines + advice
    wrapped = [part for line in advice for part in ("", *wrap(line, size.columns))]
    heading = messages.text("{time} · Ctrl+C ends", time=format_timestamp(now))
    height = size.lines - 2  # without the heading of this look and the line of the cursor
    return [truncate(heading, size.columns), *fit_lines(lines, wrapped, height, messages)]


def _status_rows(container: Container, account: Account, now: float) -> list[StatusRow]:
    records = {kind: container.own_values.read(account, kind) for kind in account.token_kinds}
    retry_states = {kind: _read_retry_state(container, account, kind) for kind in account.token_kinds}
    status = build_account_status(account, records, retry_states, now)
    return [StatusRow(account, key, key.failure or retry_states[key.kind].last_failure) for key in status.keys]


def _read_retry_state(container: Container, account: Account, kind: TokenKind) -> RetryState:
    entries = container.history.latest(account.appid, kind, retries.RETRY_HISTORY_MAX)
    # only waiting after a failure depends on the errcode; the catalogue takes time to load
    are_good = all(entry.is_success for entry in entries)
    return retries.retry_state_from_history(entries, ErrcodeCatalog(()) if are_good else container.errcode_catalog)


def _json_fields(context: CommandContext, row: StatusRow, now: float) -> dict[str, object]:
    record, failure, next_at = row.key_status.record, row.last_failure, row.key_status.next_attempt_at
    return {
        "appid": row.account.appid,
        "name": row.account.name,
        "environment": row.account.environment.value,
        "colour": row.account.tile_colour.value,
        "group": row.account.group,
        "key": row.key_status.kind.value,
        "state": row.key_status.state_of_value(now).value,
        "usable": row.key_status.usable_record(now) is not None,
        "renewal": row.key_status.renewal.value,
        **_sharing_fields(context, row.account, now),
        "expires_at": int(record.expires_at) if record else None,
        "expires_at_iso": format_iso(record.expires_at) if record else None,
        "seconds_left": int(record.remaining_s(now)) if record else 0,
        "generated_at": int(record.generated_at) if record else None,
        "next_refresh_at": int(next_at) if next_at is not None else None,
        "last_errcode": failure.errcode if failure else None,
        "last_error": context.messages.for_entry(failure).summary if failure else None,
        "fingerprint": fingerprint(record.value) if record else None,
        "dog_file": str(context.container.dog_files.path(row.account, row.key_status.kind)),
    }


def _sharing_fields(context: CommandContext, account: Account, now: float) -> dict[str, object]:
    """Return the role of this computer, and of a shared account what is known of Redis."""
    if account.sharing is None:
        return {"role": account.role.value, "sharing": None}
    status = context.container.sharing_journal.load(account.appid)
    message = context.messages.for_sharing_status(status)
    fields = {
        "redis": account.sharing.url,
        "leader": status.leader if status else "",
        "age": int(max(0.0, now - status.written_at)) if status and status.written_at else None,
        "checked_at": int(status.checked_at) if status else None,
        "problem": status.problem.value if status and status.problem else None,
        "message": message.text if message else None,
    }
    return {"role": account.role.value, "sharing": fields}


def _export_statuses(context: CommandContext, account: Account) -> list[tuple["ExportStatus", Message | None]]:
    if not account.exports:
        return []  # most accounts have none, and loading what exports takes time
    from guarddog_gui.services.messages.exports import export_status_message

    return [
        (status, None if status.error is None else export_status_message(status, context.messages))
        for status in context.container.make_exporter().statuses(account)
    ]


def _export_fields(context: CommandContext, account: Account) -> list[dict[str, object]]:
    return [
        {
            **target_to_dict(status.target),
            "written_at": None if status.written_at is None else int(status.written_at),
            "written_at_iso": None if status.written_at is None else format_iso(status.written_at),
            "error": None if message is None else message.summary,
        }
        for status, message in _export_statuses(context, account)
    ]
