"""Dialogs with a form: the message below the fields, and the buttons that do not move while it goes."""

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.dialogs.form_dialog import FormDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.message_view import MessageView


class SmallDialog(FormDialog):
    """Form that is higher than its dialog, with a message at its end."""

    def __init__(self, formatter: Formatter) -> None:
        super().__init__()
        self.updates = 0
        self.message = MessageView(formatter.icons)
        room = QWidget()
        room.setMinimumHeight(3000)  # higher than any screen here
        form = QWidget()
        form.setLayout(make_column(room, self.message))
        self.button = QPushButton("Save")
        self.set_form(form, self.message)
        self.setLayout(make_column((self.form_area, 1), self.button))

    def update_buttons(self) -> None:
        self.updates += 1


@pytest.fixture
def dialog(formatter: Formatter, qtbot: QtBot) -> SmallDialog:
    dialog = SmallDialog(formatter)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def test_bad_news_are_scrolled_to_and_others_are_not(dialog: SmallDialog, qtbot: QtBot) -> None:
    bar = dialog.form_area.verticalScrollBar()
    dialog.show_message(lambda: Message("Saving…"))
    qtbot.wait(50)
    assert dialog.message.isVisible()
    assert bar.value() == 0

    dialog.show_message(lambda: Message("Not saved"), Severity.BAD)
    qtbot.waitUntil(lambda: bar.value() > 0 and bar.value() == bar.maximum())


def test_the_buttons_follow_each_message(dialog: SmallDialog) -> None:
    dialog.show_message(lambda: Message("Saving…"))
    dialog.clear_message()
    assert dialog.updates == 2
    assert not dialog.message.isVisible()


def test_the_dialog_keeps_its_height_when_the_message_goes(dialog: SmallDialog) -> None:
    dialog.show_message(lambda: Message("Saving…"))
    assert not dialog.should_keep_height
    dialog.clear_message()
    assert dialog.should_keep_height
