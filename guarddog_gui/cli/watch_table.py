"""Text lines of the live table and the event log of `watch`."""

from typing import TYPE_CHECKING

from guarddog_gui.cli import table
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.printable import printable
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.messages.message import Messages

if TYPE_CHECKING:  # `status`, which needs `format_state`, refreshes nothing
    from guarddog_gui.services.refresh_request import RefreshResult

# the symbol, one cell wide in Western and in Chinese terminals, and the colour
STATE_STYLES = {
    KeyState.FRESH: ("✓", table.GREEN),
    KeyState.DUE_SOON: ("◔", table.YELLOW),
    KeyState.REFRESHING: ("↻", table.BLUE),
    KeyState.EXPIRED: ("◌", table.RED),
    KeyState.FAILED: ("✗", table.RED),
    KeyState.OFFLINE: ("☁", table.GREY),
    KeyState.KEYRING_LOCKED: ("⚿", table.MAGENTA),
    KeyState.PAUSED: ("⏸", table.GREY),
}
NO_VALUE = "–"
_INDENT = "    "
_STATE_COLUMN = 2  # the column that is coloured
_COLUMN_NAMES = (N_("account"), N_("key"), N_("state"), N_("left"), N_("until"), N_("value"))


def format_overview(
    overview: Overview, messages: Messages, now: float, width: int, *, use_colours: bool = False
) -> list[str]:
    """Return the headline, one line per key, and below a failed key its error and what to do about it.

    No line is wider than `width` cells of the terminal; `now` is in Unix seconds.
    """
    lines = [table.truncate(format_state(overview.state, messages.headline(overview)), width)]
    keys = [(account, key) for account in overview.accounts for key in account.keys]
    if overview.list_error is not None:
        lines += table.wrap(printable(messages.for_file_error(overview.list_error).text), width)
        if not keys:
            return lines
    if not keys:
        return [*lines, *table.wrap(messages.text("Add one: guarddogctl accounts add --appid ID --name NAME"), width)]
    heading = tuple(messages.text(name) for name in _COLUMN_NAMES)
    rows = [heading] + [_format_row(account, key, messages, now) for account, key in keys]
    widths = table.column_widths(rows)
    lines += ["", _format_line(rows[0], widths, width, None)]
    for (_, key), row in zip(keys, rows[1:], strict=True):
        lines.append(_format_line(row, widths, width, key.state if use_colours else None))
        lines += _error_lines(key, messages, width)
    return lines


def format_state(state: KeyState, text: str) -> str:
    symbol, _ = STATE_STYLES[state]
    return f"{symbol} {text}"


def _format_row(account: AccountStatus, key_status: KeyStatus, messages: Messages, now: float) -> tuple[str, ...]:
    name = printable(account.account.name) if key_status is account.keys[0] else ""
    state = key_status.state_of_value(now)
    start = (name, key_status.kind.value, format_state(state, messages.key_state_name(key_status, now)))
    record = key_status.usable_record(now)
    if record is None:
        return (*start, NO_VALUE, NO_VALUE, NO_VALUE)
    left, until = format_countdown(record.remaining_s(now)), messages.format_time(record.expires_at)
    return (*start, left, until, fingerprint(record.value))


def _format_line(row: tuple[str, ...], widths: list[int], width: int, state: KeyState | None) -> str:
    cells = list(map(table.pad, row, widths))
    plain = table.truncate(table.COLUMN_GAP.join(cells).rstrip(), width)
    if state is None:
        return plain
    return plain.replace(row[_STATE_COLUMN], table.colourize(row[_STATE_COLUMN], STATE_STYLES[state][1]), 1)


def _error_lines(key_status: KeyStatus, messages: Messages, width: int) -> list[str]:
    if key_status.failure is None:
        return []
    message = messages.for_entry(key_status.failure, next_at=key_status.next_attempt_at)
    return [_INDENT + line for line in table.wrap(printable(message.text), max(8, width - len(_INDENT)))]


def format_event(result: "RefreshResult", account: Account, messages: Messages) -> str:
    """Return one line for a log: time, account, key, fingerprint of the value, and the message."""
    entry = result.entry
    start = f"{messages.format_time(entry.at)} {account.name} {entry.key}"
    value = f" {entry.fingerprint}" if entry.fingerprint else ""
    return printable(f"{start}{value}: {messages.for_refresh_result(result, platform=account.platform).text}")
