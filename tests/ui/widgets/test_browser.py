"""Pages that are opened in a program of the desktop, and what is shown if it has none."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.browser import open_in_desktop

PAGE = "https://mp.weixin.qq.com/"


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.mark.parametrize(("url", "address"), [(QUrl(PAGE), PAGE), (QUrl.fromLocalFile("/var/log"), "/var/log")])
def test_an_address_that_no_program_opens_is_shown(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, url: QUrl, address: str
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    open_in_desktop(url, parent)
    (box,) = parent.findChildren(QMessageBox)
    assert box.text().endswith(f"The address is: {address}")
    box.close()


def test_nothing_is_shown_if_a_program_opens_it(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    open_in_desktop(QUrl(PAGE), parent)
    assert parent.findChildren(QMessageBox) == []
