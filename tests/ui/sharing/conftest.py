"""Dialog that shares an account, with a Redis in memory."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.sharing.share_dialog import ShareDialog
from tests.runtime.harness import RuntimeHarness
from tests.ui.sharing.share_dialog_driver import ShareDialogDriver


@pytest.fixture
def driver(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> ShareDialogDriver:
    return ShareDialogDriver(harness, formatter, qtbot)


@pytest.fixture
def follow_dialog(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> ShareDialog:
    dialog = ShareDialog(harness.controller, formatter)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog
