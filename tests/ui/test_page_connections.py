"""Connections of the pages: whatever a page requests, somewhere it is heard."""

import pytest
from PySide6.QtCore import QMetaMethod
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.window_pages import PageName
from tests.fakes import FakeClock
from tests.runtime.harness import RuntimeHarness


def own_signals(page: Page) -> list[QMetaMethod]:
    """Return the signals that the class of the page declares."""
    meta = page.metaObject()
    methods = (meta.method(index) for index in range(meta.methodOffset(), meta.methodCount()))
    return [method for method in methods if method.methodType() is QMetaMethod.MethodType.Signal]


@pytest.mark.parametrize("name", PageName)
def test_every_signal_of_a_page_is_connected(
    name: PageName, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    window = MainWindow(harness.controller, harness.signing, Clipboard(FakeClock()), formatter)
    qtbot.addWidget(window)
    page = window.pages.page(name)
    signals = own_signals(page)
    assert bool(signals) is (name is not PageName.ERRCODES)
    assert [bytes(signal.name().data()) for signal in signals if not page.isSignalConnected(signal)] == []
