"""Tests of the list of warnings below a field: one row each, with a button for the correction."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.url_warnings import HEIGHT_MAX, WarningList
from tests.ui.palettes import palette_of

LONG = "This address is wrong in a way that takes some words to explain to somebody who reads it. " * 2
HOSTILE = ['<img src="file:///etc/passwd">', "<b>bold</b> & &amp;", "\U0001f600 \u202eright to left\u202c", "a" * 500]


@pytest.fixture
def warning_list(formatter: Formatter, qtbot: QtBot) -> WarningList:
    warning_list = WarningList(formatter.icons)
    qtbot.addWidget(warning_list)
    warning_list.resize(400, 100)
    return warning_list


def texts(warning_list: WarningList) -> list[str]:
    return [label.text() for label in warning_list.findChildren(QLabel) if label.text()]


def buttons(warning_list: WarningList) -> list[QPushButton]:
    return warning_list.findChildren(QPushButton)


def test_an_empty_list_is_hidden(warning_list: WarningList) -> None:
    assert warning_list.isHidden()
    warning_list.show_warnings((("Something", None),))
    assert not warning_list.isHidden()
    warning_list.show_warnings(())
    assert warning_list.isHidden()


def test_only_a_correctable_value_has_a_button_that_emits_the_correction(warning_list: WarningList) -> None:
    corrections: list[str] = []
    warning_list.correction_accepted.connect(corrections.append)
    warning_list.show_warnings((("An IP", None), ("A fragment", "https://a.cn/p"), ("White space", "https://a.cn/q")))
    assert texts(warning_list) == ["An IP", "A fragment", "White space"]
    assert [button.accessibleName() for button in buttons(warning_list)] == [
        "Correct it: A fragment",
        "Correct it: White space",
    ]
    buttons(warning_list)[1].click()
    assert corrections == ["https://a.cn/q"]


def test_showing_the_same_warnings_again_keeps_the_buttons(warning_list: WarningList) -> None:
    warning_list.show_warnings((("A fragment", "https://a.cn/p"),))
    before = buttons(warning_list)
    warning_list.show_warnings((("A fragment", "https://a.cn/p"),))
    assert buttons(warning_list) == before


def test_a_refusal_looks_different_from_a_warning(warning_list: WarningList) -> None:
    def icon() -> object:
        return next(label for label in warning_list.findChildren(QLabel) if not label.text()).pixmap().toImage()

    warning_list.show_warnings((("Something", None),))
    warning = icon()
    warning_list.show_warnings((("Something", None),), refused=True)
    assert icon() != warning


def test_another_theme_repaints_the_icons(warning_list: WarningList, qapp: QApplication) -> None:
    warning_list.show_warnings((("Something", "else"),))
    before = warning_list.widget()
    warning_list.setPalette(palette_of(Theme.DARK))
    qapp.processEvents()
    assert warning_list.palette().color(QPalette.ColorRole.Window).lightness() < 128
    assert warning_list.widget() is not before
    assert texts(warning_list) == ["Something"]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_warning_is_shown_as_text(warning_list: WarningList, text: str) -> None:
    warning_list.show_warnings(((text, None),))
    label = next(label for label in warning_list.findChildren(QLabel) if label.text())
    assert label.text() == text
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_many_warnings_scroll_and_leave_room_for_the_form(warning_list: WarningList, qapp: QApplication) -> None:
    warning_list.show()
    warning_list.show_warnings(tuple((f"{number} {LONG}", None) for number in range(9)))
    qapp.processEvents()
    assert warning_list.height() == HEIGHT_MAX
    assert warning_list.verticalScrollBar().maximum() > 0
    assert all(
        label.heightForWidth(label.width()) <= label.height()
        for label in warning_list.findChildren(QLabel)
        if label.text()
    )


def test_one_warning_is_as_high_as_its_lines(warning_list: WarningList, qapp: QApplication) -> None:
    warning_list.show()
    warning_list.show_warnings(((LONG, None),))
    qapp.processEvents()
    assert warning_list.height() < HEIGHT_MAX
    assert warning_list.verticalScrollBar().maximum() == 0
