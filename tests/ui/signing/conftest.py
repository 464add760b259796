"""Fixtures of the tests: sign pages with and without a ticket, and the clipboard."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QClipboard, QGuiApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.sign_page import SignPage
from tests.runtime.harness import SHOP, TICKET, RuntimeHarness
from tests.ui.signing.diagnose_page_driver import DiagnosePageDriver
from tests.ui.signing.sign_page_driver import TICKET_VALUE, open_page


@pytest.fixture
def page(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> SignPage:
    """Return the page for an account with a valid ticket; automatic refresh is not started."""
    harness.put_value(SHOP, TICKET, TICKET_VALUE, age_s=600)
    return open_page(harness, formatter, qtbot)


@pytest.fixture
def ticketless(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> SignPage:
    return open_page(harness, formatter, qtbot)


@pytest.fixture
def driver(harness: RuntimeHarness, qtbot: QtBot) -> DiagnosePageDriver:
    """Return the driver of a diagnose page over the test module's own `harness`."""
    return DiagnosePageDriver(harness, qtbot)


@pytest.fixture
def clipboard() -> Iterator[QClipboard]:
    """Return the clipboard, which is empty before and after the test."""
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    yield clipboard
    clipboard.clear()
