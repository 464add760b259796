"""Field of a passphrase: it shows dots, and a new text takes the error away."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.ui.transfer.passphrase_field import PassphraseField


def test_what_is_typed_is_hidden_and_clears_the_error(qtbot: QtBot) -> None:
    field = PassphraseField("passphrase")
    qtbot.addWidget(field)
    field.set_error("too short")

    QTest.keyClicks(field.input, "correct horse")

    assert field.passphrase == Secret("correct horse")
    assert field.input.echoMode() is QLineEdit.EchoMode.Password
    assert field.error.text() == ""


def test_a_pasted_line_loses_its_end_and_keeps_its_blanks(qtbot: QtBot) -> None:
    field = PassphraseField("passphrase")
    qtbot.addWidget(field)
    QGuiApplication.clipboard().setText(" correct horse \n")

    field.input.paste_clipboard()

    assert field.passphrase == Secret(" correct horse ")
