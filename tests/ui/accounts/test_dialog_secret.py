"""Tests that the secret in the dialog of an account is neither shown nor copied."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.ui.accounts.paste_fields import SecretField
from tests.fakes import error_reply
from tests.runtime.harness import CAFE, SECRET, SHOP
from tests.ui.accounts.account_dialog_driver import OTHER_SECRET, AccountDialogDriver, OpenForm
from tests.ui.find import action, label


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


def test_the_context_menu_of_the_secret_can_paste_but_not_copy(form: AccountDialogDriver) -> None:
    QGuiApplication.clipboard().setText(SECRET)
    secret = form.secret
    assert isinstance(secret, SecretField)
    menu = secret.make_menu()
    assert [action.text() for action in menu.actions()] == ["Paste", "Select all", "Clear"]
    action(menu, "Paste").trigger()
    assert secret.text() == SECRET
    action(secret.make_menu(), "Clear").trigger()
    assert secret.text() == ""


@pytest.mark.parametrize("into", ["appid", "secret"])
def test_one_paste_fills_both_fields(form: AccountDialogDriver, into: str) -> None:
    form.paste(form.field(into), f"开发者ID(AppID)\n{CAFE.appid}\n开发者密码(AppSecret)\n{SECRET}\n重置")
    assert (form.appid_field.text(), form.secret.text()) == (CAFE.appid, SECRET)
    assert label(form.dialog, "secret-hint").text() == "Kept in the keyring of this computer, nowhere else."
    form.test()
    assert form.message == "WeChat accepts them. A token is ready."


def test_a_secret_in_a_project_file_is_pointed_out(form: AccountDialogDriver) -> None:
    form.paste(form.appid_field, f"WX_APPID={CAFE.appid}\nWX_SECRET={SECRET}")
    assert (form.appid_field.text(), form.secret.text()) == (CAFE.appid, SECRET)
    assert "remove it there" in label(form.dialog, "secret-hint").text()
    form.type_into(form.secret, "")
    assert label(form.dialog, "secret-hint").text() == "Kept in the keyring of this computer, nowhere else."


def test_a_project_of_the_developer_tools_fills_name_and_platform(form: AccountDialogDriver) -> None:
    form.paste(form.appid_field, f'{{"appid": "{CAFE.appid}", "projectname": "Corner", "compileType": "miniprogram"}}')
    account = form.form.entered_account()
    assert (account.appid, account.name, account.platform) == (CAFE.appid, "Corner", Platform.MINI_PROGRAM)
    assert label(form.dialog, "appid-note").text() == "✓ mini program"


def test_the_secret_of_another_account_is_not_taken(open_form: OpenForm) -> None:
    form = open_form(SHOP)
    form.paste(form.secret, f"{CAFE.appid} {OTHER_SECRET}")
    assert form.secret.text() == ""
    assert CAFE.appid in form.error("secret")
    form.paste(form.secret, f"{SHOP.appid} {OTHER_SECRET}")
    assert (form.secret.text(), form.error("secret")) == (OTHER_SECRET, "")


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
    assert label(form.dialog, "secret-note").text() == "32 / 32"
    assert label(form.dialog, "secret-note").isEnabled()
    form.paste(form.appid_field, f" {CAFE.appid}\n")
    assert form.appid_field.text() == CAFE.appid
    form.type_into(form.secret, SECRET[:-1])
    assert label(form.dialog, "secret-note").text() == "31 / 32"
    assert not label(form.dialog, "secret-note").isEnabled()


def test_a_secret_pasted_with_white_space_is_sent_without_it(form: AccountDialogDriver) -> None:
    form.fill()
    form.paste(form.secret, f"  {OTHER_SECRET} ")
    form.test()
    assert dict(form.harness.transport.requests[0].body or ())["secret"] == OTHER_SECRET


def test_a_pasted_secret_of_a_wrong_length_is_shown_with_its_length(form: AccountDialogDriver) -> None:
    form.paste(form.appid_field, f'{{"appId": "{CAFE.appid}", "secret": "{SECRET[:-1]}"}}')
    assert (form.appid_field.text(), form.secret.text()) == (CAFE.appid, SECRET[:-1])
    assert label(form.dialog, "secret-note").text() == "31 / 32"


@pytest.mark.parametrize("secret", ["", f"\nWECHAT_APPSECRET={OTHER_SECRET[:-1]}"])
def test_a_paste_with_another_appid_leaves_no_old_secret(form: AccountDialogDriver, secret: str) -> None:
    form.paste(form.appid_field, f"WECHAT_APPID={CAFE.appid}\nWECHAT_APPSECRET={SECRET}")
    form.paste(form.appid_field, f"WECHAT_APPID={SHOP.appid}{secret}")
    assert form.appid_field.text() == SHOP.appid
    assert form.secret.text() == secret[-31:]


@pytest.mark.parametrize("into", ["appid", "secret"])
def test_another_token_pasted_for_a_credential_is_named_and_not_kept(form: AccountDialogDriver, into: str) -> None:
    form.paste(form.field(into), '{"session_key":"tiihtNczf5v6AKRyjwEUhQ==","openid":"oLVPpjqs9BhvzwPj5A"}')
    assert label(form.dialog, f"{into}-error").text().startswith("This text has the session_key of a mini-program")
    assert form.field(into).text() == ""
    form.paste(form.field(into), f"{CAFE.appid}\n{SECRET}")
    assert label(form.dialog, f"{into}-error").text() == ""
