"""Form of the diagnose page: what it reads from the pasted text and from the clipboard."""

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QClipboard
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.signing.diagnose_form import CHARS_MAX, TYPING_DEBOUNCE_MS, DiagnoseForm, PasteField
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SHOP, RuntimeHarness
from tests.ui.find import button, combo, field, label, text_area, widget

PAGE = "https://shop.example.cn/shop/?id=7&from=timeline#top"
NONCE = "Wm3WZYTPz0wzccnW"
SIGNATURE = "0" * 40


def config_of(appid: str = SHOP.appid, nonce: str = NONCE) -> str:
    return f"wx.config({{ appId: '{appid}', timestamp: {int(NOW)}, nonceStr: '{nonce}', signature: '{SIGNATURE}', jsApiList: [] }});"


@pytest.fixture
def form(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> DiagnoseForm:
    harness.accounts.stored = (SHOP, CAFE)
    harness.controller.reload_from_disk()
    form = DiagnoseForm(harness.controller, CurrentAccount(), formatter)
    qtbot.addWidget(form)
    form.retranslate()
    form.resize(800, 400)
    form.show()
    return form


def parsed_values(form: DiagnoseForm) -> str:
    return label(form, "parsed-values").text()


def test_parsed_values_are_shown_before_the_start(form: DiagnoseForm) -> None:
    form.set_input(config_of(), "")
    assert parsed_values(form) == (
        f"appId {SHOP.appid} · nonceStr {NONCE} · timestamp {int(NOW)} · signature 00000000…000000000"
    )
    form.set_input("hello", "")
    assert "wx.config" in parsed_values(form)
    form.set_input("", "")
    assert parsed_values(form) == ""


def test_typed_text_is_parsed_after_a_pause(form: DiagnoseForm, qtbot: QtBot) -> None:
    QTest.keyClicks(text_area(form, "wx.config, or single values"), "nonceStr: 'n1'")
    assert parsed_values(form) == ""
    qtbot.waitUntil(lambda: "signature" in parsed_values(form))


def test_found_values_are_shown_with_what_is_missing(form: DiagnoseForm) -> None:
    form.set_input(f"nonceStr: {NONCE}", PAGE)
    assert parsed_values(form).splitlines() == [
        f"nonceStr {NONCE}",
        "There is no signature to look into. Copy the signature that the page gives to wx.config.",
    ]


def test_a_long_value_is_cut_in_the_middle_and_controls_are_made_visible(form: DiagnoseForm) -> None:
    form.set_input(config_of(nonce="start" + "\u202en" * 9_000 + "finish"), PAGE)
    assert "nonceStr start" in parsed_values(form)
    assert "nish ·" in parsed_values(form)
    assert "…" in parsed_values(form)
    assert "\u202e" not in parsed_values(form)


def test_a_pasted_megabyte_is_cut_down_to_the_config(form: DiagnoseForm, qtbot: QtBot) -> None:
    paste_field = widget(form, PasteField)
    data = QMimeData()
    data.setText("x" * 500_000 + config_of() + "y" * 500_000)
    paste_field.insertFromMimeData(data)
    assert len(paste_field.toPlainText()) == CHARS_MAX
    qtbot.waitUntil(lambda: NONCE in parsed_values(form))
    for _ in range(4):
        paste_field.insertFromMimeData(data)
    assert len(paste_field.toPlainText()) <= 2 * CHARS_MAX


def test_the_account_of_the_pasted_config_is_selected_if_there_is_one(form: DiagnoseForm) -> None:
    form.set_input(config_of(CAFE.appid), PAGE)
    assert form.account_chooser.account == CAFE
    form.set_input(config_of("wxffffffffffffffff"), PAGE)
    assert form.account_chooser.account == CAFE
    assert "No account here has this appId" in parsed_values(form)


def test_the_user_may_select_another_account_than_the_pasted_one(form: DiagnoseForm, qtbot: QtBot) -> None:
    form.set_input(config_of(CAFE.appid), PAGE)
    accounts: QComboBox = combo(form, "Account")
    accounts.setCurrentIndex(accounts.findData(SHOP.appid))
    form.retranslate()
    form.paste_field.appendPlainText("// a comment")
    qtbot.wait(2 * TYPING_DEBOUNCE_MS)
    assert form.account_chooser.account == SHOP


def test_the_url_in_the_pasted_text_is_the_default_and_the_placeholder(form: DiagnoseForm) -> None:
    form.set_input(f"{config_of()}\nurl: https://a.cn/pasted", "")
    assert field(form, "Page's URL").placeholderText() == "https://a.cn/pasted"
    assert form.build_request().url == "https://a.cn/pasted"
    form.set_input(f"{config_of()}\nurl: https://a.cn/pasted", f" {PAGE} ")
    assert form.build_request().url == PAGE
    form.set_input("", "")
    assert field(form, "Page's URL").placeholderText().startswith("https://…")


def test_the_request_has_the_values_of_all_fields(form: DiagnoseForm) -> None:
    form.set_input(config_of(), PAGE)
    field(form, "Landing URL (SPA)").setText(" https://a.cn/entry ")

    request = form.build_request()

    assert (request.entry_url, request.nonce, request.signature) == ("https://a.cn/entry", NONCE, SIGNATURE)
    assert (request.appid, request.timestamp) == (SHOP.appid, str(int(NOW)))


@pytest.mark.parametrize("name", ["Page's URL", "Landing URL (SPA)"])
def test_enter_in_a_url_field_submits_the_form(form: DiagnoseForm, qtbot: QtBot, name: str) -> None:
    with qtbot.waitSignal(form.submitted):
        QTest.keyClick(field(form, name), Qt.Key.Key_Return)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_in_the_pasted_text_submits_the_form_and_enter_breaks_the_line(
    form: DiagnoseForm, qtbot: QtBot, key: Qt.Key
) -> None:
    with qtbot.assertNotEmitted(form.submitted):
        QTest.keyClick(form.paste_field, key)
    assert form.paste_field.toPlainText() == "\n"
    with qtbot.waitSignal(form.submitted):
        QTest.keyClick(form.paste_field, key, Qt.KeyboardModifier.ControlModifier)
    assert form.paste_field.toPlainText() == "\n"


def test_the_tab_key_leaves_the_pasted_text(form: DiagnoseForm) -> None:
    assert form.paste_field.tabChangesFocus()


# -- clipboard ------------------------------------------------------------------------------------


def content(form: DiagnoseForm) -> tuple[str, str]:
    return form.paste_field.toPlainText(), field(form, "Page's URL").text()


def is_taken(form: DiagnoseForm) -> bool:
    """Return whether the form says that its content is from the clipboard."""
    return label(form, "Taken from the clipboard").isVisible()


def test_config_and_url_are_taken_from_one_copied_text(form: DiagnoseForm, clipboard: QClipboard) -> None:
    text = f"{config_of()}\n{PAGE}"
    clipboard.setText(text)
    form.take_from_clipboard()
    assert content(form) == (text, PAGE)
    assert is_taken(form)


def test_config_and_url_are_taken_one_after_the_other(form: DiagnoseForm, clipboard: QClipboard) -> None:
    for text in (config_of(), PAGE):
        clipboard.setText(text)
        form.take_from_clipboard()
    assert content(form) == (config_of(), PAGE)


def test_the_url_that_wechat_names_is_the_pages(form: DiagnoseForm, clipboard: QClipboard) -> None:
    clipboard.setText(f'{config_of()}\nerrMsg: "config:fail", realAuthUrl: ["https://a.cn/real"]')
    form.take_from_clipboard()
    assert form.build_request().url == "https://a.cn/real"


@pytest.mark.parametrize("text", ["", "hello", "kgt8ON7yVITDhtdwci0qeS" * 4, "AppSecret: " + "0123456789abcdef" * 2])
def test_other_text_is_not_taken(form: DiagnoseForm, clipboard: QClipboard, text: str) -> None:
    clipboard.setText(text)
    form.take_from_clipboard()
    assert content(form) == ("", "")
    assert not is_taken(form)


def test_what_the_user_has_typed_is_kept(form: DiagnoseForm, clipboard: QClipboard) -> None:
    field(form, "Page's URL").setText("https://a.cn/typed")
    clipboard.setText(f"{config_of()}\n{PAGE}")
    form.take_from_clipboard()
    assert content(form) == ("", "https://a.cn/typed")
    button(form, "Paste").click()  # but on request
    assert content(form)[1] == PAGE


def test_undo_brings_back_the_fields_and_the_same_text_is_not_taken_again(
    form: DiagnoseForm, clipboard: QClipboard
) -> None:
    clipboard.setText(f"{config_of()}\n{PAGE}")
    form.take_from_clipboard()
    button(form, "Undo").click()
    assert content(form) == ("", "")
    assert not is_taken(form)
    form.take_from_clipboard()
    assert content(form) == ("", "")
    clipboard.setText(PAGE)
    form.take_from_clipboard()
    assert content(form) == ("", PAGE)


def test_the_hint_goes_away_with_the_first_change(form: DiagnoseForm, clipboard: QClipboard) -> None:
    clipboard.setText(PAGE)
    form.take_from_clipboard()
    QTest.keyClicks(field(form, "Page's URL"), "x")
    assert not is_taken(form)


def test_paste_takes_any_text(form: DiagnoseForm, clipboard: QClipboard) -> None:
    clipboard.setText("config:fail, invalid url domain")
    button(form, "Paste").click()
    assert content(form) == ("config:fail, invalid url domain", "")


def test_a_pasted_appid_changes_the_account_of_all_pages(harness: RuntimeHarness, formatter: Formatter) -> None:
    harness.accounts.stored = (SHOP, CAFE)
    harness.controller.reload_from_disk()
    current = CurrentAccount()
    form = DiagnoseForm(harness.controller, current, formatter)
    form.set_input(config_of(CAFE.appid), PAGE)
    assert current.appid == CAFE.appid


def test_another_token_in_place_of_the_config_is_named(form: DiagnoseForm) -> None:
    form.set_input('{"component_access_token":"87_abcdefgh","expires_in":7200}', "")
    assert parsed_values(form).startswith("This text has the token or ticket of a third-party platform")
