"""Screen of `status --watch`: the order of the rows, and the lines that a terminal has room for."""

from guarddog_gui.cli.tables.status_table import StatusRow
from guarddog_gui.domain.refresh.status import Renewal
from guarddog_gui.services.messages.message import Messages


def sort_failing_first(rows: list[StatusRow], now: float) -> list[StatusRow]:
    """Sort accounts without a value to the top, then those whose renewal fails; the others keep their order.

    All keys of an account stay together, in the same order: its trouble comes first, too. `now` is in Unix seconds.
    """
    ranks: dict[str, int] = {}
    for row in rows:
        appid = row.account.appid
        ranks[appid] = min(_rank(row, now), ranks.get(appid, _rank(row, now)))
    places = {appid: place for place, appid in enumerate(ranks)}
    return sorted(rows, key=lambda row: (ranks[row.account.appid], places[row.account.appid], _rank(row, now)))


def _rank(row: StatusRow, now: float) -> int:
    if row.key_status.usable_record(now) is None:
        return 0
    return 2 if row.key_status.renewal is Renewal.OK else 1


def fit_lines(table: list[str], advice: list[str], height: int, messages: Messages) -> list[str]:
    """Return at most `height` lines of the table and the advice; the last line says how many rows are left out."""
    hidden = len(table) - height
    if hidden > 0:
        shown = table[: max(0, height - 1)]
        hidden = len(table) - max(1, len(shown))  # without the heading
        return [*shown, messages.text("… {count} more", count=hidden)][: max(0, height)]
    room = height - len(table)
    if len(advice) <= room:
        return table + advice
    return [*table, *advice[: room - 1], "…"] if room else table
