"""The model of the tokens page: its rows and texts, and Qt's own tester through every change."""

import pytest
from guarddog_gui.ui.tokens.model import FilterRole, TokenColumn, TokensModel
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import AccountStatus, Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Formatter
from tests.fakes import NOW
from tests.runtime.harness import CAFE, GAME, SHOP, TICKET, TOKEN
from tests.ui.account_statuses import VALUE, make_account_status

CARDS = replace(SHOP, card_ticket=True)


def overview_of(*accounts: AccountStatus, at: float = NOW) -> Overview:
    return Overview(at, accounts)


@pytest.fixture
def tokens(formatter: Formatter) -> TokensModel:
    return TokensModel(formatter)


def texts(tokens: TokensModel, row: int, key: int | None = None) -> list[str]:
    parent = QModelIndex() if key is None else tokens.index(row, 0)
    child = row if key is None else key
    return [str(tokens.index(child, column, parent).data() or "") for column in TokenColumn]


def test_the_model_passes_qts_tester_through_every_change(tokens: TokensModel, qtmodeltester: ModelTester) -> None:
    overviews = [
        overview_of(),
        overview_of(make_account_status(SHOP)),
        overview_of(make_account_status(SHOP, left=10), make_account_status(CAFE)),
        overview_of(make_account_status(CAFE), make_account_status(SHOP)),
        overview_of(make_account_status(CAFE), make_account_status(CARDS)),
        overview_of(make_account_status(GAME)),
        overview_of(make_account_status(replace(GAME, platform=Platform.OFFICIAL))),
        overview_of(AccountStatus(SHOP, ())),
        overview_of(),
    ]
    qtmodeltester.check(tokens)  # type: ignore[no-untyped-call]  # it stays attached and checks every change
    for overview in (*overviews, *reversed(overviews)):
        tokens.set_overview(overview)
        tokens.set_overview(replace(overview, at=NOW + 5))
        tokens.retranslate()
        assert tokens.rowCount() == len(overview.accounts)


def test_an_account_and_its_values_are_described_in_text(tokens: TokensModel) -> None:
    tokens.set_overview(overview_of(make_account_status(SHOP, left=3661)))
    assert texts(tokens, 0) == ["Shop", "", "wx00…00a1 · official account · stable", "", ""]
    name, left, state, value, _ = texts(tokens, 0, 0)
    assert (name, left, value) == ("ACCESS_TOKEN", "1:01:01", "91_v…vvvv")
    assert state.startswith("fresh until ")


def test_every_value_of_an_account_has_a_row(tokens: TokensModel) -> None:
    tokens.set_overview(overview_of(make_account_status(SHOP), make_account_status(CARDS)))
    assert [texts(tokens, 0, key)[0] for key in range(2)] == [TOKEN, TICKET]
    assert [texts(tokens, 1, key)[0] for key in range(3)] == list(TokenKind)


def test_no_text_of_the_model_contains_a_token(tokens: TokensModel) -> None:
    tokens.set_overview(overview_of(make_account_status(SHOP)))
    parent = tokens.index(0, 0)
    for row in range(2):
        for column in TokenColumn:
            index = tokens.index(row, column, parent)
            shown = [index.data(role) for role in Qt.ItemDataRole if role != Qt.ItemDataRole.UserRole]
            assert VALUE not in str(shown)


def test_a_token_that_expires_while_it_is_shown_disappears(tokens: TokensModel) -> None:
    overview = overview_of(make_account_status(SHOP, left=2))
    tokens.set_overview(overview)
    assert texts(tokens, 0, 0)[1] == "0:02"
    tokens.set_overview(replace(overview, at=NOW + 3))
    assert texts(tokens, 0, 0)[1] == "–"
    assert texts(tokens, 0, 0)[3] == ""
    assert not tokens.index(0, 0, tokens.index(0, 0)).flags() & Qt.ItemFlag.ItemIsDragEnabled


def test_only_changed_rows_are_signalled(tokens: TokensModel, qtbot: QtBot) -> None:
    tokens.set_overview(overview_of(make_account_status(SHOP), make_account_status(CAFE)))
    changed: list[tuple[str, int]] = []
    tokens.dataChanged.connect(
        lambda first, _last: changed.append((first.parent().data() or first.data(), first.row()))
    )
    with qtbot.assertNotEmitted(tokens.modelReset):
        tokens.set_overview(overview_of(make_account_status(SHOP), make_account_status(CAFE), at=NOW + 1))
        assert changed == []
        tokens.set_overview(overview_of(make_account_status(SHOP), make_account_status(CAFE, left=5)))
    assert changed == [("Café", 1), ("Café", 0)]


def test_the_filter_text_of_every_row_has_name_and_appid_of_its_account(tokens: TokensModel) -> None:
    tokens.set_overview(overview_of(make_account_status(SHOP)))
    key = tokens.index(1, 0, tokens.index(0, 0))
    assert key.data(FilterRole) == f"Shop {SHOP.appid}"


def test_an_errmsg_is_escaped_in_the_tooltip(tokens: TokensModel) -> None:
    hostile = HistoryEntry(
        NOW,
        SHOP.appid,
        TOKEN,
        Trigger.TIMER,
        result=AttemptResult.REFUSED,
        errcode=12345,
        errmsg='<img src="file:///etc/passwd"> & "more"',
    )
    tokens.set_overview(overview_of(make_account_status(SHOP, failure=hostile)))
    tooltip = tokens.index(0, TokenColumn.STATE, tokens.index(0, 0)).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;img src=" in tooltip
    assert "<img" not in tooltip
