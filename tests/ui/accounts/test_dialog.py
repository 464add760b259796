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
from guarddog_gui.domain.accounts.existing_files import FoundFile, FoundFolder
from guarddog_gui.domain.accounts.keyring_results import Locked, Lost, Missing
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.exports.reports import OutletFault, OutletReport, OutletTrouble
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.domain.refresh.status import State
from guarddog_gui.domain.settings import Theme
from guarddog_gui.domain.tokens.record import TokenRecord
from guarddog_gui.domain.wechat.account_queries import ALIVE as ALIVE_CALL
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.theme import palette_of
from tests.fakes import NOW, OFFLINE, refusal
from tests.runtime.stage import CAFE, CARD, SECRET, SHOP, TICKET, TOKEN, Stage
from tests.ui.conftest import voice_of
from tests.ui.questions import Answering

OTHER_SECRET = "fedcba9876543210fedcba9876543210"


class Form:
    """A dialog, filled in as by hand."""

    def __init__(self, dialog: AccountDialog, stage: Stage, qtbot: QtBot) -> None:
        self.dialog = dialog
        self.stage = stage
        self.qtbot = qtbot
        self.fields = dialog._form
        self.secret = self.fields._secret
        self.save_button = dialog._buttons.button(QDialogButtonBox.StandardButton.Save)
        self.test_button = dialog._test

    def type_into(self, field: QLineEdit, text: str) -> None:
        field.setFocus()
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        if text.isascii():
            QTest.keyClicks(field, text)
        else:  # there are no such keys
            self.paste(field, text)

    def fill(self, account: Account = CAFE, secret: str = SECRET) -> None:
        self.type_into(self.fields._name, account.name)
        self.type_into(self.fields._appid, account.appid)
        self.type_into(self.secret, secret)

    def paste(self, field: QLineEdit, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        field.setFocus()
        field.selectAll()
        QTest.keySequence(field, QKeySequence(QKeySequence.StandardKey.Paste))

    @property
    def said(self) -> str:
        labels = (self.dialog._said._what, self.dialog._said._todo)
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
        self.qtbot.waitUntil(lambda: self.test_button.isEnabled() and self.dialog._check is None)

    @property
    def is_saved(self) -> bool:
        return self.dialog.result() == QDialog.DialogCode.Accepted


OpenForm = Callable[[Account | None], Form]


@pytest.fixture
def open_form(stage: Stage, voice: Voice, qtbot: QtBot) -> OpenForm:
    """open_form(account or None) -> the dialog on the screen."""

    def open_form(account: Account | None) -> Form:
        dialog = AccountDialog(stage.controller, voice, account)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        dialog.activateWindow()
        return Form(dialog, stage, qtbot)

    return open_form


@pytest.fixture
def form(open_form: OpenForm) -> Form:
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
@pytest.mark.parametrize("press", [Form.test, Form.save])
def test_bad_input_is_said_in_place_and_nothing_is_asked(
    form: Form, appid: str, secret: str, sentence: str, press: Callable[[Form], None]
) -> None:
    form.fill()
    form.paste(form.fields._appid, appid)
    form.paste(form.secret, secret)
    press(form)
    assert form.said.startswith(sentence)
    assert form.stage.transport.requests == []
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
@pytest.mark.parametrize("press", [Form.test, Form.save])
def test_a_domain_that_cannot_be_one_is_said_in_place(
    form: Form, typed: str, sentence: str, press: Callable[[Form], None]
) -> None:
    form.fill()
    form.type_into(form.fields._js_domains, typed)
    press(form)
    assert form.said.startswith(sentence)
    assert form.stage.transport.requests == []


def test_a_mini_program_is_asked_nothing_about_tickets(form: Form) -> None:
    asked = (form.fields._js_domains, form.fields._card_ticket, form.fields._card_ticket_why)
    assert all(widget.isVisible() for widget in asked)
    form.type_into(form.fields._js_domains, "https://wrong")
    form.fields._card_ticket.setChecked(True)
    form.fields._platform.setCurrentIndex(form.fields._platform.findData(Platform.MINI_PROGRAM))
    assert not any(widget.isVisible() for widget in asked)
    assert (form.fields.account().card_ticket, form.fields.account().js_domains) == (False, ())
    form.fill()
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)


# -- white space ----------------------------------------------------------------------------------


def test_white_space_around_what_is_pasted_goes_and_the_length_is_shown(form: Form) -> None:
    form.paste(form.secret, f" \t{SECRET}\n ")
    assert form.secret.text() == SECRET
    assert form.fields._length.text() == "32"
    assert form.fields._length.isEnabled()
    form.paste(form.fields._appid, f" {CAFE.appid}\n")
    assert form.fields._appid.text() == CAFE.appid
    form.type_into(form.secret, SECRET[:-1])
    assert form.fields._length.text() == "31"
    assert not form.fields._length.isEnabled()


def test_without_a_length_the_secret_has_the_room_of_the_other_fields(form: Form) -> None:
    assert form.secret.width() == form.fields._appid.width()
    form.type_into(form.secret, SECRET)
    assert form.fields._length.isVisible()
    form.type_into(form.secret, "")
    form.qtbot.waitUntil(lambda: form.secret.width() == form.fields._appid.width())


def test_a_secret_that_was_pasted_with_white_space_is_sent_without(form: Form) -> None:
    form.fill()
    form.paste(form.secret, f"  {OTHER_SECRET} ")
    form.test()
    assert dict(form.stage.transport.requests[0].body or ())["secret"] == OTHER_SECRET


# -- trying ---------------------------------------------------------------------------------------


def test_a_good_verdict_is_said_and_nothing_is_saved_by_it(form: Form) -> None:
    form.fill()
    form.test()
    assert form.said == "AppID and AppSecret work."
    assert form.stage.accounts.known == (SHOP,)
    assert CAFE.appid not in form.stage.secrets.stored


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal(40125, "invalid appsecret"), ["AppSecret", "(40125)"]),
        (
            refusal(40164, "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"),
            ["This computer calls from 203.0.113.9", "(40164)"],
        ),
        (OFFLINE, ["This computer cannot reach WeChat."]),
    ],
)
def test_a_bad_verdict_says_what_is_wrong_and_what_to_do(
    form: Form, answer: object, words: list[str]
) -> None:
    form.stage.wechat.refuses = answer  # type: ignore[assignment]  # a table of both kinds
    form.fill()
    form.test()
    assert all(word in form.said for word in words)
    assert form.dialog._said._todo.text()
    assert SECRET not in form.said


def test_a_stored_secret_in_a_locked_keyring_is_said(open_form: OpenForm, stage: Stage) -> None:
    stage.secrets.trouble = Locked()
    form = open_form(SHOP)
    form.test()
    assert form.said.startswith("The keyring is locked.")


def test_a_stored_secret_that_is_not_there_is_said(open_form: OpenForm, stage: Stage) -> None:
    stage.secrets.trouble = Missing()
    form = open_form(SHOP)
    form.test()
    assert form.said.startswith("The keyring has no AppSecret")


def test_what_wechat_says_is_shown_as_text(form: Form) -> None:
    form.stage.wechat.refuses = refusal(123456, "<img src=x onerror=y> <b>bold</b>")
    form.fill()
    form.test()
    assert "<img src=x onerror=y>" in form.said
    assert form.dialog._said._what.textFormat() is Qt.TextFormat.PlainText


def test_while_wechat_is_asked_neither_button_can_be_pressed_again(form: Form) -> None:
    form.stage.wechat.hanging.add(CAFE.appid)
    form.fill()
    form.test_button.click()
    assert form.said == "Asking WeChat…"
    assert not form.test_button.isEnabled()
    assert not form.save_button.isEnabled()
    form.stage.wechat.go_on()
    form.wait()
    assert form.save_button.isEnabled()


def test_editing_the_secret_drops_the_verdict_and_saving_asks_wechat_again(form: Form) -> None:
    form.fill()
    form.test()
    form.type_into(form.secret, OTHER_SECRET)
    assert form.said == ""
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    secrets = [dict(request.body or ())["secret"] for request in form.stage.transport.requests[:2]]
    assert secrets == [SECRET, OTHER_SECRET]
    assert form.stage.secrets.stored[CAFE.appid] == Secret(OTHER_SECRET)


def test_editing_while_wechat_is_asked_lets_the_answer_go_and_the_buttons_come_back(form: Form) -> None:
    form.stage.wechat.hanging.add(CAFE.appid)
    form.fill()
    form.test_button.click()
    form.type_into(form.secret, OTHER_SECRET)
    assert form.test_button.isEnabled()
    assert form.save_button.isEnabled()
    form.stage.wechat.go_on()
    form.qtbot.waitUntil(lambda: bool(form.stage.jobs_done))
    assert form.said == ""
    assert form.dialog._verdict is None


@pytest.mark.parametrize("press", [Form.test, Form.save])
def test_what_becomes_wrong_while_wechat_is_asked_is_not_saved(
    form: Form, press: Callable[[Form], None]
) -> None:
    form.stage.wechat.hanging.add(CAFE.appid)
    form.fill()
    (form.test_button if press is Form.test else form.save_button).click()
    form.type_into(form.fields._js_domains, "https://a.cn")
    assert form.said == "Asking WeChat…"
    form.stage.wechat.go_on()
    form.wait()
    if press is Form.test:
        assert form.said == "AppID and AppSecret work."
        form.save()
    assert form.said.startswith("A JS-safe domain is written without http:// or https://.")
    assert form.stage.accounts.known == (SHOP,)
    assert form.save_button.isEnabled()


def test_editing_after_save_was_pressed_takes_the_wish_to_save_back(form: Form) -> None:
    form.stage.wechat.hanging.add(CAFE.appid)
    form.fill()
    form.save_button.click()
    form.type_into(form.secret, OTHER_SECRET)
    form.stage.wechat.go_on()
    form.qtbot.waitUntil(lambda: len(form.stage.jobs_done) == 1)
    form.test()
    assert form.said == "AppID and AppSecret work."
    form.qtbot.wait(50)
    assert form.dialog.isVisible()
    assert form.stage.accounts.known == (SHOP,)


# -- saving ---------------------------------------------------------------------------------------


def test_a_saved_account_closes_the_dialog_and_is_there(form: Form) -> None:
    form.fill()
    form.test()
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.stage.accounts.known == (SHOP, CAFE)
    assert form.stage.secrets.stored[CAFE.appid] == Secret(SECRET)
    assert form.secret.text() == ""
    form.stage.settle(form.qtbot)
    assert form.stage.transport.paths == ["stable_token", "getticket"]  # the test's token is kept


def test_save_alone_asks_wechat_first_and_saves_when_all_is_well(form: Form) -> None:
    form.fill()
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.stage.accounts.known == (SHOP, CAFE)


def test_enter_saves(form: Form) -> None:
    form.fill()
    QTest.keyClick(form.secret, Qt.Key.Key_Return)
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_what_does_not_work_is_saved_only_after_a_question(form: Form) -> None:
    form.stage.wechat.refuses = refusal(40125)
    form.fill()
    answering = Answering("Back")
    form.save()
    (question,) = answering.asked
    assert "AppSecret" in question.text
    assert question.informative
    assert question.is_plain
    assert question.buttons == ("Save anyway", "Back")
    assert form.dialog.isVisible()
    assert form.stage.accounts.known == (SHOP,)


def test_who_says_so_may_save_what_does_not_work(form: Form) -> None:
    form.stage.wechat.refuses = OFFLINE
    form.fill()
    form.test()
    answering = Answering("Save anyway")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert len(answering.asked) == 1
    assert CAFE in form.stage.accounts.known


def test_escape_in_that_question_saves_nothing(form: Form) -> None:
    form.stage.wechat.refuses = OFFLINE
    form.fill()
    answering = Answering(None)
    form.save()
    assert len(answering.asked) == 1
    assert form.stage.accounts.known == (SHOP,)


@pytest.mark.parametrize(
    ("kept", "words"), [(Locked(), "The keyring is locked."), (Lost(), "took the AppSecret and kept nothing")]
)
def test_a_keyring_that_does_not_take_it_keeps_the_dialog_open_and_says_why(
    form: Form, kept: Locked | Lost, words: str
) -> None:
    form.stage.secrets.keeps = kept
    form.fill()
    form.test()
    form.save()
    form.qtbot.waitUntil(lambda: "is not saved" in form.said)
    assert words in form.said
    assert form.dialog.isVisible()
    assert form.secret.text() == SECRET
    form.stage.secrets.keeps = None
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_a_full_disk_keeps_the_dialog_open_and_says_why(form: Form) -> None:
    form.stage.accounts.full = True
    form.fill()
    form.test()
    form.save()
    form.qtbot.waitUntil(lambda: "no space left on device" in form.said)
    assert form.dialog.isVisible()
    assert CAFE.appid not in form.stage.secrets.stored


def test_an_edited_account_keeps_its_secret_and_its_appid(open_form: OpenForm, stage: Stage) -> None:
    form = open_form(SHOP)
    assert form.fields._appid.isReadOnly()
    assert form.secret.text() == ""
    form.type_into(form.fields._name, "Shop of shops")
    form.fields._platform.setCurrentIndex(form.fields._platform.findData(Platform.MINI_PROGRAM))
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert stage.accounts.known == (replace(SHOP, name="Shop of shops", platform=Platform.MINI_PROGRAM),)
    assert stage.secrets.stored[SHOP.appid] == Secret(SECRET)


def test_a_ticket_for_cards_that_is_ticked_is_fetched_and_domains_are_kept(
    open_form: OpenForm, stage: Stage
) -> None:
    stage.put_fresh(SHOP)
    form = open_form(SHOP)
    assert not form.fields._card_ticket.isChecked()
    form.fields._card_ticket.click()
    form.type_into(form.fields._js_domains, "WWW.example.com, shop.example.com")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    domains = ("www.example.com", "shop.example.com")
    assert stage.accounts.known == (replace(SHOP, card_ticket=True, js_domains=domains),)
    stage.settle(form.qtbot)
    assert [dict(request.query)["type"] for request in stage.transport.requests] == ["wx_card"]


def test_a_mistake_of_ours_is_said_and_the_dialog_goes_on(
    form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(form.stage.lanes, "_make_engine", broken)
    form.fill()
    form.test()
    assert form.said.startswith("Guard Dog made a mistake of its own.")
    assert form.save_button.isEnabled()
    form.dialog._voice.sentences = voice_of(form.stage, "zh_CN").sentences
    form.dialog.retranslate()
    assert form.said.startswith("Guard Dog 自己出了错。")


# -- leaving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("press", [Form.test, Form.save])
def test_closing_the_dialog_while_wechat_is_asked_does_no_harm(
    stage: Stage, voice: Voice, qtbot: QtBot, press: Callable[[Form], None]
) -> None:
    form = Form(AccountDialog(stage.controller, voice), stage, qtbot)
    form.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    form.dialog.open()
    form.stage.wechat.hanging.add(CAFE.appid)
    form.fill()
    (form.test_button if press is Form.test else form.save_button).click()
    with form.qtbot.waitSignal(form.dialog.destroyed):
        QTest.keyClick(form.dialog, Qt.Key.Key_Escape)
    form.stage.wechat.go_on()
    form.qtbot.waitUntil(lambda: bool(form.stage.jobs_done))
    form.qtbot.wait(50)
    assert form.stage.accounts.known == (SHOP,)


def test_a_dialog_hears_nothing_of_other_jobs(form: Form) -> None:
    form.fill()
    form.stage.controller.check(SHOP, None)
    form.qtbot.waitUntil(lambda: bool(form.stage.jobs_done))
    assert form.said == ""
    assert form.dialog._verdict is None


# -- the secret stays in --------------------------------------------------------------------------


def test_the_secret_is_shown_as_dots_to_eyes_and_to_screen_readers(form: Form) -> None:
    form.fill()
    assert form.secret.echoMode() is QLineEdit.EchoMode.Password
    assert SECRET not in form.secret.displayText()
    assert SECRET not in form.secret.accessibleName() + form.secret.accessibleDescription()
    assert form.secret.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData
    assert form.secret.inputMethodHints() & Qt.InputMethodHint.ImhNoPredictiveText


@pytest.mark.parametrize("key", [QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut])
def test_the_secret_cannot_be_copied_by_keys(form: Form, key: QKeySequence.StandardKey) -> None:
    form.fill()
    QGuiApplication.clipboard().setText("before")
    form.secret.setFocus()
    form.secret.selectAll()
    assert form.secret.hasSelectedText()
    QTest.keySequence(form.secret, QKeySequence(key))
    assert QGuiApplication.clipboard().text() == "before"


def test_the_name_can_be_copied_that_way_so_the_test_above_means_something(form: Form) -> None:
    form.fill()
    form.fields._name.setFocus()
    form.fields._name.selectAll()
    QTest.keySequence(form.fields._name, QKeySequence(QKeySequence.StandardKey.Copy))
    assert QGuiApplication.clipboard().text() == CAFE.name


def test_the_secret_field_has_no_menu(form: Form) -> None:
    form.fill()
    assert form.secret.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu


def test_the_secret_cannot_be_dragged_out(form: Form) -> None:
    assert not form.secret.dragEnabled()


def test_marking_the_secret_puts_it_into_no_selection(form: Form) -> None:
    form.fill()
    form.secret.selectAll()
    assert SECRET not in QGuiApplication.clipboard().text(QClipboard.Mode.Selection)


def test_no_label_button_or_title_ever_holds_the_secret(form: Form) -> None:
    form.stage.wechat.refuses = refusal(40125, f"invalid appsecret {SECRET}")
    form.fill()
    form.test()
    for widget in form.dialog.findChildren(QWidget):
        if widget is not form.secret:
            for name in ("text", "windowTitle", "toolTip", "accessibleName", "accessibleDescription"):
                read = getattr(widget, name, None)
                assert read is None or SECRET not in str(read())


# -- the folder ---------------------------------------------------------------------------------------


def test_what_the_chosen_folder_has_is_said_before_it_is_saved(
    open_form: OpenForm, stage: Stage, qtbot: QtBot
) -> None:
    record = TokenRecord("T1", 7200, int(NOW * 1000), "", 2)
    stage.folders["/srv/dogs"] = FoundFolder((FoundFile(TOKEN, record),), ("X.dog",))
    form = open_form(None)
    assert form.fields._found.isHidden()
    qtbot.waitUntil(form.dialog.isActiveWindow)  # else no field has or loses the focus

    form.type_into(form.fields._folder, "/srv/dogs")
    QTest.keyClick(form.fields._folder, Qt.Key.Key_Tab)
    qtbot.waitUntil(form.fields._found.isVisible)

    assert form.fields._found.text().startswith("Found ACCESS_TOKEN.dog, good until ")
    assert form.fields._found.text().endswith("left alone: X.dog.")
    form.type_into(form.fields._folder, "/srv/new")
    QTest.keyClick(form.fields._folder, Qt.Key.Key_Tab)
    qtbot.waitUntil(form.fields._found.isHidden)


def test_the_folder_that_an_account_has_already_is_not_news(open_form: OpenForm, stage: Stage) -> None:
    stage.folders["/srv/dogs"] = FoundFolder(others=("X.dog",))
    form = open_form(replace(SHOP, dog_dir="/srv/dogs"))
    form.fields.folder_chosen.emit()
    assert form.dialog._survey is None
    assert form.fields._found.isHidden()


def test_what_was_found_is_fresh_at_once_without_a_call(
    open_form: OpenForm, stage: Stage, qtbot: QtBot
) -> None:
    for kind in CAFE.kinds:
        stage.put(CAFE, kind, f"THEIRS-{kind}-" + "b" * 40, age=60)
    stage.controller.start()
    stage.settle(qtbot)
    form = open_form(None)
    form.fill()
    form.save()
    stage.settle(qtbot)
    assert form.is_saved
    assert [stage.key(CAFE, kind).state for kind in CAFE.kinds] == [State.FRESH, State.FRESH]
    assert stage.value(CAFE, TOKEN) == "THEIRS-ACCESS_TOKEN-" + "b" * 40
    asked = [dict(request.body or ()).get("appid") for request in stage.transport.requests]
    assert asked.count(CAFE.appid) == 1  # by the check
    assert stage.key(CAFE, TOKEN).foreign == 0


ALIVE = TokenRecord("T1", 7200, int(NOW * 1000), "", 2)


def choose(form: Form, folder: str) -> None:
    """Type a folder and leave the field."""
    form.fields._folder.setText(folder)
    form.fields.folder_chosen.emit()
    form.qtbot.waitUntil(lambda: form.dialog._survey is None)


@pytest.mark.parametrize("press", [Form.test, Form.save])
def test_a_relative_folder_is_refused_with_words(form: Form, press: Callable[[Form], None]) -> None:
    form.fill()
    choose(form, "dogs")
    press(form)
    assert "Give a full path" in form.said
    assert form.stage.transport.requests == []


def test_the_home_is_spelled_out(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, "/home/me")
    form.fill()
    form.type_into(form.fields._folder, "~/dogs")
    assert form.fields.account().dog_dir == "/home/me/dogs"
    choose(form, "~/dogs")
    assert form.fields._folder.text() == "/home/me/dogs"
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert form.stage.accounts.known[1].dog_dir == "/home/me/dogs"


def test_enter_in_the_folder_shows_what_is_there_and_a_second_one_saves(form: Form, stage: Stage) -> None:
    stage.folders["/srv/dogs"] = FoundFolder((FoundFile(TOKEN, ALIVE),))
    form.fill()
    form.type_into(form.fields._folder, "/srv/dogs")
    QTest.keyClick(form.fields._folder, Qt.Key.Key_Return)
    form.qtbot.waitUntil(form.fields._found.isVisible)
    assert "then save once more" in form.said
    assert stage.accounts.known == (SHOP,)
    assert stage.transport.requests == []
    QTest.keyClick(form.fields._folder, Qt.Key.Key_Return)
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_on_a_low_screen_the_form_scrolls_to_what_was_found(form: Form, stage: Stage) -> None:
    stage.folders["/srv/dogs"] = FoundFolder(others=("X.dog",))
    large = form.dialog.font()
    large.setPixelSize(36)
    form.dialog.setFont(large)
    form.fill()
    form.type_into(form.fields._folder, "/srv/dogs")
    bar = form.dialog._area.verticalScrollBar()
    form.qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(0)
    form.save_button.click()

    def place() -> QRect:
        found, port = form.fields._found, form.dialog._area.viewport()
        return QRect(found.mapTo(port, QPoint(0, 0)), found.size())

    form.qtbot.waitUntil(form.fields._found.isVisible)
    assert "then save once more" in form.said
    form.qtbot.waitUntil(lambda: form.dialog._area.viewport().rect().contains(place()))


def test_where_the_folder_has_nothing_one_enter_is_enough(form: Form) -> None:
    form.fill()
    form.type_into(form.fields._folder, "/srv/new")
    QTest.keyClick(form.fields._folder, Qt.Key.Key_Return)
    form.qtbot.waitUntil(lambda: form.is_saved)


def test_the_folder_of_another_account_is_said_and_nothing_about_what_is_in_it(
    form: Form, stage: Stage
) -> None:
    theirs = stage.dogs.directory(SHOP)
    stage.folders[theirs] = FoundFolder((FoundFile(TOKEN, ALIVE),))
    form.fill()
    choose(form, theirs)
    assert form.said.startswith("Another account has its .dog files in this folder.")
    assert form.fields._found.isHidden()
    form.save()
    assert form.said.startswith("Another account has its .dog files in this folder.")
    assert stage.accounts.known == (SHOP,)
    choose(form, "/srv/dogs")
    assert form.said == "", "it is about another folder now"


def test_what_is_said_about_the_folder_goes_with_the_keys_of_the_account(form: Form, stage: Stage) -> None:
    stage.folders["/srv/dogs"] = FoundFolder((FoundFile(TICKET, ALIVE), FoundFile(CARD, ALIVE)))
    choose(form, "/srv/dogs")
    assert form.fields._found.text().endswith("left alone: CARD_TICKET.dog.")
    form.fields._card_ticket.click()
    assert "left alone" not in form.fields._found.text()
    form.fields._platform.setCurrentIndex(form.fields._platform.findData(Platform.MINI_PROGRAM))
    assert form.fields._found.text().endswith("left alone: CARD_TICKET.dog, JSAPI_TICKET.dog.")


def test_what_is_said_is_said_again_in_another_language(form: Form, stage: Stage) -> None:
    stage.folders["/srv/dogs"] = FoundFolder((FoundFile(TOKEN, ALIVE),))
    choose(form, "/srv/dogs")
    form.save()  # without an AppID
    assert form.said.startswith("This cannot be an AppID.")
    form.dialog._voice.sentences = voice_of(stage, "zh_CN").sentences
    form.dialog.retranslate()
    assert form.fields._found.text().startswith("发现 ACCESS_TOKEN.dog")
    assert form.said.startswith("这不是有效的 AppID")


def test_a_token_in_a_folder_chosen_after_the_test_is_looked_at_before_it_is_taken(
    form: Form, stage: Stage
) -> None:
    form.fill()
    form.test()
    choose(form, "/srv/dogs")
    assert form.said == ""
    dead = replace(CAFE, dog_dir="/srv/dogs")
    stage.put(dead, TOKEN, "DEAD-" + "d" * 40, age=60)
    usual = stage.transport.handler
    stage.transport.handler = lambda request: (
        refusal(40001) if request.path.endswith(ALIVE_CALL) else usual(request)
    )
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    record = stage.dogs.read(dead, TOKEN)
    assert record is not None
    assert record.value.startswith("TOKEN-")


def test_an_account_that_moves_is_tried_with_its_stored_secret(open_form: OpenForm, stage: Stage) -> None:
    form = open_form(SHOP)
    choose(form, "/srv/dogs")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert stage.transport.paths[0] == "stable_token"


def test_a_folder_that_cannot_be_used_is_refused_with_the_reason(form: Form, stage: Stage) -> None:
    stage.dogs.unusable["/srv/dogs"] = "permission denied"
    form.fill()
    choose(form, "/srv/dogs")
    form.save()
    form.qtbot.waitUntil(lambda: "is not saved" in form.said)
    assert "/srv/dogs could not be read or written: permission denied" in form.said
    assert stage.accounts.known == (SHOP,)
    assert CAFE.appid not in stage.secrets.stored


# -- meanwhile ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("press", [Form.test, Form.save])
def test_an_account_that_is_there_already_is_not_replaced(
    form: Form, stage: Stage, press: Callable[[Form], None]
) -> None:
    stage.controller.read()
    form.fill(replace(SHOP, name="Again"), OTHER_SECRET)
    press(form)
    assert form.said.startswith("An account with this AppID is here already. Edit that one")
    assert stage.transport.requests == []
    assert stage.accounts.known == (SHOP,)


def test_nor_is_one_that_was_added_while_the_form_was_filled_in(form: Form, stage: Stage) -> None:
    form.fill()
    form.test()
    stage.accounts.change(lambda known: (*known, CAFE))  # by guarddogctl, and nobody has looked yet
    form.save()
    form.qtbot.waitUntil(lambda: "is here already" in form.said)
    assert form.dialog.isVisible()


def test_an_account_that_was_removed_meanwhile_does_not_come_back(open_form: OpenForm, stage: Stage) -> None:
    form = open_form(SHOP)
    stage.accounts.change(lambda _: ())
    form.type_into(form.fields._name, "Renamed")
    form.save()
    form.qtbot.waitUntil(lambda: form.said.startswith("This account has been removed meanwhile."))
    assert stage.accounts.known == ()


def test_what_was_changed_elsewhere_meanwhile_is_not_undone(open_form: OpenForm, stage: Stage) -> None:
    form = open_form(SHOP)
    elsewhere = replace(SHOP, ahead=60, outlets=(Outlet(OutletForm.ENV, "/srv/.env"),))
    stage.accounts.change(lambda _: (elsewhere,))
    form.type_into(form.fields._name, "Renamed")
    form.save()
    form.qtbot.waitUntil(lambda: form.is_saved)
    assert stage.accounts.known == (replace(elsewhere, name="Renamed"),)


def test_a_refusal_goes_once_something_else_is_typed(form: Form) -> None:
    form.fill()
    form.type_into(form.fields._js_domains, "https://a.cn")
    form.save()
    assert form.said.startswith("A JS-safe domain")
    form.type_into(form.fields._js_domains, "a.cn")
    assert form.said == ""


def test_and_a_verdict_comes_back_in_its_place(form: Form) -> None:
    form.fill()
    form.test()
    form.type_into(form.fields._js_domains, "https://a.cn")
    form.save()
    form.type_into(form.fields._js_domains, "a.cn")
    assert form.said == "AppID and AppSecret work."


# -- the size and the colours -------------------------------------------------------------------------


def long_reports(number: int) -> tuple[OutletReport, ...]:
    paths = [f"/srv/www/shop.example.com/releases/current/{n}" for n in range(number)]
    failed = OutletTrouble(OutletFault.FILE, "/srv/www/shop.example.com/current/.env: no such file or folder")
    return tuple(OutletReport(Outlet(OutletForm.ENV, path), NOW, trouble=failed) for path in paths)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_whatever_it_says_it_fits_on_the_screen_with_its_buttons(
    stage: Stage, qtbot: QtBot, language: str
) -> None:
    dialog = AccountDialog(stage.controller, voice_of(stage, language), SHOP)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.resize(dialog.minimumWidth(), dialog.height())
    low = dialog.height()
    dialog._form._outlets._reports = list(long_reports(3))
    dialog._form._outlets.retranslate()
    qtbot.waitUntil(lambda: dialog.height() > low)
    tall = FoundFolder(others=tuple("far-too-long-a-name-for-a-file" * 7 + str(n) for n in range(5)))
    stage.folders["/srv/dogs"] = tall
    dialog._form._folder.setText("/srv/dogs")
    dialog._form.folder_chosen.emit()
    qtbot.waitUntil(dialog._form._found.isVisible)
    trouble = FileTrouble("/srv/www/shop.example.com/releases/current/" * 9, "permission denied")
    dialog._said.say(lambda: dialog._voice.sentences.file_trouble(trouble), State.FAILED)
    screen = dialog.screen().availableGeometry()

    def place(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(dialog, QPoint(0, 0)), widget.size())

    def is_whole() -> bool:
        said = [place(label) for label in (dialog._said._what, dialog._said._todo) if label.isVisible()]
        foot = [place(dialog._test), place(dialog._buttons)]
        no_overlap = all(low.bottom() < place(dialog._buttons).top() for low in said)
        top = min(shown.top() for shown in said + foot)
        bottom = max(shown.bottom() for shown in said + foot)
        return no_overlap and top > 0 and bottom < dialog.height() <= screen.height()

    qtbot.waitUntil(lambda: dialog.height() > 600 and is_whole())
    dialog._form._folder.setText("")
    dialog._form._outlets._reports = []
    dialog._form._outlets.retranslate()
    dialog._form._outlets.edited.emit()
    qtbot.waitUntil(lambda: dialog.height() <= low and is_whole())


def test_while_a_person_types_the_buttons_stay_where_they_are(form: Form, stage: Stage) -> None:
    stage.wechat.refuses = refusal(40125)  # with more to say than that all is well
    form.fill()
    low = form.dialog.height()
    form.test()
    form.qtbot.waitUntil(lambda: form.dialog.height() > low)
    tall, place = form.dialog.height(), form.test_button.mapToGlobal(QPoint(0, 0))
    form.type_into(form.secret, OTHER_SECRET)
    form.type_into(form.fields._name, "Corner")
    form.qtbot.waitUntil(lambda: not form.dialog._said.isVisible())
    QApplication.processEvents()
    assert (form.dialog.height(), form.test_button.mapToGlobal(QPoint(0, 0))) == (tall, place)
    stage.wechat.refuses = None
    form.test()
    form.qtbot.waitUntil(lambda: form.dialog.height() < tall)


def test_what_grows_beyond_the_lower_edge_of_the_screen_moves_up(
    stage: Stage, voice: Voice, qtbot: QtBot
) -> None:
    dialog = AccountDialog(stage.controller, voice, SHOP)
    qtbot.addWidget(dialog)
    dialog.show()
    bottom = dialog.screen().availableGeometry().bottom()
    dialog.move(0, bottom - dialog.height() - 10)
    low = dialog.height()
    dialog._form._outlets._reports = list(long_reports(3))
    dialog._form._outlets.retranslate()
    qtbot.waitUntil(lambda: dialog.height() > low + 10)
    qtbot.waitUntil(lambda: dialog.frameGeometry().bottom() <= bottom)


def test_one_that_a_person_has_dragged_larger_stays_so_and_its_list_grows(
    stage: Stage, voice: Voice, qtbot: QtBot
) -> None:
    dialog = AccountDialog(stage.controller, voice, SHOP)
    qtbot.addWidget(dialog)
    dialog._form._outlets._reports = list(long_reports(3))
    dialog._form._outlets.retranslate()
    dialog.show()
    qtbot.waitExposed(dialog)
    before = dialog._form._outlets._list.height()
    dialog.resize(600, dialog.height() + 100)
    qtbot.waitUntil(lambda: dialog._form._outlets._list.height() >= before + 90)
    height = dialog.height()
    dialog._form._outlets._reports = []
    dialog._form._outlets.retranslate()
    qtbot.waitUntil(lambda: not dialog._form._outlets._list.isVisible())
    assert dialog.height() == height


def test_a_verdict_keeps_its_contrast_when_the_theme_changes(form: Form, stage: Stage) -> None:
    stage.wechat.refuses = refusal(40125)
    form.fill()
    form.test()
    colours = []
    for theme in (Theme.DARK, Theme.LIGHT):
        form.dialog.setPalette(palette_of(theme))
        colours.append(form.dialog._said._what.palette().windowText().color().name())
    assert colours == ["#ff7b72", "#cf222e"]
