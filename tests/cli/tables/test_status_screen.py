"""The screen of `status --watch`: failing accounts first, and no row is left out without a word."""

import pytest
from msgspec.structs import replace

from guarddog_gui.cli.tables.status_screen import fit_lines, sort_failing_first
from guarddog_gui.cli.tables.status_table import StatusRow
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Renewal
from guarddog_gui.domain.tokens.record import TokenKind
from tests.cli.tables.test_watch_table import CHINESE, ENGLISH, REFUSED, fresh
from tests.fakes import NOW

TABLE = ["heading", *(f"row {number}" for number in range(8))]
ADVICE = ["", "Shop: do this", "and that"]


def row(number: int, key: KeyStatus) -> StatusRow:
    return StatusRow(Account(f"wx{number}", f"Shop {number}"), key, None)


def test_failing_accounts_come_first_with_all_their_keys() -> None:
    ticket = TokenKind.JSAPI_TICKET
    failed = KeyStatus(ticket, KeyState.FAILED, None, REFUSED, None)
    rows = [
        row(1, fresh()), row(1, fresh(ticket)), row(2, replace(fresh(), renewal=Renewal.FAILING)), row(2, fresh(ticket)),
        row(3, fresh()), row(4, fresh()), row(4, failed),
    ]  # fmt: skip

    ordered = sort_failing_first(rows, NOW)

    assert "".join(row.account.name[-1] for row in ordered) == "4422113"
    assert ordered[0].key_status == failed


@pytest.mark.parametrize(
    ("height", "rows", "last"), [(4, 2, "… 6 more"), (8, 6, "… 2 more"), (2, 0, "… 8 more"), (9, 8, "row 7")]
)
def test_the_last_line_counts_the_rows_without_room(height: int, rows: int, last: str) -> None:
    lines = fit_lines(TABLE, ADVICE, height, ENGLISH)

    assert len(lines) == height
    assert lines[: rows + 1] == TABLE[: rows + 1]
    assert lines[-1] == last


def test_a_terminal_of_three_lines_still_counts_the_rows() -> None:
    assert fit_lines(TABLE, ADVICE, 1, ENGLISH) == ["… 8 more"]
    assert fit_lines(TABLE, ADVICE, 0, ENGLISH) == []
    assert fit_lines(TABLE, ADVICE, -1, ENGLISH) == []


def test_the_count_is_translated() -> None:
    assert fit_lines(TABLE, ADVICE, 4, CHINESE)[-1] == "… 另有 6 行"


def test_an_advice_without_room_ends_with_an_ellipsis() -> None:
    assert fit_lines(TABLE, ADVICE, 12, ENGLISH) == TABLE + ADVICE
    assert fit_lines(TABLE, ADVICE, 11, ENGLISH) == [*TABLE, "", "…"]
    assert fit_lines(TABLE, ADVICE, 10, ENGLISH) == [*TABLE, "…"]
