"""Strips: one line where there is room, else the parts below each other."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column
from guarddog_gui.ui.widgets.strip import MIN_HEIGHT, Severity, Strip

TEXT, DETAIL = "203.0.113.9 is not on the IP whitelist", "40164 · 3 tries since 14:40"


@pytest.fixture
def strip(formatter: Formatter, qtbot: QtBot) -> Strip:
    strip = Strip(formatter.icons)
    qtbot.addWidget(strip)
    for text in ("Copy IP", "Retry"):
        strip.button_row.addWidget(QPushButton(text))
    strip.show_notice(Severity.BAD, TEXT, DETAIL)
    return strip


def lay_out(strip: Strip, width: int) -> tuple[QLabel, QLabel, QPushButton]:
    strip.resize(width, strip.height_for(width))
    strip.show()
    text, detail = (next(label for label in strip.findChildren(QLabel) if label.text() == t) for t in (TEXT, DETAIL))
    return text, detail, strip.findChildren(QPushButton)[0]


def test_a_wide_strip_has_one_line(strip: Strip) -> None:
    text, detail, button = lay_out(strip, 1000)
    assert text.x() < detail.x() < button.x()
    assert strip.height() == pytest.approx(MIN_HEIGHT, abs=4)


def test_a_narrower_strip_has_the_details_below_the_sentence(strip: Strip) -> None:
    text, detail, button = lay_out(strip, 520)
    assert detail.y() > text.y()
    assert button.x() > text.geometry().right()


def test_a_narrow_strip_has_its_buttons_below(strip: Strip) -> None:
    text, _detail, button = lay_out(strip, 330)
    assert button.y() > text.geometry().bottom()
    assert strip.rect().contains(button.geometry())


def test_buttons_that_do_not_fit_side_by_side_stand_below_each_other(strip: Strip) -> None:
    strip.button_row.addWidget(QPushButton("A button with a very long text"))
    lay_out(strip, 300)
    buttons = strip.findChildren(QPushButton)
    assert len({button.y() for button in buttons}) == 3
    assert all(button.width() >= button.sizeHint().width() for button in buttons)


def test_a_long_sentence_wraps_and_is_never_cut_off(strip: Strip) -> None:
    strip.show_notice(Severity.WARN, TEXT * 6, DETAIL)
    for width in (300, 600, 900):
        strip.resize(width, strip.height_for(width))
        strip.show()
        label = next(label for label in strip.findChildren(QLabel) if label.text() == TEXT * 6)
        assert label.heightForWidth(label.width()) <= label.height()


def test_screen_readers_read_sentence_and_details(strip: Strip) -> None:
    assert strip.accessibleName() == f"{TEXT} {DETAIL}"


@pytest.mark.parametrize("width", [300, 520, 1000])
def test_a_strip_takes_nothing_of_the_free_height_of_its_page(strip: Strip, qtbot: QtBot, width: int) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.setLayout(make_column(strip, STRETCH))
    page.resize(width, 900)
    page.show()
    qtbot.waitUntil(lambda: strip.height() == strip.height_for(width))
    strip.setParent(None)  # the fixture deletes it
