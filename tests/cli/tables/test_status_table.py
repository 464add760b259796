"""The table of `status`: columns that have content, colours of states, and advice with names."""

import re

import pytest
from msgspec.structs import replace

from guarddog_gui.cli.tables.columns import display_width
from guarddog_gui.cli.tables.status_table import StatusRow, format_advice, format_status_table
from guarddog_gui.cli.tables.watch_table import state_text
from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Renewal
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.message import Messages
from tests.cli.tables.test_watch_table import CHINESE, ENGLISH, REFUSED, SHOP, SHOP_IN_CHINA, fresh
from tests.fakes import NOW

FAILED = KeyStatus(TokenKind.ACCESS_TOKEN, KeyState.FAILED, None, REFUSED, None)
FAILING = replace(fresh(), renewal=Renewal.FAILING)


def test_columns_without_content_are_left_out() -> None:
    heading, line = format_status_table([StatusRow(SHOP, fresh(), None)], ENGLISH, NOW)

    assert heading.split() == ["account", "key", "state", "left", "value"]
    assert line.split() == ["Shop", "ACCESS_TOKEN", "✓", "fresh", "until", "@4329", "1:12:09", "91_a…c7Qz", "(108)"]


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_columns_begin_at_the_same_cell_in_both_scripts(messages: object) -> None:
    rows = [
        StatusRow(replace(SHOP, environment=Environment.TEST, group="零售"), fresh(), None),
        StatusRow(SHOP_IN_CHINA, FAILED, REFUSED),
    ]

    lines = format_status_table(rows, messages, NOW)  # type: ignore[arg-type]  # a parameter of both languages

    starts = [display_width(line[: line.index("ACCESS_TOKEN")]) for line in lines[1:]]
    assert len(set(starts)) == 1


@pytest.mark.parametrize(
    ("key", "start"),
    [
        (fresh(), "\x1b[32m✓ fresh until @4329\x1b[0m"),
        (FAILED, "\x1b[31m✗ failed\x1b[0m"),
        (FAILING, "\x1b[33m! works until @4329 · renewal failing\x1b[0m"),
        (replace(FAILING, renewal=Renewal.STOPPED), "\x1b[33m! works until @4329 · renewal stopped\x1b[0m"),
    ],
)
def test_the_state_has_its_colour(key: KeyStatus, start: str) -> None:
    line = format_status_table([StatusRow(SHOP, key, None)], ENGLISH, NOW, use_colours=True)[1]

    assert start in line


def test_lines_are_cut_to_the_width_without_their_colours() -> None:
    rows = [StatusRow(replace(SHOP, environment=Environment.PRODUCTION), FAILED, REFUSED)]
    for width in (1, 10, 25, 60):
        plain = format_status_table(rows, ENGLISH, NOW, width=width)
        coloured = format_status_table(rows, ENGLISH, NOW, width=width, use_colours=True)

        assert all(display_width(line) <= width for line in plain)
        assert all(line.count("\x1b[0m") * 2 == line.count("\x1b") for line in coloured)


LONG = Account("wx1234567890abcdef", "The flagship shop of the west in the town at the end of the railway line, no. 7")


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("width", [100, 80, 60, 40])
@pytest.mark.parametrize("key", [fresh(), FAILING, FAILED], ids=["fresh", "failing", "failed"])
def test_a_long_name_hides_neither_key_nor_state(messages: Messages, width: int, key: KeyStatus) -> None:
    last_failure = REFUSED if key is FAILED else None
    _, line = format_status_table([StatusRow(LONG, key, last_failure)], messages, NOW, width=width)

    assert display_width(line) <= width
    assert re.match("The.*….*7  ", line)
    assert "ACCESS_TOKEN" in line
    assert state_text(key, messages, NOW, is_short=True).split()[-1] in line


def test_time_left_and_value_are_shown_beside_a_long_name() -> None:
    wide = format_status_table([StatusRow(LONG, fresh(), None)], ENGLISH, NOW, width=80)[1]
    narrow = format_status_table([StatusRow(LONG, fresh(), None)], ENGLISH, NOW, width=44)[1]

    assert wide.endswith("ACCESS_TOKEN  ✓ fresh until @4329  1:12:09  91_a…c7Qz (108)")
    assert narrow.endswith("ACCESS_TOKEN  ✓ fresh  1:12:09")


def test_an_error_keeps_some_room_in_a_narrow_terminal() -> None:
    line = format_status_table([StatusRow(LONG, FAILED, REFUSED)], ENGLISH, NOW, width=60)[1]

    assert "This computer" in line


def test_an_advice_names_a_few_accounts_and_counts_the_others() -> None:
    rows = [StatusRow(Account(f"wx{number}", f"Shop {number}"), FAILED, REFUSED) for number in range(5)]

    (advice,) = format_advice([*rows, rows[0], StatusRow(SHOP, fresh(), None)], ENGLISH)

    assert advice.startswith("Shop 0, Shop 1, Shop 2 and 2 more: ")
    assert "whitelist" in advice
