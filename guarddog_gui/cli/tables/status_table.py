"""Text lines of `status`: a table with one row per key, and below it what to do about failures."""

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.cli.tables import columns
from guarddog_gui.cli.tables.watch_table import NO_VALUE, state_style, state_text
from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.printable import printable
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import KeyStatus
from guarddog_gui.domain.tokens.expiry import format_countdown
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.messages.message import Message, Messages

_COLUMN_NAMES = (
    N_("account"), N_("environment"), N_("group"), N_("key"), N_("state"), N_("left"), N_("value"), N_("error"),
)  # fmt: skip
_NAME, _ENVIRONMENT, _GROUP, _VALUE, _ERROR = 0, 1, 2, 6, 7  # places in _COLUMN_NAMES
# what is left out of a narrow terminal, one after the other, each time with the names shortened as far as needed
_OMITTED = ((), (_VALUE,), (_VALUE, _GROUP), (_VALUE, _GROUP, _ENVIRONMENT))
_NAME_WIDTH_MIN, _NAME_WIDTH_LEAST = 10, 7  # the second one where nothing else can be left out
_ERROR_WIDTH_MIN = 16
_NAMES_MAX = 3  # accounts that are named in front of an advice
_ENVIRONMENT_COLOURS = {Environment.PRODUCTION: columns.RED, Environment.TEST: columns.BLUE}


class StatusRow(Struct, frozen=True):
    """One key of an account; `last_failure` is its last attempt if that failed, even if a value is valid."""

    account: Account
    key_status: KeyStatus
    last_failure: HistoryEntry | None


class _Cell(Struct, frozen=True):
    text: str
    colour: int | None = None


def format_status_table(
    rows: list[StatusRow], messages: Messages, now: float, *, use_colours: bool = False, width: int | None = None
) -> list[str]:
    """Return the heading and one line per key; columns that are empty for all accounts are left out.

    `now` is in Unix seconds. To fit into `width` cells of a terminal, the names are shortened in the middle first,
    then the times in the states, values, groups and environments are left out, and the errors are cut.
    """
    table = _make_table(rows, messages, now) if width is None else _make_fitting_table(rows, messages, now, width)
    widths = columns.column_widths([tuple(cell.text for cell in row) for row in table])
    return [_format_line(row, widths, width, use_colours=use_colours) for row in table]


def _make_fitting_table(rows: list[StatusRow], messages: Messages, now: float, width: int) -> list[list[_Cell]]:
    layouts = [(False, ()), *((True, omitted) for omitted in _OMITTED)]
    for is_short, omitted in layouts:
        table = _make_table(rows, messages, now, is_short=is_short, omitted=omitted)
        widths = columns.column_widths([tuple(cell.text for cell in row) for row in table])
        if table[0][-1].text == messages.text(_COLUMN_NAMES[_ERROR]):
            widths[-1] = min(widths[-1], _ERROR_WIDTH_MIN)
        name_width = width - sum(widths[1:]) - len(columns.COLUMN_GAP) * (len(widths) - 1)
        if name_width >= min(widths[_NAME], _NAME_WIDTH_MIN):
            break
    name_width = max(name_width, _NAME_WIDTH_LEAST)
    return [[replace(row[_NAME], text=columns.shorten(row[_NAME].text, name_width)), *row[1:]] for row in table]


def _make_table(
    rows: list[StatusRow], messages: Messages, now: float, *, is_short: bool = False, omitted: tuple[int, ...] = ()
) -> list[list[_Cell]]:
    table = [[_Cell(messages.text(name), columns.GREY) for name in _COLUMN_NAMES]]
    table += [_format_row(row, messages, now, is_short=is_short) for row in rows]
    used = [index for index in range(len(_COLUMN_NAMES)) if any(row[index].text for row in table[1:])]
    return [[row[index] for index in used if index not in omitted] for row in table]


def _format_row(row: StatusRow, messages: Messages, now: float, *, is_short: bool) -> list[_Cell]:
    account, key = row.account, row.key_status
    record = key.usable_record(now)
    left, value = NO_VALUE, NO_VALUE
    if record is not None:
        left, value = format_countdown(record.remaining_s(now)), fingerprint(record.value)
    has_environment = account.environment is not Environment.NONE
    environment = messages.environment_name(account.environment) if has_environment else ""
    symbol, colour = state_style(key, now)
    state = f"{symbol} {messages.key_state_text(key, now)}"
    if is_short:
        state = state_text(key, messages, now, is_short=True)
    failure = messages.for_entry(row.last_failure) if row.last_failure is not None else Message("")
    error = f"{failure.summary} ({failure.code})" if failure.code else failure.summary
    return [
        _Cell(printable(account.name)),
        _Cell(environment, _ENVIRONMENT_COLOURS.get(account.environment)),
        _Cell(printable(account.group)),
        _Cell(key.kind.value),
        _Cell(state, colour),
        _Cell(left),
        _Cell(value),
        _Cell(printable(error)),
    ]


def _format_line(row: list[_Cell], widths: list[int], width: int | None, *, use_colours: bool) -> str:
    """Return the cells side by side; each is cut to what is left of the width before it is coloured."""
    line, used = "", 0
    for cell, cell_width in zip(row, widths, strict=True):
        gap = columns.COLUMN_GAP if used else ""
        used += len(gap)
        text = cell.text if width is None else columns.truncate(cell.text, width - used)
        is_coloured = use_colours and cell.colour is not None and text
        shown = columns.colourize(text, cell.colour) if is_coloured and cell.colour is not None else text
        line += gap + shown + " " * (cell_width - columns.display_width(text))
        used += cell_width
    return line.rstrip()


def format_advice(rows: list[StatusRow], messages: Messages) -> list[str]:
    """Return what to do about the failures, each with the names of its accounts."""
    names: dict[str, list[str]] = {}
    for row in rows:
        key = row.key_status
        advice = ""
        if key.failure is not None:
            next_at, platform = key.next_attempt_at, row.account.platform
            advice = messages.for_entry(key.failure, next_at=next_at, platform=platform).advice
        if advice and row.account.name not in names.setdefault(advice, []):
            names[advice].append(row.account.name)
    return [messages.text("{name}: {text}", name=_join(listed, messages), text=text) for text, listed in names.items()]


def _join(names: list[str], messages: Messages) -> str:
    listed = ", ".join(names[:_NAMES_MAX])
    if len(names) <= _NAMES_MAX:
        return listed
    return messages.text("{names} and {more} more", names=listed, more=len(names) - _NAMES_MAX)
