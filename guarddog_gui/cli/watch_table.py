"""The live table of `watch`: pure lines of text, drawn anew each second."""

from guarddog_gui.cli.colours import in_colour
from guarddog_gui.cli.table import GAP, clipped, padded, widths_of, wrapped
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import AccountStatus, KeyStatus, Overview, State
from guarddog_gui.domain.tokens.expiry import countdown
from guarddog_gui.domain.tokens.record import fingerprint
from guarddog_gui.services.messages.message import Sentences
from guarddog_gui.services.refresh import Outcome

# one place wide in Western and in Chinese terminals
SHAPES = {
    State.FRESH: "✓",
    State.DUE_SOON: "◔",
    State.REFRESHING: "↻",
    State.EXPIRED: "◌",
    State.FAILED: "✗",
    State.OFFLINE: "☁",
    State.KEYRING_LOCKED: "⚿",
    State.PAUSED: "⏸",
}
NONE = "–"
_INDENT = "    "
_STATE = 2  # the column that is coloured
_COLUMNS = ("column-account", "column-key", "column-state", "column-left", "column-until", "column-value")


def table(
    overview: Overview, sentences: Sentences, now: float, width: int, *, colour: bool = False
) -> list[str]:
    """The headline, one line per token, and under a token its trouble and what to do about it.

    No line takes more than `width` places of the terminal; `now` is Unix seconds.
    """
    lines = [clipped(f"{SHAPES[overview.state]} {sentences.headline(overview)}", width)]
    shown = [(account, key) for account in overview.accounts for key in account.keys]
    if not shown:
        return [*lines, *wrapped(sentences.say("no-accounts-todo"), width)]
    head = tuple(sentences.say(column) for column in _COLUMNS)
    rows = [head] + [_row(account, key, sentences, now) for account, key in shown]
    widths = widths_of(rows)
    lines += ["", _line(rows[0], widths, width, None)]
    for (_, key), row in zip(shown, rows[1:], strict=True):
        lines.append(_line(row, widths, width, key.state if colour else None))
        lines += _trouble(key, sentences, width)
    return lines


def _row(account: AccountStatus, key: KeyStatus, sentences: Sentences, now: float) -> tuple[str, ...]:
    state = f"{SHAPES[key.state]} {sentences.state(key.state)}"
    first = key is account.keys[0]
    name = account.account.name if first else ""
    record = key.usable(now)
    if record is None:
        return (name, key.kind.value, state, NONE, NONE, NONE)
    until = sentences.time(record.expires_at)
    return (name, key.kind.value, state, countdown(record.left(now)), until, fingerprint(record.value))


def _line(row: tuple[str, ...], widths: list[int], width: int, state: State | None) -> str:
    cells = list(map(padded, row, widths))
    plain = clipped(GAP.join(cells).rstrip(), width)
    if state is None:
        return plain
    return plain.replace(row[_STATE], in_colour(row[_STATE], state), 1)


def _trouble(key: KeyStatus, sentences: Sentences, width: int) -> list[str]:
    if key.trouble is None:
        return []
    said = sentences.entry(key.trouble, next_at=key.next_at)
    return [_INDENT + line for line in wrapped(said.text, max(8, width - len(_INDENT)))]


def event_line(outcome: Outcome, account: Account, sentences: Sentences) -> str:
    """One outcome in one line, for where nobody looks at a table: time, account, key, value, sentence."""
    entry = outcome.entry
    head = f"{sentences.time(entry.at)} {account.name} {entry.key}"
    value = f" {entry.fingerprint}" if entry.fingerprint else ""
    return f"{head}{value}: {sentences.outcome(outcome).text}"
