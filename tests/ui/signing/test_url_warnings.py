"""The notes below a field: one line each, its correction as a button, and nothing in it but plain text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.url_warnings import HEIGHT_MAX, WarningList
from guarddog_gui.ui.theme import make_palette

LONG = "This address is wrong in a way that takes some words to explain to somebody who reads it. " * 2
HOSTILE = [
    '<img src="file:///etc/passwd">',
    "<b>bold</b> & &amp;",
    "\U0001f600 \u202eright to left\u202c",
    "a" * 500,
]


@pytest.fixture
def notes(formatter: Formatter, qtbot: QtBot) -> WarningList:
    notes = WarningList(formatter.icons)
    qtbot.addWidget(notes)
    notes.resize(400, 100)
    return notes


def texts(notes: WarningList) -> list[str]:
    return [label.text() for label in notes.findChildren(QLabel) if label.text()]


def buttons(notes: WarningList) -> list[QPushButton]:
    return notes.findChildren(QPushButton)


def test_with_nothing_to_say_it_takes_no_room(notes: WarningList) -> None:
    assert notes.isHidden()
    notes.show_warnings((("Something", None),))
    assert not notes.isHidden()
    notes.show_warnings(())
    assert notes.isHidden()


def test_only_what_can_be_corrected_has_a_button_that_tells_the_corrected_value(notes: WarningList) -> None:
    told: list[str] = []
    notes.correction_accepted.connect(told.append)
    notes.show_warnings(
        (("An IP", None), ("A fragment", "https://a.cn/p"), ("White space", "https://a.cn/q"))
    )
    assert texts(notes) == ["An IP", "A fragment", "White space"]
    assert [button.accessibleName() for button in buttons(notes)] == [
        "Correct it: A fragment",
        "Correct it: White space",
    ]
    buttons(notes)[1].click()
    assert told == ["https://a.cn/q"]


def test_the_same_notes_leave_the_buttons_as_they_are(notes: WarningList) -> None:
    notes.show_warnings((("A fragment", "https://a.cn/p"),))
    before = buttons(notes)
    notes.show_warnings((("A fragment", "https://a.cn/p"),))
    assert buttons(notes) == before


def test_a_refusal_looks_different_from_a_warning(notes: WarningList) -> None:
    def picture() -> object:
        return next(label for label in notes.findChildren(QLabel) if not label.text()).pixmap().toImage()

    notes.show_warnings((("Something", None),))
    warning = picture()
    notes.show_warnings((("Something", None),), refused=True)
    assert picture() != warning


def test_another_theme_paints_the_icons_again(notes: WarningList, qapp: QApplication) -> None:
    notes.show_warnings((("Something", "else"),))
    before = notes.widget()
    notes.setPalette(make_palette(Theme.DARK))
    qapp.processEvents()
    assert notes.palette().color(QPalette.ColorRole.Window).lightness() < 128
    assert notes.widget() is not before
    assert texts(notes) == ["Something"]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_said_is_shown_as_text(notes: WarningList, text: str) -> None:
    notes.show_warnings(((text, None),))
    label = next(label for label in notes.findChildren(QLabel) if label.text())
    assert label.text() == text
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_many_notes_can_be_scrolled_and_leave_room_for_the_rest(
    notes: WarningList, qapp: QApplication
) -> None:
    notes.show()
    notes.show_warnings(tuple((f"{number} {LONG}", None) for number in range(9)))
    qapp.processEvents()
    assert notes.height() == HEIGHT_MAX
    assert notes.verticalScrollBar().maximum() > 0
    assert all(
        label.heightForWidth(label.width()) <= label.height()
        for label in notes.findChildren(QLabel)
        if label.text()
    )


def test_one_note_is_as_high_as_its_lines(notes: WarningList, qapp: QApplication) -> None:
    notes.show()
    notes.show_warnings(((LONG, None),))
    qapp.processEvents()
    assert notes.height() < HEIGHT_MAX
    assert notes.verticalScrollBar().maximum() == 0
