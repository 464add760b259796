"""Tests of the notes below a field: one strip each, with links for the correction and the sample code."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.page_notes import SHOWN_MAX, Note, NoteList
from guarddog_gui.ui.style.colours import DARK, LIGHT, make_palette
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column
from guarddog_gui.ui.widgets.strip import Severity, Strip

LONG = "This address is wrong in a way that takes some words to explain to the user who reads it. " * 2
HOSTILE = ['<img src="file:///etc/passwd">', "<b>bold</b> & &amp;", "\U0001f600 \u202eright to left\u202c"]
FRAGMENT = Note(Severity.INFO, "A fragment", "https://a.cn/p")
HTTP = Note(Severity.WARN, "Signs http", "https://a.cn/q")
REFUSED = Note(Severity.BAD, "No address")


@pytest.fixture
def notes(formatter: Formatter, qtbot: QtBot) -> NoteList:
    notes = NoteList(formatter.icons)
    qtbot.addWidget(notes)
    notes.resize(500, 100)
    return notes


def texts(notes: NoteList) -> list[str]:
    return [strip.accessibleName() for strip in notes.findChildren(Strip)]


def links(notes: NoteList) -> list[QPushButton]:
    return notes.findChildren(QPushButton)


def test_an_empty_list_is_hidden(notes: NoteList) -> None:
    assert notes.isHidden()
    notes.show_notes((REFUSED,))
    assert not notes.isHidden()
    notes.show_notes(())
    assert notes.isHidden()


def test_the_gravest_note_comes_first(notes: NoteList) -> None:
    notes.show_notes((FRAGMENT, REFUSED))
    assert texts(notes) == ["No address", "A fragment"]


def test_only_a_correctable_value_has_a_link_that_emits_the_correction(notes: NoteList) -> None:
    corrections: list[str] = []
    notes.correction_accepted.connect(corrections.append)
    notes.show_notes((Note(Severity.WARN, "An IP"), FRAGMENT))
    assert [link.accessibleName() for link in links(notes)] == ["Fix: A fragment"]
    links(notes)[0].click()
    assert corrections == ["https://a.cn/p"]


def test_a_note_with_sample_code_has_a_link_for_it(notes: NoteList, qtbot: QtBot) -> None:
    notes.show_notes((Note(Severity.WARN, "Shared", has_sample=True),))
    (link,) = links(notes)
    assert link.text() == "See sample code"
    with qtbot.waitSignal(notes.sample_requested):
        link.click()


def test_the_others_are_shown_on_demand_until_there_are_few(notes: NoteList) -> None:
    many = tuple(Note(Severity.WARN, f"{number}") for number in range(5))
    notes.show_notes(many)
    assert len(texts(notes)) == SHOWN_MAX
    links(notes)[-1].click()
    assert len(texts(notes)) == 5
    notes.show_notes(many[:4])
    assert len(texts(notes)) == 4  # still unfolded
    notes.show_notes(many[:2])
    notes.show_notes(many)
    assert len(texts(notes)) == SHOWN_MAX


def test_showing_the_same_notes_again_keeps_the_links(notes: NoteList) -> None:
    notes.show_notes((FRAGMENT,))
    before = links(notes)
    notes.show_notes((FRAGMENT,))
    assert links(notes) == before


def test_a_refusal_looks_different_from_a_warning(notes: NoteList) -> None:
    notes.show_notes((HTTP,))
    warning = notes.grab().toImage()
    notes.show_notes((Note(Severity.BAD, HTTP.text, HTTP.corrected),))
    assert notes.grab().toImage() != warning


def test_another_theme_repaints_the_strips(notes: NoteList, qapp: QApplication) -> None:
    images = []
    for colours in (LIGHT, DARK):
        notes.setPalette(make_palette(colours))
        notes.show_notes((HTTP,))
        qapp.processEvents()
        images.append(notes.grab().toImage())
    assert images[0] != images[1]
    assert texts(notes) == ["Signs http"]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_note_is_shown_as_text(notes: NoteList, text: str) -> None:
    notes.show_notes((Note(Severity.WARN, text),))
    label = next(label for label in notes.findChildren(QLabel) if label.text())
    assert label.text() == text
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_long_note_wraps_and_is_not_cut_off(formatter: Formatter, qapp: QApplication, qtbot: QtBot) -> None:
    notes = NoteList(formatter.icons)
    notes.show_notes((Note(Severity.WARN, LONG, "x"),))
    page = QWidget()
    page.setLayout(make_column(notes, STRETCH))
    qtbot.addWidget(page)
    page.resize(400, 400)
    page.show()
    qapp.processEvents()
    label = next(label for label in notes.findChildren(QLabel) if label.text())
    assert label.heightForWidth(label.width()) <= label.height()
