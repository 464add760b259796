"""Fields for credentials: each way to paste ends in the signal, and the secret cannot be copied."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.accounts.paste_fields import PasteField, SecretField
from tests.ui.find import action


@pytest.fixture(params=[PasteField, SecretField])
def field(request: pytest.FixtureRequest, qtbot: QtBot) -> PasteField:
    field: PasteField = request.param()
    qtbot.addWidget(field)
    field.show()
    QGuiApplication.clipboard().setText("two\nlines")
    return field


def test_a_paste_by_key_is_signalled_and_not_inserted(field: PasteField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.pasted) as pasted:
        QTest.keySequence(field, QKeySequence(QKeySequence.StandardKey.Paste))
    assert pasted.args == ["two\nlines"]
    assert field.text() == ""


def test_a_paste_from_the_menu_is_signalled(field: PasteField, qtbot: QtBot) -> None:
    menu = field.make_menu()
    paste = next(each for each in menu.actions() if "Paste" in each.text())
    with qtbot.waitSignal(field.pasted) as pasted:
        paste.trigger()
    assert pasted.args == ["two\nlines"]


def test_a_dropped_text_is_signalled(field: PasteField, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setText("dropped")
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
    with qtbot.waitSignal(field.pasted) as pasted:
        field.dropEvent(event)
    assert pasted.args == ["dropped"]


def test_a_field_that_cannot_be_edited_takes_no_paste(field: PasteField, qtbot: QtBot) -> None:
    field.setReadOnly(True)
    with qtbot.assertNotEmitted(field.pasted):
        QTest.keySequence(field, QKeySequence(QKeySequence.StandardKey.Paste))


def test_clearing_the_secret_from_the_menu_is_an_edit(qtbot: QtBot) -> None:
    field = SecretField()
    qtbot.addWidget(field)
    field.setText("x")
    with qtbot.waitSignal(field.textEdited):
        action(field.make_menu(), "Clear").trigger()
    assert field.text() == ""
