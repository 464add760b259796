"""Fixtures of the dialogs of an account."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.formatter import Formatter
from tests.runtime.harness import SHOP, RuntimeHarness, runtime_harness
from tests.ui.accounts.account_dialog_driver import AccountDialogDriver, OpenForm
from tests.ui.accounts.query_driver import QueryDriver


@pytest.fixture
def driver(qapp: QApplication, qtbot: QtBot) -> Iterator[QueryDriver]:  # noqa: ARG001 - windows need one
    with runtime_harness(SHOP) as harness:
        yield QueryDriver(harness, qtbot)


@pytest.fixture
def open_form(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> OpenForm:
    """Return a function that opens the dialog for an account, or for a new one (None)."""

    def open_form(account: Account | None) -> AccountDialogDriver:
        dialog = AccountDialog(harness.controller, formatter, account)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        dialog.activateWindow()
        return AccountDialogDriver(dialog, harness, formatter, qtbot)

    return open_form


@pytest.fixture
def form(open_form: OpenForm) -> AccountDialogDriver:
    return open_form(None)
