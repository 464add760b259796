"""Tests that the secret in the dialog of an account is neither shown nor copied."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from tests.fakes import error_reply
from tests.runtime.harness import CAFE, SECRET
from tests.ui.accounts.account_dialog_driver import OTHER_SECRET, AccountDialogDriver
from tests.ui.find import label


def test_the_secret_is_hidden_on_the_screen_and_from_screen_readers(form: AccountDialogDriver) -> None:
    form.fill()
    assert form.secret.echoMode() is QLineEdit.EchoMode.Password
    assert SECRET not in form.secret.displayText()
    assert SECRET not in form.secret.accessibleName() + form.secret.accessibleDescription()
    assert form.secret.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData
    assert form.secret.inputMethodHints() & Qt.InputMethodHint.ImhNoPredictiveText


@pytest.mark.parametrize("key", [QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut])
def test_the_secret_cannot_be_copied_with_the_keyboard(
    form: AccountDialogDriver, key: QKeySequence.StandardKey
) -> None:
    form.fill()
    QGuiApplication.clipboard().setText("before")
    form.secret.setFocus()
    form.secret.selectAll()
    assert form.secret.hasSelectedText()
    QTest.keySequence(form.secret, QKeySequence(key))
    assert QGuiApplication.clipboard().text() == "before"


def test_the_name_can_be_copied_with_the_keyboard(form: AccountDialogDriver) -> None:
    form.fill()
    form.name_field.setFocus()
    form.name_field.selectAll()
    QTest.keySequence(form.name_field, QKeySequence(QKeySequence.StandardKey.Copy))
    assert QGuiApplication.clipboard().text() == CAFE.name


def test_the_secret_field_has_no_context_menu(form: AccountDialogDriver) -> None:
    form.fill()
    assert form.secret.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu


def test_the_secret_cannot_be_dragged_out(form: AccountDialogDriver) -> None:
    assert not form.secret.dragEnabled()


def test_selecting_the_secret_does_not_set_the_selection_clipboard(form: AccountDialogDriver) -> None:
    form.fill()
    form.secret.selectAll()
    assert SECRET not in QGuiApplication.clipboard().text(QClipboard.Mode.Selection)


def test_no_label_button_or_title_contains_the_secret(form: AccountDialogDriver) -> None:
    form.harness.wechat.forced_token_reply = error_reply(40125, f"invalid appsecret {SECRET}")
    form.fill()
    form.test()
    for widget in form.dialog.findChildren(QWidget):
        if widget is not form.secret:
            for name in ("text", "windowTitle", "toolTip", "accessibleName", "accessibleDescription"):
                read = getattr(widget, name, None)
                assert read is None or SECRET not in str(read())


def test_pasted_white_space_is_stripped_and_the_length_is_shown(form: AccountDialogDriver) -> None:
    form.paste(form.secret, f" \t{SECRET}\n ")
    assert form.secret.text() == SECRET
    assert label(form.dialog, "secret-length").text() == "32"
    assert label(form.dialog, "secret-length").isEnabled()
    form.paste(form.appid_field, f" {CAFE.appid}\n")
    assert form.appid_field.text() == CAFE.appid
    form.type_into(form.secret, SECRET[:-1])
    assert label(form.dialog, "secret-length").text() == "31"
    assert not label(form.dialog, "secret-length").isEnabled()


def test_an_empty_secret_field_is_as_wide_as_the_other_fields(form: AccountDialogDriver) -> None:
    assert form.secret.width() == form.appid_field.width()
    form.type_into(form.secret, SECRET)
    assert label(form.dialog, "secret-length").isVisible()
    form.type_into(form.secret, "")
    form.qtbot.waitUntil(lambda: form.secret.width() == form.appid_field.width())


def test_a_secret_pasted_with_white_space_is_sent_without_it(form: AccountDialogDriver) -> None:
    form.fill()
    form.paste(form.secret, f"  {OTHER_SECRET} ")
    form.test()
    assert dict(form.harness.transport.requests[0].body or ())["secret"] == OTHER_SECRET
