"""The history page with one account."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.page import HistoryPage
from tests.runtime.harness import RuntimeHarness


@pytest.fixture
def page(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> HistoryPage:
    harness.controller.reload_from_disk()
    page = HistoryPage(harness.controller, formatter)
    qtbot.addWidget(page)
    page.resize(900, 700)
    return page
