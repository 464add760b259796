"""Buttons that are connected when they are made."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.controls.buttons import ConsolePageButton, FoldButton, LinkButton, make_button
from guarddog_gui.ui.widgets.layouts import make_column

PAGE = "https://developers.weixin.qq.com/console/"


class Page(QWidget):
    """Page with a signal that a button emits."""

    requested = Signal()


class FakeBrowser(QObject):
    """Browser that records the pages it is asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def browser(qtbot: QtBot) -> Iterator[FakeBrowser]:  # noqa: ARG001 - needs an application
    browser = FakeBrowser()
    QDesktopServices.setUrlHandler("https", browser, "open")  # type: ignore[arg-type]  # the stubs want bytes, which Qt refuses
    yield browser
    QDesktopServices.unsetUrlHandler("https")


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_button_calls_its_function(qtbot: QtBot) -> None:
    clicks: list[str] = []
    button = make_button(lambda: clicks.append("clicked"))
    qtbot.addWidget(button)

    click(button)

    assert clicks == ["clicked"]


def test_a_button_emits_its_signal(qtbot: QtBot) -> None:
    page = Page()
    button = make_button(page.requested)
    button.setParent(page)
    qtbot.addWidget(page)

    with qtbot.waitSignal(page.requested):
        click(button)


def test_the_button_of_a_console_page_opens_it_in_the_browser(qtbot: QtBot, browser: FakeBrowser) -> None:
    button = ConsolePageButton()
    qtbot.addWidget(button)

    button.set_url(PAGE)
    click(button)

    assert button.isVisible()
    assert browser.opened == [PAGE]


def test_without_a_console_page_the_button_is_hidden_and_opens_nothing(qtbot: QtBot, browser: FakeBrowser) -> None:
    button = ConsolePageButton()
    qtbot.addWidget(button)
    button.set_url(PAGE)

    button.set_url(None)
    button.click()

    assert button.isHidden()
    assert browser.opened == []


def test_a_fold_button_shows_and_hides_its_widget(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    folded = QLineEdit()
    fold = FoldButton(folded)
    fold.setText("Advanced")
    window.setLayout(make_column(fold, folded))
    window.show()
    assert not folded.isVisible()
    closed = fold.grab().toImage()
    QTest.keyClick(fold, Qt.Key.Key_Space)
    assert folded.isVisible()
    assert fold.grab().toImage() != closed  # the chevron points down
    fold.click()
    assert not folded.isVisible()


def test_a_link_is_only_as_wide_as_its_text(qtbot: QtBot) -> None:
    link, longer = LinkButton("Fix"), LinkButton("See sample code")
    for each in (link, longer):
        qtbot.addWidget(each)
    assert link.sizeHint().width() < 60
    assert longer.sizeHint().width() > link.sizeHint().width()
