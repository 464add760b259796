"""Dialogs that are as high as their texts need, but never higher than the screen."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.dialogs.auto_height_dialog import HEIGHT_MIN, AutoHeightDialog, FormScrollArea
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.screen_geometry import available_geometry

SENTENCE = "This sentence is long enough for several lines in a dialog. " * 3
WIDTH = 300


class QuestionDialog(AutoHeightDialog):
    """Dialog with a wrapped text and a button."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.button = QLabel("Short.", wordWrap=True), QPushButton("OK")
        self.setLayout(make_column(self.text, self.button))
        self.retranslations = 0

    def retranslate(self) -> None:
        self.retranslations += 1


class FormDialog(AutoHeightDialog):
    """Dialog with many fields, which scroll, and a button below them."""

    def __init__(self, fields: int) -> None:
        super().__init__()
        form = QWidget()
        self.fields = [QLineEdit() for _ in range(fields)]
        self.hint = QLabel(SENTENCE, wordWrap=True)
        form.setLayout(make_column(*self.fields, self.hint))
        self.button = QPushButton("Save")
        self.scroll_area: FormScrollArea = FormScrollArea(form)
        form.installEventFilter(self.scroll_area)
        self.setLayout(make_column(self.scroll_area, self.button))


@pytest.fixture
def question(qtbot: QtBot) -> QuestionDialog:
    question = QuestionDialog()
    qtbot.addWidget(question)
    question.resize(WIDTH, question.sizeHint().height())
    question.show()
    qtbot.waitExposed(question)
    return question


def show_form(qtbot: QtBot, fields: int) -> FormDialog:
    dialog = FormDialog(fields)
    qtbot.addWidget(dialog)
    dialog.resize(WIDTH, HEIGHT_MIN)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def is_fully_visible(widget: QWidget, window: QWidget) -> bool:
    top = widget.mapTo(window, QPoint(0, 0)).y()
    return top >= 0 and top + widget.height() <= window.height()


def test_a_dialog_grows_with_its_text_and_shrinks_again(question: QuestionDialog, qtbot: QtBot) -> None:
    low = question.height()

    question.text.setText(SENTENCE)
    qtbot.waitUntil(lambda: question.height() > low)
    assert question.text.height() >= question.text.heightForWidth(question.text.width())

    question.text.setText("Short.")
    qtbot.waitUntil(lambda: question.height() == low)


def test_a_narrower_dialog_is_higher(question: QuestionDialog, qtbot: QtBot) -> None:
    question.text.setText(SENTENCE)
    question.resize(600, question.height())
    qtbot.wait(10)
    wide = question.minimumHeight()

    question.resize(WIDTH, question.height())

    qtbot.waitUntil(lambda: question.height() > wide)


def test_a_dialog_that_keeps_its_height_does_not_shrink(question: QuestionDialog, qtbot: QtBot) -> None:
    low = question.height()
    question.text.setText(SENTENCE)
    qtbot.waitUntil(lambda: question.height() > low)
    high = question.height()

    question.should_keep_height = True
    question.text.setText("Short.")
    qtbot.wait(50)

    assert question.height() == high


def test_a_dialog_enlarged_by_the_user_does_not_shrink(question: QuestionDialog, qtbot: QtBot) -> None:
    question.resize(WIDTH, question.height() + 200)
    high = question.height()

    question.text.setText("Very short.")
    qtbot.wait(50)

    assert question.height() == high


def test_a_dialog_that_grows_beyond_the_screen_moves_up(question: QuestionDialog, qtbot: QtBot) -> None:
    bottom = available_geometry(question).bottom()
    question.move(0, bottom - question.height())
    low = question.height()

    question.text.setText(SENTENCE)

    qtbot.waitUntil(lambda: question.height() > low and question.frameGeometry().bottom() <= bottom)


def test_a_change_of_language_sets_the_texts_again(question: QuestionDialog) -> None:
    question.changeEvent(QEvent(QEvent.Type.LanguageChange))

    assert question.retranslations == 1


def test_a_form_that_fits_has_no_scroll_bar(qtbot: QtBot) -> None:
    dialog = show_form(qtbot, fields=3)

    policy = dialog.scroll_area.verticalScrollBarPolicy
    qtbot.waitUntil(lambda: policy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    assert is_fully_visible(dialog.button, dialog)
    assert dialog.scroll_area.viewport().height() >= dialog.hint.geometry().bottom()


def test_a_form_higher_than_the_screen_scrolls_above_the_visible_button(qtbot: QtBot) -> None:
    dialog = show_form(qtbot, fields=100)

    qtbot.waitUntil(lambda: dialog.height() <= available_geometry(dialog).height())
    assert is_fully_visible(dialog.button, dialog)
    assert dialog.scroll_area.verticalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAsNeeded
    assert dialog.scroll_area.minimumSizeHint().height() == HEIGHT_MIN


def test_a_field_far_below_is_scrolled_to(qtbot: QtBot) -> None:
    dialog = show_form(qtbot, fields=100)
    qtbot.waitUntil(lambda: dialog.height() <= available_geometry(dialog).height())
    last, viewport = dialog.fields[-1], dialog.scroll_area.viewport()
    assert not is_fully_visible(last, viewport)

    dialog.scroll_area.scroll_to(last)

    qtbot.waitUntil(lambda: is_fully_visible(last, viewport))


def test_a_field_that_was_scrolled_to_stays_visible_until_the_user_scrolls(qtbot: QtBot) -> None:
    dialog = show_form(qtbot, fields=100)
    bar, viewport, field = dialog.scroll_area.verticalScrollBar(), dialog.scroll_area.viewport(), dialog.fields[90]
    dialog.scroll_area.scroll_to(field)
    qtbot.waitUntil(lambda: is_fully_visible(field, viewport))
    dialog.hint.setText("")
    for above in dialog.fields[:50]:
        above.setMinimumHeight(60)
    qtbot.waitUntil(lambda: field.y() > 4000 and is_fully_visible(field, viewport))

    bar.triggerAction(bar.SliderAction.SliderToMinimum)
    for above in dialog.fields[:50]:
        above.setMinimumHeight(70)
    qtbot.waitUntil(lambda: field.y() > 4500)
    qtbot.wait(50)

    assert bar.value() == 0


def test_the_focus_shows_a_whole_field(qtbot: QtBot) -> None:
    dialog = show_form(qtbot, fields=100)
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.fields[70].setFocus()
    qtbot.waitUntil(lambda: is_fully_visible(dialog.fields[70], dialog.scroll_area.viewport()))


def test_a_dialog_is_shown_with_the_height_for_its_width(qtbot: QtBot) -> None:
    dialog = QuestionDialog()
    qtbot.addWidget(dialog)
    dialog.text.setText(SENTENCE)
    dialog.setMinimumWidth(WIDTH)
    dialog.show()
    layout = dialog.layout()
    assert layout is not None
    assert dialog.height() == layout.totalHeightForWidth(dialog.width())


def test_a_dialog_that_was_resized_keeps_its_size_when_it_is_shown_again(qtbot: QtBot) -> None:
    dialog = QuestionDialog()
    qtbot.addWidget(dialog)
    dialog.resize(400, 300)
    dialog.show()
    assert dialog.size().toTuple() == (400, 300)


def test_a_form_is_never_shown_higher_than_the_screen(qtbot: QtBot) -> None:
    dialog = FormDialog(200)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.height() <= available_geometry(dialog).height()
