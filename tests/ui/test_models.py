"""Both models under Qt's own tester, through everything that can happen to them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, Trigger
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.model import PAGE_SIZE, HistoryColumn, HistoryModel
from guarddog_gui.ui.tokens.model import FilterRole, TokenColumn, TokensModel
from tests.fakes import NOW
from tests.runtime.harness import CAFE, GAME, SHOP, TICKET, TOKEN, FakePagedHistoryStore

DISPLAY = Qt.ItemDataRole.DisplayRole
TOOLTIP = Qt.ItemDataRole.ToolTipRole
VALUE = "91_" + "v" * 60
CARDS = replace(SHOP, card_ticket=True)


def status_of(account: Account, *, left: float = 3600, trouble: HistoryEntry | None = None) -> AccountStatus:
    record = TokenRecord(VALUE, 7200, round((NOW + left - 7200) * 1000), "", account.ahead)
    state = KeyState.FAILED if trouble else KeyState.FRESH
    return AccountStatus(
        account, tuple(KeyStatus(kind, state, record, trouble, NOW + left) for kind in account.token_kinds)
    )


def overview_of(*accounts: AccountStatus, at: float = NOW) -> Overview:
    return Overview(at, accounts)


def entry_at(number: int, appid: str = SHOP.appid, **fields: object) -> HistoryEntry:
    entry = HistoryEntry(NOW + number, appid, TOKEN, Trigger.TIMER, AttemptResult.NEW)
    return replace(entry, **fields)  # type: ignore[arg-type]  # the caller's words


# -- tokens ---------------------------------------------------------------------------------------


@pytest.fixture
def tokens(formatter: Formatter) -> TokensModel:
    return TokensModel(formatter)


def texts(tokens: TokensModel, row: int, key: int | None = None) -> list[str]:
    parent = QModelIndex() if key is None else tokens.index(row, 0)
    line = row if key is None else key
    return [str(tokens.index(line, column, parent).data() or "") for column in TokenColumn]


def test_the_tokens_model_keeps_qts_rules_through_updates_resets_and_ticks(
    tokens: TokensModel, qtmodeltester: ModelTester
) -> None:
    stages = [
        overview_of(),
        overview_of(status_of(SHOP)),
        overview_of(status_of(SHOP, left=10), status_of(CAFE)),
        overview_of(status_of(CAFE), status_of(SHOP)),
        overview_of(status_of(CAFE), status_of(CARDS)),
        overview_of(status_of(GAME)),
        overview_of(status_of(replace(GAME, platform=Platform.OFFICIAL))),
        overview_of(AccountStatus(SHOP, ())),
        overview_of(),
    ]
    qtmodeltester.check(tokens)  # type: ignore[no-untyped-call]  # it stays attached and looks at every change
    for harness in (*stages, *reversed(stages)):
        tokens.set_overview(harness)
        tokens.set_now(NOW + 5)
        tokens.retranslate()
        assert tokens.rowCount() == len(harness.accounts)


def test_an_account_and_its_keys_are_shown_in_words(tokens: TokensModel) -> None:
    tokens.set_overview(overview_of(status_of(SHOP, left=3661)))
    assert texts(tokens, 0) == ["Shop", "", "wx00…00a1 · official account · stable", "", ""]
    name, left, state, value, _ = texts(tokens, 0, 0)
    assert (name, left, value) == ("ACCESS_TOKEN", "1:01:01", "91_v…vvvv")
    assert state.startswith("fresh until ")


def test_every_key_that_is_kept_has_a_row(tokens: TokensModel) -> None:
    tokens.set_overview(overview_of(status_of(SHOP), status_of(CARDS)))
    assert [texts(tokens, 0, key)[0] for key in range(2)] == [TOKEN, TICKET]
    assert [texts(tokens, 1, key)[0] for key in range(3)] == list(TokenKind)


def test_the_value_itself_is_in_no_text_of_the_model(tokens: TokensModel) -> None:
    tokens.set_overview(overview_of(status_of(SHOP)))
    parent = tokens.index(0, 0)
    for row in range(2):
        for column in TokenColumn:
            index = tokens.index(row, column, parent)
            shown = [index.data(role) for role in Qt.ItemDataRole if role != Qt.ItemDataRole.UserRole]
            assert VALUE not in str(shown)


def test_a_value_that_dies_while_it_is_looked_at_is_gone_with_the_tick(tokens: TokensModel) -> None:
    tokens.set_overview(overview_of(status_of(SHOP, left=2)))
    assert texts(tokens, 0, 0)[1] == "0:02"
    tokens.set_now(NOW + 3)
    assert texts(tokens, 0, 0)[1] == "–"
    assert texts(tokens, 0, 0)[3] == ""
    assert not tokens.index(0, 0, tokens.index(0, 0)).flags() & Qt.ItemFlag.ItemIsDragEnabled


def test_only_what_changed_is_painted_again(tokens: TokensModel, qtbot: QtBot) -> None:
    tokens.set_overview(overview_of(status_of(SHOP), status_of(CAFE)))
    changed: list[tuple[str, int]] = []
    tokens.dataChanged.connect(
        lambda first, _last: changed.append((first.parent().data() or first.data(), first.row()))
    )
    with qtbot.assertNotEmitted(tokens.modelReset):
        tokens.set_overview(overview_of(status_of(SHOP), status_of(CAFE), at=NOW + 1))
        assert changed == []
        tokens.set_overview(overview_of(status_of(SHOP), status_of(CAFE, left=5)))
    assert changed == [("Café", 1), ("Café", 0)]


def test_the_filter_finds_an_account_by_name_and_by_appid_and_so_its_keys(tokens: TokensModel) -> None:
    tokens.set_overview(overview_of(status_of(SHOP)))
    key = tokens.index(1, 0, tokens.index(0, 0))
    assert key.data(FilterRole) == f"Shop {SHOP.appid}"


def test_what_wechat_said_stands_in_a_tooltip_as_text(tokens: TokensModel) -> None:
    hostile = entry_at(
        0, result=AttemptResult.REFUSED, errcode=12345, errmsg='<img src="file:///etc/passwd"> & "more"'
    )
    tokens.set_overview(overview_of(status_of(SHOP, trouble=hostile)))
    tooltip = tokens.index(0, TokenColumn.STATE, tokens.index(0, 0)).data(TOOLTIP)
    assert "&lt;img src=" in tooltip
    assert "<img" not in tooltip


# -- history --------------------------------------------------------------------------------------


@pytest.fixture
def past() -> FakePagedHistoryStore:
    return FakePagedHistoryStore()


@pytest.fixture
def history(past: FakePagedHistoryStore, formatter: Formatter) -> HistoryModel:
    model = HistoryModel(formatter)
    model.rows_requested.connect(
        lambda leaf: model.apply_rows(leaf, past.read_page(leaf.history_filter, leaf.before_id, leaf.limit))
    )
    return model


def times(history: HistoryModel) -> list[float]:
    entries = [history.entry_at(history.index(row, 0)) for row in range(history.rowCount())]
    return [entry.at - NOW for entry in entries if entry is not None]


def test_the_history_model_keeps_qts_rules_while_it_grows_and_is_filtered(
    history: HistoryModel, past: FakePagedHistoryStore
) -> None:
    for number in range(PAGE_SIZE + 40):
        past.append(entry_at(number))
    tester = QAbstractItemModelTester(history, QAbstractItemModelTester.FailureReportingMode.Warning)
    tester.setUseFetchMore(False)  # it would do so in the middle of a reset, and then wonder
    history.reload()
    history.fetchMore(QModelIndex())
    past.append(entry_at(PAGE_SIZE + 40))
    history.load_newer()
    history.set_account_names({SHOP.appid: "Shop"})
    history.set_filter(HistoryFilter(only_failures=True))
    history.load_newer()
    history.set_filter(HistoryFilter())
    history.fetchMore(QModelIndex())
    assert history.rowCount() == PAGE_SIZE + 41


def test_the_newest_is_on_top_and_older_ones_come_when_somebody_scrolls(
    history: HistoryModel, past: FakePagedHistoryStore
) -> None:
    for number in range(2 * PAGE_SIZE + 3):
        past.append(entry_at(number))
    history.reload()
    assert history.rowCount() == PAGE_SIZE
    assert history.canFetchMore(QModelIndex())
    history.fetchMore(QModelIndex())
    history.fetchMore(QModelIndex())
    assert not history.canFetchMore(QModelIndex())
    assert times(history) == [*range(2 * PAGE_SIZE + 2, -1, -1)]


def test_a_whole_last_page_ends_with_an_empty_one(history: HistoryModel, past: FakePagedHistoryStore) -> None:
    for number in range(PAGE_SIZE):
        past.append(entry_at(number))
    history.reload()
    assert history.canFetchMore(QModelIndex())
    history.fetchMore(QModelIndex())
    assert not history.canFetchMore(QModelIndex())
    assert history.rowCount() == PAGE_SIZE


def test_new_ones_come_on_top_and_move_nothing_else(
    history: HistoryModel, past: FakePagedHistoryStore, qtbot: QtBot
) -> None:
    for number in range(5):
        past.append(entry_at(number))
    history.reload()
    reading = history.index(2, 0)
    kept = [history.entry_at(reading)]
    for number in range(5, 8):
        past.append(entry_at(number))
    with qtbot.assertNotEmitted(history.modelReset), qtbot.waitSignal(history.rowsInserted):
        history.load_newer()
    assert times(history) == [7, 6, 5, 4, 3, 2, 1, 0]
    assert [history.entry_at(history.index(5, 0))] == kept
    with qtbot.assertNotEmitted(history.rowsInserted):
        history.load_newer()


def test_more_news_than_a_page_begins_again(history: HistoryModel, past: FakePagedHistoryStore) -> None:
    past.append(entry_at(0))
    history.reload()
    for number in range(1, PAGE_SIZE + 10):
        past.append(entry_at(number))
    history.load_newer()
    assert times(history) == [*range(PAGE_SIZE + 9, 9, -1)]
    history.fetchMore(QModelIndex())
    assert times(history)[-1] == 0


def test_the_first_entry_of_all_is_shown(history: HistoryModel, past: FakePagedHistoryStore) -> None:
    history.load_newer()
    past.append(entry_at(0))
    history.load_newer()
    assert times(history) == [0]


def test_a_line_says_everything_in_words(history: HistoryModel, past: FakePagedHistoryStore) -> None:
    past.append(entry_at(0, result=AttemptResult.REFUSED, errcode=40164, took_ms=123, trigger=Trigger.USER))
    past.append(entry_at(1, appid="wx-gone"))
    history.set_account_names({SHOP.appid: "Shop"})
    history.reload()
    cells = [history.index(1, column).data() for column in HistoryColumn if column != HistoryColumn.TIME]
    assert cells == ["Shop", "ACCESS_TOKEN", "person", "refused", "40164", "123"]
    assert history.index(0, HistoryColumn.ACCOUNT).data() == "wx-gone"
    headers = [history.headerData(column, Qt.Orientation.Horizontal) for column in HistoryColumn]
    assert headers == ["Time", "Account", "Key", "Trigger", "Result", "errcode", "ms"]


def test_what_wechat_said_stands_in_the_tooltip_of_the_history_as_text(
    history: HistoryModel, past: FakePagedHistoryStore
) -> None:
    past.append(entry_at(0, result=AttemptResult.REFUSED, errcode=1, errmsg="<img src=x>\U0001f600"))
    past.append(entry_at(1))
    history.reload()
    assert history.index(1, HistoryColumn.RESULT).data(TOOLTIP).count("&lt;img src=x&gt;\U0001f600") == 1
    assert history.index(0, HistoryColumn.RESULT).data(TOOLTIP) is None
