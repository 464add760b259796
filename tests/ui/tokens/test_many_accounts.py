"""The tokens page with many accounts that all change at once: what is measured and painted stays bounded."""

from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.ui.model_index import Index
from guarddog_gui.ui.tokens import page as tokens_page
from guarddog_gui.ui.tokens.delegate import TokenDelegate
from guarddog_gui.ui.tokens.model import TokenColumn
from guarddog_gui.ui.widgets.tables import ROWS_MEASURED
from tests.fakes import NOW
from tests.ui.account_statuses import make_account_status
from tests.ui.tokens.tokens_page_setup import TokensPageSetup

ACCOUNTS = tuple(Account(f"wx{number:016x}", f"Account {number}") for number in range(200))


def make_overview(*, left: float) -> Overview:
    return Overview(NOW, tuple(make_account_status(account, left=left) for account in ACCOUNTS))


class MeasuringDelegate(TokenDelegate):
    """Delegate that counts how many cells are measured."""

    count = 0

    def sizeHint(self, option: object, index: Index) -> object:  # type: ignore[override]
        self.count += 1
        return super().sizeHint(option, index)  # type: ignore[arg-type]


def test_a_change_of_all_accounts_measures_the_columns_once(setup: TokensPageSetup, qtbot: QtBot) -> None:
    setup.model.set_overview(make_overview(left=3600))
    delegate = MeasuringDelegate(setup.page._formatter.icons, setup.view)
    setup.view.setItemDelegate(delegate)
    qtbot.wait(2 * tokens_page.FIT_DELAY_MS)
    delegate.count = 0

    setup.model.set_overview(make_overview(left=1800))
    assert delegate.count <= len(TokenColumn), "the change itself measures next to nothing"

    qtbot.wait(3 * tokens_page.FIT_DELAY_MS)
    visible_rows = setup.view.viewport().height() // setup.view.rowHeight(setup.index(0))
    assert 0 < delegate.count <= (len(TokenColumn) - 1) * (visible_rows + 2 + 2 * ROWS_MEASURED)


def test_a_column_grows_with_its_contents(setup: TokensPageSetup, qtbot: QtBot) -> None:
    setup.model.set_overview(make_overview(left=59))
    narrow = setup.view.columnWidth(TokenColumn.TIME_LEFT)
    setup.model.set_overview(make_overview(left=86400 * 30))
    qtbot.waitUntil(lambda: setup.view.columnWidth(TokenColumn.TIME_LEFT) > narrow)
