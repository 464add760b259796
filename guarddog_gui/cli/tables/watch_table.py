"""Text lines of the live table and the event log of `watch`."""

from typing import TYPE_CHECKING

from guarddog_gui.cli.tables import columns
from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.printable import printable
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview, Renewal
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.messages.message import Messages

if TYPE_CHECKING:  # `status`, which needs `format_state`, refreshes nothing
    from guarddog_gui.services.calls.refresh_request import RefreshResult

# the symbol, one cell wide in Western and in Chinese terminals, and the colour
STATE_STYLES = {
    KeyState.FRESH: ("✓", columns.GREEN),
    KeyState.DUE_SOON: ("◔", columns.YELLOW),
    KeyState.REFRESHING: ("↻", columns.BLUE),
    KeyState.EXPIRED: ("◌", columns.RED),
    KeyState.FAILED: ("✗", columns.RED),
    KeyState.OFFLINE: ("☁", columns.GREY),
    KeyState.KEYRING_LOCKED: ("⚿", columns.MAGENTA),
    KeyState.PAUSED: ("⏸", columns.GREY),
}
FAILING_STYLE = ("!", columns.YELLOW)  # the value works, but no new one can be had
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
    lines = [columns.truncate(format_state(overview.state, messages.headline(overview)), width)]
    keys = [(account, key) for account in overview.accounts for key in account.keys]
    if overview.list_error is not None:
        lines += columns.wrap(printable(messages.for_file_error(overview.list_error).text), width)
        if not keys:
            return lines
    if not keys:
        return [*lines, *columns.wrap(messages.text("Add one: guarddogctl accounts add --appid ID --name NAME"), width)]
    heading = tuple(messages.text(name) for name in _COLUMN_NAMES)
    rows = [heading] + [_format_row(account, key, messages, now) for account, key in keys]
    if columns.table_width(rows) > width:
        rows = [heading] + [_format_row(account, key, messages, now, is_short=True) for account, key in keys]
    widths = columns.column_widths(rows)
    lines += ["", _format_line(rows[0], widths, width, None)]
    for (status, key), row in zip(keys, rows[1:], strict=True):
        lines.append(_format_line(row, widths, width, state_style(key, now)[1] if use_colours else None))
        lines += _error_lines(key, status.account.platform, messages, width)
    for status in overview.accounts:
        for line in sharing_lines(status, messages, now):
            lines += columns.wrap(printable(f"{status.account.name}: {line}"), width)
    return lines


def sharing_lines(status: AccountStatus, messages: Messages, now: float) -> list[str]:
    """Return role and leader of a shared account, and what is wrong; nothing for one that is not shared."""
    if status.account.sharing is None:
        return []
    problem = messages.for_sharing_status(status.sharing)
    line = messages.sharing_line(status.account, status.sharing, now)
    return [line] if problem is None else [line, problem.text]


def format_state(state: KeyState, text: str) -> str:
    symbol, _ = STATE_STYLES[state]
    return f"{symbol} {text}"


def state_style(key_status: KeyStatus, now: float) -> tuple[str, int]:
    """Return symbol and colour of a key: a value that works is amber at most, also while its renewal fails."""
    if is_failing_but_usable(key_status, now):
        return FAILING_STYLE
    return STATE_STYLES[key_status.state_of_value(now)]


def is_failing_but_usable(key_status: KeyStatus, now: float) -> bool:
    return key_status.renewal is not Renewal.OK and key_status.usable_record(now) is not None


def state_text(key_status: KeyStatus, messages: Messages, now: float, *, is_short: bool) -> str:
    """Return the state with its symbol; the time is left out where it is a column, or the terminal is narrow."""
    if not is_failing_but_usable(key_status, now):
        text = messages.key_state_name(key_status, now)
    elif is_short:
        is_stopped = key_status.renewal is Renewal.STOPPED
        text = messages.text("renewal stopped") if is_stopped else messages.text("renewal failing")
    else:
        text = messages.key_state_text(key_status, now)
    return f"{state_style(key_status, now)[0]} {text}"


def _format_row(
    account: AccountStatus, key_status: KeyStatus, messages: Messages, now: float, *, is_short: bool = False
) -> tuple[str, ...]:
    name = printable(account.account.name) if key_status is account.keys[0] else ""
    start = (name, key_status.kind.value, state_text(key_status, messages, now, is_short=is_short))
    record = key_status.usable_record(now)
    if record is None:
        return (*start, NO_VALUE, NO_VALUE, NO_VALUE)
    left, until = format_countdown(record.remaining_s(now)), messages.format_time(record.expires_at)
    return (*start, left, until, fingerprint(record.value))


def _format_line(row: tuple[str, ...], widths: list[int], width: int, colour: int | None) -> str:
    cells = list(map(columns.pad, row, widths))
    plain = columns.truncate(columns.COLUMN_GAP.join(cells).rstrip(), width)
    if colour is None:
        return plain
    return plain.replace(row[_STATE_COLUMN], columns.colourize(row[_STATE_COLUMN], colour), 1)


def _error_lines(key_status: KeyStatus, platform: Platform, messages: Messages, width: int) -> list[str]:
    if key_status.failure is None:
        return []
    message = messages.for_entry(key_status.failure, next_at=key_status.next_attempt_at, platform=platform)
    return [_INDENT + line for line in columns.wrap(printable(message.text), max(8, width - len(_INDENT)))]


def format_event(result: "RefreshResult", account: Account, messages: Messages) -> str:
    """Return one line for a log: time, account, key, fingerprint of the value, and the message."""
    entry = result.entry
    start = f"{messages.format_time(entry.at)} {account.name} {entry.key}"
    value = f" {entry.fingerprint}" if entry.fingerprint else ""
    return printable(f"{start}{value}: {messages.for_refresh_result(result, platform=account.platform).text}")
