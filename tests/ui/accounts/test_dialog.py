"""The dialog that adds or edits an account, as a person goes through it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Platform, Secret
from guarddog_gui.domain.accounts.existing_files import ExistingFile, FolderContents
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked, NotPersisted, SecretMissing
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.settings import Theme
from guarddog_gui.domain.tokens.record import TokenRecord
from guarddog_gui.domain.wechat.account_queries import TOKEN_CHECK_ENDPOINT
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.theme import make_palette
from tests.fakes import NOW, OFFLINE_FAILURE, error_reply
from tests.runtime.harness import CAFE, CARD, SECRET, SHOP, TICKET, TOKEN, RuntimeHarness
from tests.ui.conftest import make_formatter
from tests.ui.message_boxes import MessageBoxAnswerer

OTHER_SECRET = "fedcba9876543210fedcba9876543210"


class AccountDialogSetup:
    """A dialog, filled in as by hand."""

    def __init__(self, dialog: AccountDialog, harness: RuntimeHarness, qtbot: QtBot) -> None:
        self.dialog = dialog
        self.harness = harness
        self.qtbot = qtbot
        self.fields = dialog._form
        self.secret = self.fields._secret_field
        self.save_button = dialog._button_box.button(QDialogButtonBox.StandardButton.Save)
        self.test_button = dialog._test_button

    def type_into(self, field: QLineEdit, text: str) -> None:
        field.setFocus()
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        if text.isascii():
            QTest.keyClicks(field, text)
        else:  # there are no such keys
            self.paste(field, text)

    def fill(self, account: Account = CAFE, secret: str = SECRET) -> None:
        self.type_into(self.fields._name_field, account.name)
        self.type_into(self.fields._appid_field, account.appid)
        self.type_into(self.secret, secret)

    def paste(self, field: QLineEdit, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        field.setFocus()
        field.selectAll()
        QTest.keySequence(field, QKeySequence(QKeySequence.StandardKey.Paste))

    @property
    def said(self) -> str:
        labels = (self.dialog._message_view._summary_label, self.dialog._message_view._advice_label)
        return " ".join(label.text() for label in labels if not label.isHidden())

    def test(self) -> None:
        """Press Test and wait for the verdict."""
        self.test_button.click()
        self.wait()

    def save(self) -> None:
        """Press Save and wait for what comes of it."""
        self.save_button.click()
        self.wait()

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: self.test_button.isEnabled() and self.dialog._verification_job is None)

    @property
    def is_saved(self) -> bool:
        return self.dialog.result() == QDialog.DialogCode.Accepted


OpenForm = Callable[[Account | None], AccountDialogSetup]


@pytest.fixture
def open_form(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> OpenForm:
    """open_form(account or None) -> the dialog on the screen."""

    def open_form(account: Account | None) -> AccountDialogSetup:
        dialog = AccountDialog(harness.controller, formatter, account)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        dialog.activateWindow()
        return AccountDialogSetup(dialog, harness, qtbot)

    return open_form


@pytest.fixture
def form(open_form: OpenForm) -> AccountDialogSetup:
    return open_form(None)


# -- what cannot be used --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("appid", "secret", "sentence"),
    [
        ("not an appid", SECRET, "This cannot be an AppID."),
        ("", SECRET, "This cannot be an AppID."),
        (CAFE.appid, "", "The AppSecret is empty."),
        (CAFE.appid, "ein Geheimnis", "This cannot be an AppSecret."),
        (CAFE.appid, "gehe\u00efm", "This cannot be an AppSecret."),
    ],
)
@pytest.mark.parametrize("press", [AccountDialogSetup.test, AccountDialogSetup.save])
def test_bad_input_is_said_in_place_and_nothing_is_asked(
    form: AccountDialogSetup,
    appid: str,
    secret: str,
    sentence: str,
    press: Callable[[AccountDialogSetup], None],
) -> None:
    form.fill()
    form.paste(form.fields._appid_field, appid)
    form.paste(form.secret, secret)
    press(form)
    assert form.said.startswith(sentence)
    assert form.harness.transport.requests == []
    assert form.dialog.isVisible()
    assert form.secret.text() == secret  # not to be typed again


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("https://www.example.com", "A JS-safe domain is written without http:// or https://."),
        ("www.example.com www.example.com:8080", "A JS-safe domain has no port."),
        ("www.example.com/shop", "A JS-safe domain has no path."),
        ("203.0.113.9", "This cannot be a JS-safe domain."),
    ],
)
@pytest.mark.parametrize("press", [AccountDialogSetup.test, AccountDialogSetup.save])
def test_a_domain_that_cannot_be_one_is_said_in_place(
    form: AccountDialogSetup, typed: str, sentence: str, press: Callable[[AccountDialogSetup], None]
) -> None:
    form.fill()
    form.type_into(form.fields._js_domains_field, typed)
    press(form)
    assert form.said.startswith(sentence)
    assert form.harness.transport.requests == []


def test_a_mini_program_is_asked_nothing_about_tickets(form: AccountDialogSetup) -> None:
    asked = (form.fields._js_domains_field, form.fields._card_ticket_check_box, form.fields._card_ticket_hint)
    assert all(widget.isVisible() for widget in asked)
    form.type_into(form.fields._js_domains_field, "https://wrong")
    form.fields._card_ticket_check_box.setChecked(True)
    form.fields._platform_combo.setCurrentIndex(form.fields._platform_combo.findData(Platform.MINI_PROGRAM))
    assert not any(widget.isVisible() for widget in asked)
    assert (form.fields.entered_account().card_ticket, form.fields.entered_account().js_domains) == (
        False,
        (),
    )
    form.fill()
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)


# -- white space ----------------------------------------------------------------------------------


def test_white_space_around_what_is_pasted_goes_and_the_length_is_shown(form: AccountDialogSetup) -> None:
    form.paste(form.secret, f" \t{SECRET}\n ")
    assert form.secret.text() == SECRET
    assert form.fields._secret_length_label.text() == "32"
    assert form.fields._secret_length_label.isEnabled()
    form.paste(form.fields._appid_field, f" {CAFE.appid}\n")
    assert form.fields._appid_field.text() == CAFE.appid
    form.type_into(form.secret, SECRET[:-1])
    assert form.fields._secret_length_label.text() == "31"
    assert not form.fields._secret_length_label.isEnabled()


def test_without_a_length_the_secret_has_the_room_of_the_other_fields(form: AccountDialogSetup) -> None:
    assert form.secret.width() == form.fields._appid_field.width()
    form.type_into(form.secret, SECRET)
    assert form.fields._secret_length_label.isVisible()
    form.type_into(form.secret, "")
    form.qtbot.waitUntil(lambda: form.secret.width() == form.fields._appid_field.width())


def test_a_secret_that_was_pasted_with_white_space_is_sent_without(form: AccountDialogSetup) -> None:
    form.fill()
    form.paste(form.secret, f"  {OTHER_SECRET} ")
    form.test()
    assert dict(form.harness.transport.requests[0].body or ())["secret"] == OTHER_SECRET


# -- trying ---------------------------------------------------------------------------------------


def test_a_good_verdict_is_said_and_nothing_is_saved_by_it(form: AccountDialogSetup) -> None:
    form.fill()
    form.test()
    assert form.said == "AppID and AppSecret work."
    assert form.harness.accounts.stored == (SHOP,)
    assert CAFE.appid not in form.harness.secrets.stored


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error_reply(40125, "invalid appsecret"), ["AppSecret", "(40125)"]),
        (
            error_reply(40164, "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"),
            ["This computer calls from 203.0.113.9", "(40164)"],
        ),
        (OFFLINE_FAILURE, ["This computer cannot reach WeChat."]),
    ],
)
def test_a_bad_verdict_says_what_is_wrong_and_what_to_do(
    form: AccountDialogSetup, answer: object, words: list[str]
) -> None:
    form.harness.wechat.forced_token_reply = answer  # type: ignore[assignment]  # a table of both kinds
    form.fill()
    form.test()
    assert all(word in form.said for word in words)
    assert form.dialog._message_view._advice_label.text()
    assert SECRET not in form.said


def test_a_stored_secret_in_a_locked_keyring_is_said(open_form: OpenForm, harness: RuntimeHarness) -> None:
    harness.secrets.lookup_result = KeyringIsLocked()
    form = open_form(SHOP)
    form.test()
    assert form.said.startswith("The keyring is locked.")


def test_a_stored_secret_that_is_not_there_is_said(open_form: OpenForm, harness: RuntimeHarness) -> None:
    harness.secrets.lookup_result = SecretMissing()
    form = open_form(SHOP)
    form.test()
    assert form.said.startswith("The keyring has no AppSecret")


def test_what_wechat_says_is_shown_as_text(form: AccountDialogSetup) -> None:
    form.harness.wechat.forced_token_reply = error_reply(123456, "<img src=x onerror=y> <b>bold</b>")
    form.fill()
    form.test()
    assert "<img src=x onerror=y>" in form.said
    assert form.dialog._message_view._summary_label.textFormat() is Qt.TextFormat.PlainText


def test_while_wechat_is_asked_neither_button_can_be_pressed_again(form: AccountDialogSetup) -> None:
    form.harness.wechat.hanging_appids.add(CAFE.appid)
    form.fill()
    form.test_button.click()
    assert form.said == "Asking WeChat…"
    assert not form.test_button.isEnabled()
    assert not form.save_button.isEnabled()
    form.harness.wechat.release()
    form.wait()
    assert form.save_button.isEnabled()


def test_editing_the_secret_drops_the_verdict_and_saving_asks_wechat_again(form: AccountDialogSetup) -> None:
    form.fill()
    form.test()
    form.type_into(form.secret, OTHER_SECRET)
    assert form.said == ""
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    secrets = [dict(request.body or ())["secret"] for request in form.harness.transport.requests[:2]]
    assert secrets == [SECRET, OTHER_SECRET]
    assert form.harness.secrets.stored[CAFE.appid] == Secret(OTHER_SECRET)


def test_editing_while_wechat_is_asked_lets_the_answer_go_and_the_buttons_come_back(
    form: AccountDialogSetup,
) -> None:
    form.harness.wechat.hanging_appids.add(CAFE.appid)
    form.fill()
    form.test_button.click()
    form.type_into(form.secret, OTHER_SECRET)
    assert form.test_button.isEnabled()
    assert form.save_button.isEnabled()
    form.harness.wechat.release()
    form.qtbot.waitUntil(lambda: bool(form.harness.job_results))
    assert form.said == ""
    assert form.dialog._verification_result is None


@pytest.mark.parametrize("press", [AccountDialogSetup.test, AccountDialogSetup.save])
def test_what_becomes_wrong_while_wechat_is_asked_is_not_saved(
    form: AccountDialogSetup, press: Callable[[AccountDialogSetup], None]
) -> None:
    form.harness.wechat.hanging_appids.add(CAFE.appid)
    form.fill()
    (form.test_button if press is AccountDialogSetup.test else form.save_button).click()
    form.type_into(form.fields._js_domains_field, "https://a.cn")
    assert form.said == "Asking WeChat…"
    form.harness.wechat.release()
    form.wait()
    if press is AccountDialogSetup.test:
        assert form.said == "AppID and AppSecret work."
        form.save()
    assert form.said.startswith("A JS-safe domain is written without http:// or https://.")
    assert form.harness.accounts.stored == (SHOP,)
    assert form.save_button.isEnabled()


def test_editing_after_save_was_pressed_takes_the_wish_to_save_back(form: AccountDialogSetup) -> None:
    form.harness.wechat.hanging_appids.add(CAFE.appid)
    form.fill()
    form.save_button.click()
    form.type_into(form.secret, OTHER_SECRET)
    form.harness.wechat.release()
    form.qtbot.waitUntil(lambda: len(form.harness.job_results) == 1)
    form.test()
    assert form.said == "AppID and AppSecret work."
    form.qtbot.wait(50)
    assert form.dialog.isVisible()
    assert form.harness.accounts.stored == (SHOP,)


# -- saving ---------------------------------------------------------------------------------------


def test_a_saved_account_closes_the_dialog_and_is_there(form: AccountDialogSetup) -> None:
    form.fill()
    form.test()
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.harness.accounts.stored == (SHOP, CAFE)
    assert form.harness.secrets.stored[CAFE.appid] == Secret(SECRET)
    assert form.secret.text() == ""
    form.harness.wait_until_idle(form.qtbot)
    assert form.harness.transport.endpoints == ["stable_token", "getticket"]  # the test's token is kept


def test_save_alone_asks_wechat_first_and_saves_when_all_is_well(form: AccountDialogSetup) -> None:
    form.fill()
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.harness.accounts.stored == (SHOP, CAFE)


def test_enter_saves(form: AccountDialogSetup) -> None:
    form.fill()
    QTest.keyClick(form.secret, Qt.Key.Key_Return)
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_what_does_not_work_is_saved_only_after_a_question(form: AccountDialogSetup) -> None:
    form.harness.wechat.forced_token_reply = error_reply(40125)
    form.fill()
    answering = MessageBoxAnswerer("Back")
    form.save()
    (question,) = answering.shown
    assert "AppSecret" in question.text
    assert question.informative_text
    assert question.is_plain_text
    assert question.buttons == ("Save anyway", "Back")
    assert form.dialog.isVisible()
    assert form.harness.accounts.stored == (SHOP,)


def test_who_says_so_may_save_what_does_not_work(form: AccountDialogSetup) -> None:
    form.harness.wechat.forced_token_reply = OFFLINE_FAILURE
    form.fill()
    form.test()
    answering = MessageBoxAnswerer("Save anyway")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert len(answering.shown) == 1
    assert CAFE in form.harness.accounts.stored


def test_escape_in_that_question_saves_nothing(form: AccountDialogSetup) -> None:
    form.harness.wechat.forced_token_reply = OFFLINE_FAILURE
    form.fill()
    answering = MessageBoxAnswerer(None)
    form.save()
    assert len(answering.shown) == 1
    assert form.harness.accounts.stored == (SHOP,)


@pytest.mark.parametrize(
    ("kept", "words"),
    [(KeyringIsLocked(), "The keyring is locked."), (NotPersisted(), "took the AppSecret and kept nothing")],
)
def test_a_keyring_that_does_not_take_it_keeps_the_dialog_open_and_says_why(
    form: AccountDialogSetup, kept: KeyringIsLocked | NotPersisted, words: str
) -> None:
    form.harness.secrets.store_result = kept
    form.fill()
    form.test()
    form.save()
    form.qtbot.waitUntil(lambda: "is not saved" in form.said)
    assert words in form.said
    assert form.dialog.isVisible()
    assert form.secret.text() == SECRET
    form.harness.secrets.store_result = None
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_a_full_disk_keeps_the_dialog_open_and_says_why(form: AccountDialogSetup) -> None:
    form.harness.accounts.is_disk_full = True
    form.fill()
    form.test()
    form.save()
    form.qtbot.waitUntil(lambda: "no space left on device" in form.said)
    assert form.dialog.isVisible()
    assert CAFE.appid not in form.harness.secrets.stored


def test_an_edited_account_keeps_its_secret_and_its_appid(
    open_form: OpenForm, harness: RuntimeHarness
) -> None:
    form = open_form(SHOP)
    assert form.fields._appid_field.isReadOnly()
    assert form.secret.text() == ""
    form.type_into(form.fields._name_field, "Shop of shops")
    form.fields._platform_combo.setCurrentIndex(form.fields._platform_combo.findData(Platform.MINI_PROGRAM))
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert harness.accounts.stored == (replace(SHOP, name="Shop of shops", platform=Platform.MINI_PROGRAM),)
    assert harness.secrets.stored[SHOP.appid] == Secret(SECRET)


def test_a_ticket_for_cards_that_is_ticked_is_fetched_and_domains_are_kept(
    open_form: OpenForm, harness: RuntimeHarness
) -> None:
    harness.put_fresh_values(SHOP)
    form = open_form(SHOP)
    assert not form.fields._card_ticket_check_box.isChecked()
    form.fields._card_ticket_check_box.click()
    form.type_into(form.fields._js_domains_field, "WWW.example.com, shop.example.com")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    domains = ("www.example.com", "shop.example.com")
    assert harness.accounts.stored == (replace(SHOP, card_ticket=True, js_domains=domains),)
    harness.wait_until_idle(form.qtbot)
    assert [dict(request.query)["type"] for request in harness.transport.requests] == ["wx_card"]


def test_a_mistake_of_ours_is_said_and_the_dialog_goes_on(
    form: AccountDialogSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(form.harness.worker_pool, "_make_context", broken)
    form.fill()
    form.test()
    assert form.said.startswith("Guard Dog made a mistake of its own.")
    assert form.save_button.isEnabled()
    form.dialog._formatter.messages = make_formatter(form.harness, "zh_CN").messages
    form.dialog.retranslate()
    assert form.said.startswith("Guard Dog 自己出了错。")


# -- leaving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("press", [AccountDialogSetup.test, AccountDialogSetup.save])
def test_closing_the_dialog_while_wechat_is_asked_does_no_harm(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, press: Callable[[AccountDialogSetup], None]
) -> None:
    form = AccountDialogSetup(AccountDialog(harness.controller, formatter), harness, qtbot)
    form.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    form.dialog.open()
    form.harness.wechat.hanging_appids.add(CAFE.appid)
    form.fill()
    (form.test_button if press is AccountDialogSetup.test else form.save_button).click()
    with form.qtbot.waitSignal(form.dialog.destroyed):
        QTest.keyClick(form.dialog, Qt.Key.Key_Escape)
    form.harness.wechat.release()
    form.qtbot.waitUntil(lambda: bool(form.harness.job_results))
    form.qtbot.wait(50)
    assert form.harness.accounts.stored == (SHOP,)


def test_a_dialog_hears_nothing_of_other_jobs(form: AccountDialogSetup) -> None:
    form.fill()
    form.harness.controller.account_jobs.verify_credentials(SHOP, None)
    form.qtbot.waitUntil(lambda: bool(form.harness.job_results))
    assert form.said == ""
    assert form.dialog._verification_result is None


# -- the secret stays in --------------------------------------------------------------------------


def test_the_secret_is_shown_as_dots_to_eyes_and_to_screen_readers(form: AccountDialogSetup) -> None:
    form.fill()
    assert form.secret.echoMode() is QLineEdit.EchoMode.Password
    assert SECRET not in form.secret.displayText()
    assert SECRET not in form.secret.accessibleName() + form.secret.accessibleDescription()
    assert form.secret.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData
    assert form.secret.inputMethodHints() & Qt.InputMethodHint.ImhNoPredictiveText


@pytest.mark.parametrize("key", [QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut])
def test_the_secret_cannot_be_copied_by_keys(form: AccountDialogSetup, key: QKeySequence.StandardKey) -> None:
    form.fill()
    QGuiApplication.clipboard().setText("before")
    form.secret.setFocus()
    form.secret.selectAll()
    assert form.secret.hasSelectedText()
    QTest.keySequence(form.secret, QKeySequence(key))
    assert QGuiApplication.clipboard().text() == "before"


def test_the_name_can_be_copied_that_way_so_the_test_above_means_something(form: AccountDialogSetup) -> None:
    form.fill()
    form.fields._name_field.setFocus()
    form.fields._name_field.selectAll()
    QTest.keySequence(form.fields._name_field, QKeySequence(QKeySequence.StandardKey.Copy))
    assert QGuiApplication.clipboard().text() == CAFE.name


def test_the_secret_field_has_no_menu(form: AccountDialogSetup) -> None:
    form.fill()
    assert form.secret.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu


def test_the_secret_cannot_be_dragged_out(form: AccountDialogSetup) -> None:
    assert not form.secret.dragEnabled()


def test_marking_the_secret_puts_it_into_no_selection(form: AccountDialogSetup) -> None:
    form.fill()
    form.secret.selectAll()
    assert SECRET not in QGuiApplication.clipboard().text(QClipboard.Mode.Selection)


def test_no_label_button_or_title_ever_holds_the_secret(form: AccountDialogSetup) -> None:
    form.harness.wechat.forced_token_reply = error_reply(40125, f"invalid appsecret {SECRET}")
    form.fill()
    form.test()
    for widget in form.dialog.findChildren(QWidget):
        if widget is not form.secret:
            for name in ("text", "windowTitle", "toolTip", "accessibleName", "accessibleDescription"):
                read = getattr(widget, name, None)
                assert read is None or SECRET not in str(read())


# -- the folder ---------------------------------------------------------------------------------------


def test_what_the_chosen_folder_has_is_said_before_it_is_saved(
    open_form: OpenForm, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    record = TokenRecord("T1", 7200, int(NOW * 1000), "", 2)
    harness.existing_folders["/srv/dogs"] = FolderContents((ExistingFile(TOKEN, record),), ("X.dog",))
    form = open_form(None)
    assert form.fields._existing_files_label.isHidden()
    qtbot.waitUntil(form.dialog.isActiveWindow)  # else no field has or loses the focus

    form.type_into(form.fields._folder_field, "/srv/dogs")
    QTest.keyClick(form.fields._folder_field, Qt.Key.Key_Tab)
    qtbot.waitUntil(form.fields._existing_files_label.isVisible)

    assert form.fields._existing_files_label.text().startswith("Found ACCESS_TOKEN.dog, good until ")
    assert form.fields._existing_files_label.text().endswith("left alone: X.dog.")
    form.type_into(form.fields._folder_field, "/srv/new")
    QTest.keyClick(form.fields._folder_field, Qt.Key.Key_Tab)
    qtbot.waitUntil(form.fields._existing_files_label.isHidden)


def test_the_folder_that_an_account_has_already_is_not_news(
    open_form: OpenForm, harness: RuntimeHarness
) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents(other_dog_files=("X.dog",))
    form = open_form(replace(SHOP, dog_dir="/srv/dogs"))
    form.fields.folder_selected.emit()
    assert form.dialog._inspection_job is None
    assert form.fields._existing_files_label.isHidden()


def test_what_was_found_is_fresh_at_once_without_a_call(
    open_form: OpenForm, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    for kind in CAFE.token_kinds:
        harness.put_value(CAFE, kind, f"THEIRS-{kind}-" + "b" * 40, age_s=60)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    form = open_form(None)
    form.fill()
    form.save()
    harness.wait_until_idle(qtbot)
    assert form.is_saved
    assert [harness.key_status(CAFE, kind).state for kind in CAFE.token_kinds] == [
        KeyState.FRESH,
        KeyState.FRESH,
    ]
    assert harness.value(CAFE, TOKEN) == "THEIRS-ACCESS_TOKEN-" + "b" * 40
    asked = [dict(request.body or ()).get("appid") for request in harness.transport.requests]
    assert asked.count(CAFE.appid) == 1  # by the check
    assert harness.key_status(CAFE, TOKEN).foreign_refresh_count == 0


ALIVE = TokenRecord("T1", 7200, int(NOW * 1000), "", 2)


def choose(form: AccountDialogSetup, folder: str) -> None:
    """Type a folder and leave the field."""
    form.fields._folder_field.setText(folder)
    form.fields.folder_selected.emit()
    form.qtbot.waitUntil(lambda: form.dialog._inspection_job is None)


@pytest.mark.parametrize("press", [AccountDialogSetup.test, AccountDialogSetup.save])
def test_a_relative_folder_is_refused_with_words(
    form: AccountDialogSetup, press: Callable[[AccountDialogSetup], None]
) -> None:
    form.fill()
    choose(form, "dogs")
    press(form)
    assert "Give a full path" in form.said
    assert form.harness.transport.requests == []


def test_the_home_is_spelled_out(form: AccountDialogSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, "/home/me")
    form.fill()
    form.type_into(form.fields._folder_field, "~/dogs")
    assert form.fields.entered_account().dog_dir == "/home/me/dogs"
    choose(form, "~/dogs")
    assert form.fields._folder_field.text() == "/home/me/dogs"
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.harness.accounts.stored[1].dog_dir == "/home/me/dogs"


def test_enter_in_the_folder_shows_what_is_there_and_a_second_one_saves(
    form: AccountDialogSetup, harness: RuntimeHarness
) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents((ExistingFile(TOKEN, ALIVE),))
    form.fill()
    form.type_into(form.fields._folder_field, "/srv/dogs")
    QTest.keyClick(form.fields._folder_field, Qt.Key.Key_Return)
    form.qtbot.waitUntil(form.fields._existing_files_label.isVisible)
    assert "then save once more" in form.said
    assert harness.accounts.stored == (SHOP,)
    assert harness.transport.requests == []
    QTest.keyClick(form.fields._folder_field, Qt.Key.Key_Return)
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_on_a_low_screen_the_form_scrolls_to_what_was_found(
    form: AccountDialogSetup, harness: RuntimeHarness
) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents(other_dog_files=("X.dog",))
    large = form.dialog.font()
    large.setPixelSize(36)
    form.dialog.setFont(large)
    form.fill()
    form.type_into(form.fields._folder_field, "/srv/dogs")
    bar = form.dialog._form_area.verticalScrollBar()
    form.qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(0)
    form.save_button.click()

    def place() -> QRect:
        found, port = form.fields._existing_files_label, form.dialog._form_area.viewport()
        return QRect(found.mapTo(port, QPoint(0, 0)), found.size())

    form.qtbot.waitUntil(form.fields._existing_files_label.isVisible)
    assert "then save once more" in form.said
    form.qtbot.waitUntil(lambda: form.dialog._form_area.viewport().rect().contains(place()))


def test_where_the_folder_has_nothing_one_enter_is_enough(form: AccountDialogSetup) -> None:
    form.fill()
    form.type_into(form.fields._folder_field, "/srv/new")
    QTest.keyClick(form.fields._folder_field, Qt.Key.Key_Return)
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_the_folder_of_another_account_is_said_and_nothing_about_what_is_in_it(
    form: AccountDialogSetup, harness: RuntimeHarness
) -> None:
    theirs = harness.dogs.directory(SHOP)
    harness.existing_folders[theirs] = FolderContents((ExistingFile(TOKEN, ALIVE),))
    form.fill()
    choose(form, theirs)
    assert form.said.startswith("Another account has its .dog files in this folder.")
    assert form.fields._existing_files_label.isHidden()
    form.save()
    assert form.said.startswith("Another account has its .dog files in this folder.")
    assert harness.accounts.stored == (SHOP,)
    choose(form, "/srv/dogs")
    assert form.said == "", "it is about another folder now"


def test_what_is_said_about_the_folder_goes_with_the_keys_of_the_account(
    form: AccountDialogSetup, harness: RuntimeHarness
) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents(
        (ExistingFile(TICKET, ALIVE), ExistingFile(CARD, ALIVE))
    )
    choose(form, "/srv/dogs")
    assert form.fields._existing_files_label.text().endswith("left alone: CARD_TICKET.dog.")
    form.fields._card_ticket_check_box.click()
    assert "left alone" not in form.fields._existing_files_label.text()
    form.fields._platform_combo.setCurrentIndex(form.fields._platform_combo.findData(Platform.MINI_PROGRAM))
    assert form.fields._existing_files_label.text().endswith("left alone: CARD_TICKET.dog, JSAPI_TICKET.dog.")


def test_what_is_said_is_said_again_in_another_language(
    form: AccountDialogSetup, harness: RuntimeHarness
) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents((ExistingFile(TOKEN, ALIVE),))
    choose(form, "/srv/dogs")
    form.save()  # without an AppID
    assert form.said.startswith("This cannot be an AppID.")
    form.dialog._formatter.messages = make_formatter(harness, "zh_CN").messages
    form.dialog.retranslate()
    assert form.fields._existing_files_label.text().startswith("发现 ACCESS_TOKEN.dog")
    assert form.said.startswith("这不是有效的 AppID")


def test_a_token_in_a_folder_chosen_after_the_test_is_looked_at_before_it_is_taken(
    form: AccountDialogSetup, harness: RuntimeHarness
) -> None:
    form.fill()
    form.test()
    choose(form, "/srv/dogs")
    assert form.said == ""
    dead = replace(CAFE, dog_dir="/srv/dogs")
    harness.put_value(dead, TOKEN, "DEAD-" + "d" * 40, age_s=60)
    usual = harness.transport.handler
    harness.transport.handler = lambda request: (
        error_reply(40001) if request.path.endswith(TOKEN_CHECK_ENDPOINT) else usual(request)
    )
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    record = harness.dogs.read(dead, TOKEN)
    assert record is not None
    assert record.value.startswith("TOKEN-")


def test_an_account_that_moves_is_tried_with_its_stored_secret(
    open_form: OpenForm, harness: RuntimeHarness
) -> None:
    form = open_form(SHOP)
    choose(form, "/srv/dogs")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert harness.transport.endpoints[0] == "stable_token"


def test_a_folder_that_cannot_be_used_is_refused_with_the_reason(
    form: AccountDialogSetup, harness: RuntimeHarness
) -> None:
    harness.dogs.unusable_folders["/srv/dogs"] = "permission denied"
    form.fill()
    choose(form, "/srv/dogs")
    form.save()
    form.qtbot.waitUntil(lambda: "is not saved" in form.said)
    assert "/srv/dogs could not be read or written: permission denied" in form.said
    assert harness.accounts.stored == (SHOP,)
    assert CAFE.appid not in harness.secrets.stored


# -- meanwhile ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("press", [AccountDialogSetup.test, AccountDialogSetup.save])
def test_an_account_that_is_there_already_is_not_replaced(
    form: AccountDialogSetup, harness: RuntimeHarness, press: Callable[[AccountDialogSetup], None]
) -> None:
    harness.controller.reload_from_disk()
    form.fill(replace(SHOP, name="Again"), OTHER_SECRET)
    press(form)
    assert form.said.startswith("An account with this AppID is here already. Edit that one")
    assert harness.transport.requests == []
    assert harness.accounts.stored == (SHOP,)


def test_nor_is_one_that_was_added_while_the_form_was_filled_in(
    form: AccountDialogSetup, harness: RuntimeHarness
) -> None:
    form.fill()
    form.test()
    harness.accounts.update(lambda known: (*known, CAFE))  # by guarddogctl, and nobody has looked yet
    form.save()
    form.qtbot.waitUntil(lambda: "is here already" in form.said)
    assert form.dialog.isVisible()


def test_an_account_that_was_removed_meanwhile_does_not_come_back(
    open_form: OpenForm, harness: RuntimeHarness
) -> None:
    form = open_form(SHOP)
    harness.accounts.update(lambda _: ())
    form.type_into(form.fields._name_field, "Renamed")
    form.save()
    form.qtbot.waitUntil(lambda: form.said.startswith("This account has been removed meanwhile."))
    assert harness.accounts.stored == ()


def test_what_was_changed_elsewhere_meanwhile_is_not_undone(
    open_form: OpenForm, harness: RuntimeHarness
) -> None:
    form = open_form(SHOP)
    elsewhere = replace(SHOP, ahead=60, exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"),))
    harness.accounts.update(lambda _: (elsewhere,))
    form.type_into(form.fields._name_field, "Renamed")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert harness.accounts.stored == (replace(elsewhere, name="Renamed"),)


def test_a_refusal_goes_once_something_else_is_typed(form: AccountDialogSetup) -> None:
    form.fill()
    form.type_into(form.fields._js_domains_field, "https://a.cn")
    form.save()
    assert form.said.startswith("A JS-safe domain")
    form.type_into(form.fields._js_domains_field, "a.cn")
    assert form.said == ""


def test_and_a_verdict_comes_back_in_its_place(form: AccountDialogSetup) -> None:
    form.fill()
    form.test()
    form.type_into(form.fields._js_domains_field, "https://a.cn")
    form.save()
    form.type_into(form.fields._js_domains_field, "a.cn")
    assert form.said == "AppID and AppSecret work."


# -- the size and the colours -------------------------------------------------------------------------


def long_reports(number: int) -> tuple[ExportStatus, ...]:
    paths = [f"/srv/www/shop.example.com/releases/current/{n}" for n in range(number)]
    failed = ExportError(
        ExportErrorKind.FILE, "/srv/www/shop.example.com/current/.env: no such file or folder"
    )
    return tuple(ExportStatus(ExportTarget(ExportFormat.ENV, path), NOW, error=failed) for path in paths)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_whatever_it_says_it_fits_on_the_screen_with_its_buttons(
    harness: RuntimeHarness, qtbot: QtBot, language: str
) -> None:
    dialog = AccountDialog(harness.controller, make_formatter(harness, language), SHOP)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.resize(dialog.minimumWidth(), dialog.height())
    low = dialog.height()
    dialog._form._export_list._statuses = list(long_reports(3))
    dialog._form._export_list.retranslate()
    qtbot.waitUntil(lambda: dialog.height() > low)
    tall = FolderContents(
        other_dog_files=tuple("far-too-long-a-name-for-a-file" * 7 + str(n) for n in range(5))
    )
    harness.existing_folders["/srv/dogs"] = tall
    dialog._form._folder_field.setText("/srv/dogs")
    dialog._form.folder_selected.emit()
    qtbot.waitUntil(dialog._form._existing_files_label.isVisible)
    trouble = FileError("/srv/www/shop.example.com/releases/current/" * 9, "permission denied")
    dialog._message_view.show_message(
        lambda: dialog._formatter.messages.for_file_error(trouble), KeyState.FAILED
    )
    screen = dialog.screen().availableGeometry()

    def place(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(dialog, QPoint(0, 0)), widget.size())

    def is_whole() -> bool:
        said = [
            place(label)
            for label in (dialog._message_view._summary_label, dialog._message_view._advice_label)
            if label.isVisible()
        ]
        foot = [place(dialog._test_button), place(dialog._button_box)]
        no_overlap = all(low.bottom() < place(dialog._button_box).top() for low in said)
        top = min(shown.top() for shown in said + foot)
        bottom = max(shown.bottom() for shown in said + foot)
        return no_overlap and top > 0 and bottom < dialog.height() <= screen.height()

    qtbot.waitUntil(lambda: dialog.height() > 600 and is_whole())
    dialog._form._folder_field.setText("")
    dialog._form._export_list._statuses = []
    dialog._form._export_list.retranslate()
    dialog._form._export_list.edited.emit()
    qtbot.waitUntil(lambda: dialog.height() <= low and is_whole())


def test_while_a_person_types_the_buttons_stay_where_they_are(
    form: AccountDialogSetup, harness: RuntimeHarness
) -> None:
    harness.wechat.forced_token_reply = error_reply(40125)  # with more to say than that all is well
    form.fill()
    low = form.dialog.height()
    form.test()
    form.qtbot.waitUntil(lambda: form.dialog.height() > low)
    tall, place = form.dialog.height(), form.test_button.mapToGlobal(QPoint(0, 0))
    form.type_into(form.secret, OTHER_SECRET)
    form.type_into(form.fields._name_field, "Corner")
    form.qtbot.waitUntil(lambda: not form.dialog._message_view.isVisible())
    QApplication.processEvents()
    assert (form.dialog.height(), form.test_button.mapToGlobal(QPoint(0, 0))) == (tall, place)
    harness.wechat.forced_token_reply = None
    form.test()
    form.qtbot.waitUntil(lambda: form.dialog.height() < tall)


def test_what_grows_beyond_the_lower_edge_of_the_screen_moves_up(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    dialog = AccountDialog(harness.controller, formatter, SHOP)
    qtbot.addWidget(dialog)
    dialog.show()
    bottom = dialog.screen().availableGeometry().bottom()
    dialog.move(0, bottom - dialog.height() - 10)
    low = dialog.height()
    dialog._form._export_list._statuses = list(long_reports(3))
    dialog._form._export_list.retranslate()
    qtbot.waitUntil(lambda: dialog.height() > low + 10)
    qtbot.waitUntil(lambda: dialog.frameGeometry().bottom() <= bottom)


def test_one_that_a_person_has_dragged_larger_stays_so_and_its_list_grows(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    dialog = AccountDialog(harness.controller, formatter, SHOP)
    qtbot.addWidget(dialog)
    dialog._form._export_list._statuses = list(long_reports(3))
    dialog._form._export_list.retranslate()
    dialog.show()
    qtbot.waitExposed(dialog)
    before = dialog._form._export_list._list_widget.height()
    dialog.resize(600, dialog.height() + 100)
    qtbot.waitUntil(lambda: dialog._form._export_list._list_widget.height() >= before + 90)
    height = dialog.height()
    dialog._form._export_list._statuses = []
    dialog._form._export_list.retranslate()
    qtbot.waitUntil(lambda: not dialog._form._export_list._list_widget.isVisible())
    assert dialog.height() == height


def test_a_verdict_keeps_its_contrast_when_the_theme_changes(
    form: AccountDialogSetup, harness: RuntimeHarness
) -> None:
    harness.wechat.forced_token_reply = error_reply(40125)
    form.fill()
    form.test()
    colours = []
    for theme in (Theme.DARK, Theme.LIGHT):
        form.dialog.setPalette(make_palette(theme))
        colours.append(form.dialog._message_view._summary_label.palette().windowText().color().name())
    assert colours == ["#ff7b72", "#cf222e"]
