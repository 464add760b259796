"""The table of `status`: columns that have content, colours of states, and advice with names."""

import pytest
from msgspec.structs import replace

from guarddog_gui.cli.tables.columns import display_width
from guarddog_gui.cli.tables.status_table import StatusRow, format_advice, format_status_table
from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.refresh.status import KeyState, KeyStatus, Renewal
from guarddog_gui.domain.tokens.record import TokenKind
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


def test_an_advice_names_a_few_accounts_and_counts_the_others() -> None:
    rows = [StatusRow(Account(f"wx{number}", f"Shop {number}"), FAILED, REFUSED) for number in range(5)]

    (advice,) = format_advice([*rows, rows[0], StatusRow(SHOP, fresh(), None)], ENGLISH)

    assert advice.startswith("Shop 0, Shop 1, Shop 2 and 2 more: ")
    assert "whitelist" in advice
